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

t.test('GET /version and ngramd_build_info name the versions of the service and of Node.js', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.get('/version').expect(200);
  t.same(body, { name: 'ngramd', version, node: process.version });
  const { text } = await api.get('/metrics').expect(200);
  t.ok(text.includes(`ngramd_build_info{version="${version}",node="${process.version}"} 1`));
});
