import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import t from 'tap';
import { startService } from './harness.ts';

const { app, api } = await startService(t);

t.test('answers and errors are no pages, scripts or frames to a browser', async (t) => {
  for (const path of ['/v1/corpora', '/v1/corpora/none', '/nowhere', '/healthz', '/openapi.json']) {
    const { headers } = await api.get(path);
    t.match(
      headers,
      {
        'content-security-policy': /default-src 'none'/,
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      },
      path,
    );
  }
});

t.test('the documentation takes scripts from this server alone', async (t) => {
  for (const path of ['/docs/', '/docs/static/swagger-ui-bundle.js']) {
    const { headers } = await api.get(path);
    t.match(headers, {
      'content-security-policy': /default-src 'self'/,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    t.notMatch(headers['content-security-policy'], /script-src|upgrade-insecure/);
    t.equal(headers['strict-transport-security'], undefined);
  }
});

t.test('a request keeps the id that it brings', async (t) => {
  for (const id of [
    'it-1',
    '6f2a1d4e-0c55-4f9f-9c2a-0f0d8a5b7c11',
    'Root=1-67891233-abc/x:y+z@w',
    'a'.repeat(128),
  ]) {
    const { headers } = await app.inject({ url: '/healthz', headers: { 'x-request-id': id } });
    t.equal(headers['x-request-id'], id);
  }
});

t.test('but not one that is long or could be taken for something else in a log', async (t) => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      'a\r\nset-cookie: b',
      'a\u0007',
      'a"b',
      '{"a":1}',
      'é',
      '<script>',
      'a'.repeat(129),
    ),
    fc.string({ minLength: 1, maxLength: 20 }).filter((id) => !/^[\w.:/+=@-]+$/.test(id)),
    fc.stringMatching(/^a{129,3000}$/),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async (id) => {
      const { headers } = await app.inject({ url: '/healthz', headers: { 'x-request-id': id } });
      t.match(headers['x-request-id'], /^[0-9a-f]{24}-[1-9]\d*$/, JSON.stringify(id));
    }),
  );
});

t.test('an id that the service makes is unlike those of other requests and other processes', async (t) => {
  const idOf = async () => String((await app.inject({ url: '/healthz' })).headers['x-request-id']);
  const [first, second] = [await idOf(), await idOf()];
  t.not(first, second);
  const module = JSON.stringify(new URL('../../src/http/request-id.ts', import.meta.url).href);
  const script = `import { newRequestId } from ${module}; process.stdout.write(newRequestId());`;
  const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  const processOf = (id: string) => id.split('-')[0];
  t.equal(processOf(first), processOf(second));
  t.not(processOf(elsewhere), processOf(first));
});
