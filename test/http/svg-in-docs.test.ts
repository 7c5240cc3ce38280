import { runInNewContext } from 'node:vm';
import t from 'tap';
import { svgInDocs } from '../../src/http/svg-in-docs.ts';
import { startService } from './harness.ts';

interface Element {
  type: unknown;
  props: Record<string, unknown>;
}
type Component = (props: Record<string, unknown>) => Element;

/** How Swagger UI shows a body once the script has run, where it shows others by a component of its own. */
function responseBody(): { body: Component; own: Component; plugins: unknown[] } {
  const plugins: unknown[] = [];
  const own: Component = (props) => ({ type: 'own', props });
  const window = {
    SwaggerUIBundle: (config: { plugins: unknown[] }) => {
      plugins.push(...config.plugins);
    },
  };
  runInNewContext(svgInDocs, { window });
  window.SwaggerUIBundle({ plugins: ['download'] });
  const React = { createElement: (type: unknown, props: Element['props']) => ({ type, props }) };
  const pictures = plugins[1] as (system: object) => {
    wrapComponents: { responseBody: (own: Component) => Component };
  };
  return { body: pictures({ React }).wrapComponents.responseBody(own), own, plugins };
}

t.test('Swagger UI shows an answer in SVG as a picture, and all others as before', async (t) => {
  const { body, own, plugins } = responseBody();
  t.equal(plugins[0], 'download', 'its own plugins stay');
  const { type, props } = body({ contentType: 'image/svg+xml; charset=utf-8', content: '<svg>é#</svg>' });
  t.equal(type, 'img');
  t.equal(props.src, 'data:image/svg+xml,%3Csvg%3E%C3%A9%23%3C%2Fsvg%3E');
  for (const contentType of ['application/json', 'image/png', undefined]) {
    const props = { contentType, content: '<svg></svg>' };
    t.same(body(props), { type: own, props });
  }
});

t.test(
  'the page of the documentation runs it before it starts Swagger UI, and may show such pictures',
  async (t) => {
    const { api } = await startService(t);
    const page = await api.get('/docs/');
    t.match(page.text, /theme\/ngramd\.js/);
    t.match(page.headers['content-security-policy'], /img-src 'self' data:/);
    t.match((await api.get('/docs/static/swagger-initializer.js')).text, /window\.onload/);
    const script = await api.get('/docs/static/theme/ngramd.js').buffer(true);
    t.match(script.headers['content-type'], /javascript/);
  },
);
