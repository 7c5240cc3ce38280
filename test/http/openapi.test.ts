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

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string; required: boolean; example?: string }[];
  requestBody?: { content: Record<string, { example?: unknown; schema: { examples?: unknown[] } }> };
}

t.test('every operation can be tried with its example', async (t) => {
  const { app, api } = await startService(t);
  const all = Object.entries(app.swagger().paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  );
  const creatingFirstDeletingLast = ({ method }: { method: string }) =>
    ['post', 'put', 'get', 'delete'].indexOf(method);
  const outsideIn = (a: { path: string }, b: { path: string }) => a.path.length - b.path.length;
  all.sort(
    (a, b) =>
      creatingFirstDeletingLast(a) - creatingFirstDeletingLast(b) ||
      (a.method === 'delete' ? outsideIn(b, a) : outsideIn(a, b)),
  );
  t.equal(all[0].operation.operationId, 'createCorpus');
  for (const { path, method, operation } of all) {
    const { operationId, parameters = [], requestBody } = operation;
    const exampleOf = (place: string) =>
      parameters.filter(({ in: where, example }) => where === place && example !== undefined);
    const missing = parameters.filter(({ required, example }) => required && example === undefined);
    t.same(missing, [], `${operationId} has an example for all that it requires`);
    const address = exampleOf('path').reduce(
      (address, { name, example }) => address.replace(`{${name}}`, `${example}`),
      path,
    );
    const request = api[method as 'get'](address).query(
      Object.fromEntries(exampleOf('query').map(({ name, example }) => [name, example])),
    );
    const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    if (type !== undefined) request.type(type).send((body?.example ?? body?.schema.examples?.[0]) as object);
    const { status, text } = await request;
    t.ok(status < 300, `${operationId}: ${status} ${status < 300 ? '' : text}`);
  }
});

t.test('Swagger UI is at /docs, and every problem type leads to its explanation', async (t) => {
  const { api } = await startService(t);
  t.match((await api.get('/docs/')).text, /swagger-ui/);
  const { items } = (await api.get('/problems')).body;
  t.ok(items.some(({ type }: { type: string }) => type === '/problems#corpus-not-found'));
  t.same((await api.get('/healthz')).body, { status: 'ok' });
});
