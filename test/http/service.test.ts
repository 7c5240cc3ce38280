import t from 'tap';
import { version } from '../../src/product.ts';
import { startService } from './harness.ts';

t.test('GET / says what the service is, and each of its links exists', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.get('/').expect(200);
  t.match(body, { name: 'ngramd', version });
  for (const path of Object.values(body.links as Record<string, string>)) {
    const { status } = await api.get(path).redirects(1);
    t.equal(status, 200, path);
  }
});

t.test('a method that a route does not have is refused with 405 and the methods that it has', async (t) => {
  const { api } = await startService(t, { CORS_ORIGINS: '*' });
  for (const [method, path, allowed] of [
    ['post', '/v1/corpora/book/probability', 'GET, HEAD'],
    ['get', '/v1/corpora/book/score', 'POST'],
    ['delete', '/v1/corpora', 'GET, HEAD, POST'],
    ['patch', '/v1/corpora/book?order=2', 'DELETE, GET, HEAD, PUT'],
    ['put', '/', 'GET, HEAD'],
    ['post', '/healthz', 'GET, HEAD'],
  ] as const) {
    const { status, headers, body } = await api[method](path);
    t.equal(status, 405, path);
    t.equal(headers.allow, allowed, path);
    t.equal(body.type, '/problems#method-not-allowed');
    t.match(body.detail, `only ${allowed}.`);
  }
  t.match(await api.get('/docs/static/nothing.js'), { status: 404, body: { type: '/problems#not-found' } });
  for (const path of ['/v1/corpora/book/probabilit', '/v2', '/v1/corpora/a/b/c', '/v1/corpora/']) {
    t.equal((await api.post(path)).status, 404, path);
  }
});

t.test('GET /version and ngramd_build_info name the versions of the service and of Node.js', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.get('/version').expect(200);
  t.same(body, { name: 'ngramd', version, node: process.version });
  const { text } = await api.get('/metrics').expect(200);
  t.ok(text.includes(`ngramd_build_info{version="${version}",node="${process.version}"} 1`));
});
