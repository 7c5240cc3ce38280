import { readFileSync } from 'node:fs';
import t from 'tap';
import { startService } from './harness.ts';

t.test('the OpenAPI document that is checked in is the one that is served', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.get('/openapi.json');
  t.equal(body.openapi, '3.1.0');
  t.same(body, JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')));
});

t.test('every operation has a summary, an answer and its errors', async (t) => {
  const { app } = await startService(t);
  for (const [path, operations] of Object.entries(app.swagger().paths ?? {})) {
    for (const [method, operation] of Object.entries(operations as Record<string, never>)) {
      const { summary, responses } = operation as { summary?: string; responses: object };
      t.ok(summary, `${method} ${path}`);
      const statuses = Object.keys(responses);
      t.ok(statuses.some((status) => status.startsWith('2')) && statuses.includes('400'), statuses.join());
    }
  }
});

t.test('Swagger UI is at /docs, and every problem type leads to its explanation', async (t) => {
  const { api } = await startService(t);
  t.match((await api.get('/docs/')).text, /swagger-ui/);
  const { items } = (await api.get('/problems')).body;
  t.ok(items.some(({ type }: { type: string }) => type === '/problems#corpus-not-found'));
  t.same((await api.get('/healthz')).body, { status: 'ok' });
  t.same((await api.get('/readyz')).body, { status: 'ok' });
});
