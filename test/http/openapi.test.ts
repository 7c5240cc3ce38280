import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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
      const { summary, responses, requestBody } = operation as Partial<Operation> & {
        summary?: string;
        responses: object;
      };
      t.ok(summary, `${method} ${path}`);
      const statuses = Object.keys(responses);
      t.ok(statuses.some((status) => status.startsWith('2')) && statuses.includes('400'), statuses.join());
      const forms = Object.entries(responses as Record<string, { $ref?: string }>)
        .filter(([status]) => Number(status) >= 400)
        .map(([, { $ref }]) => /OpenAiError$/.test($ref ?? ''));
      t.equal(new Set(forms).size, 1, `${method} ${path} has its errors in one form`);
      if (requestBody === undefined) continue;
      const missing = ['413', '415'].filter((status) => !statuses.includes(status));
      t.same(missing, [], `${method} ${path} may get a body that is too long, or of another type`);
    }
  }
});

/** Jobs have ids that nobody knows before. */
const exampleJob = '00000000-0000-4000-8000-000000000000';
const exampleBackup = '7-20261123T211420843Z';
const backupType = 'application/vnd.sqlite3';

interface Schema {
  $ref?: string;
  examples?: unknown[];
}

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string; required: boolean; example?: string }[];
  requestBody?: { content: Record<string, { example?: unknown; schema: Schema }> };
}

t.test('every operation can be tried with its example', async (t) => {
  // The upload that is under way stops sending for as long as the test takes.
  const { app, api, folder } = await startService(t, { IDLE_TIMEOUT_MS: '600000' });
  const { paths = {}, components } = app.swagger() as { paths?: object; components?: { schemas: object } };
  const schemas = components?.schemas as Record<string, Schema>;
  const resolve = (schema: Schema) =>
    schema.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1) as string];
  const all = Object.entries(paths).flatMap(([path, operations]) =>
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
  const underWay = request(`${app.listeningOrigin}/v1/corpora/slow`, { method: 'PUT' });
  underWay.on('error', () => {});
  underWay.write('the time');
  t.teardown(() => underWay.destroy());
  const jobs = async () => (await api.get('/v1/jobs')).body.items as { id: string; state: string }[];
  while ((await jobs()).length === 0) await setTimeout(5);
  const [{ id: slowJob }] = await jobs();
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
    const ended = (await jobs()).find(({ state }) => state === 'succeeded')?.id;
    const job = method === 'delete' ? slowJob : (ended ?? slowJob);
    const backup = (await api.get('/v1/backups?limit=1')).body.items[0]?.name;
    const existing = address.replace(exampleJob, job).replace(exampleBackup, backup);
    const query = exampleOf('query').filter(({ name }) => name !== 'sha256');
    const asked = api[method as 'get'](existing).query(
      Object.fromEntries(query.map(({ name, example }) => [name, example])),
    );
    const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    const example = body?.example ?? resolve(body?.schema ?? {}).examples?.[0];
    if (type === backupType) {
      // A file cannot be given as an example.
      const { file, sha256 } = (await api.get('/v1/backups?limit=1')).body.items[0];
      asked
        .query({ sha256, replace: true })
        .type(type)
        .send(readFileSync(join(folder, file)));
    } else if (type !== undefined) asked.type(type).send(example as object);
    const { status, text } = await asked;
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
