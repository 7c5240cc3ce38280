import { join } from 'node:path';
import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { RefusedBodies } from '../../../src/http/connection/refused-bodies.ts';
import { createConnections } from '../../../src/http/connection/server.ts';
import { cutOffIdleClients } from '../../../src/http/limits/idle-clients.ts';
import { startService } from '../harness.ts';
import { head, RawClient } from './raw-client.ts';

const idleTimeout = 600;

/** How a request can announce a body that never comes. */
const announcements: Record<string, Record<string, string>> = {
  'Content-Length: 1': { 'content-length': '1' },
  'Transfer-Encoding: chunked': { 'transfer-encoding': 'chunked' },
};

async function start(t: Test) {
  const service = await startService(t, { IDLE_TIMEOUT_MS: String(idleTimeout) });
  const { port } = service.app.server.address() as { port: number };
  await service.api.put('/v1/corpora/book').type('text/plain').send('the time machine');
  t.equal(
    (await service.api.put('/v1/corpora/book/documents/more').type('text/plain').send('a')).status,
    201,
  );
  return { ...service, port };
}

t.test('a DELETE whose body never comes gets 408 and deletes nothing', async (t) => {
  const { api, folder, port } = await start(t);
  const lock = new Database(join(folder, 'corpora', 'book.sqlite'));
  t.teardown(() => lock.close());
  const request = 'DELETE /v1/corpora/book/documents/more';
  for (const [name, announced] of Object.entries(announcements)) {
    lock.exec('BEGIN IMMEDIATE');
    const client = await new RawClient(t, port).send(head(request, announced));
    t.match(await client.answer(), { status: 408, body: { type: '/problems#request-timeout' } }, name);
    t.equal(await client.rest(), '', 'and the connection is closed');
    lock.exec('ROLLBACK');
    t.equal((await api.get('/v1/corpora/book/documents/more')).status, 200);
  }
  const large = await new RawClient(t, port).send(head(request, { 'content-length': 2 ** 25 }));
  t.match(await large.answer(), { status: 413, body: { detail: /takes no body/ } });
  const whole = await new RawClient(t, port).send(head(request, { 'content-length': 1 }), 'x');
  t.equal((await whole.answer()).status, 204, 'nothing is made of a body that came');
});

t.test('events of a job are broken off where the body of the question never comes', async (t) => {
  const { api, folder, port } = await start(t);
  const lock = new Database(join(folder, 'corpora', 'book.sqlite'));
  t.teardown(() => lock.close());
  lock.exec('BEGIN IMMEDIATE');
  const upload = api.put('/v1/corpora/book/documents/held').type('text/plain').send('a');
  const answered = upload.then(({ status }) => status);
  let held: { id: string; state: string } | undefined;
  while (held === undefined) {
    const jobs: { id: string; state: string }[] = (await api.get('/v1/jobs')).body.items;
    held = jobs.find(({ state }) => state === 'counting' || state === 'waiting');
  }
  for (const announced of Object.values(announcements)) {
    const client = await new RawClient(t, port).send(head(`GET /v1/jobs/${held.id}/events`, announced));
    t.match(await client.rest(), /^HTTP\/1.1 200 [\s\S]*event: progress/);
  }
  lock.exec('ROLLBACK');
  t.equal(await answered, 201, 'the service and the upload go on');
});

t.test('whatever announces a body that never comes is answered, and the service goes on', async (t) => {
  const { api, port } = await start(t);
  const requests = [
    ['GET', '/v1/corpora'],
    ['GET', '/v1/corpora/book/probability?word=time'],
    ['GET', '/v1/corpora/book/arpa'],
    ['GET', '/v1/corpora/book/batches?batch_size=1&num_steps=1'],
    ['GET', '/v1/corpora/book/zipf'],
    ['HEAD', '/v1/corpora/book'],
    ['OPTIONS', '/v1/corpora/book'],
    ['POST', '/v1/corpora/book/generate'],
    ['POST', '/v1/corpora/book/probabilities'],
    ['POST', '/v1/corpora/book/score'],
    ['POST', '/v1/corpora/book/backups'],
    ['POST', '/v1/backups'],
    ['GET', '/v1/corpora/book/backups'],
    ['POST', '/v1/corpora/book/backups/1-20260101T000000000Z/restore'],
    ['PUT', '/v1/corpora/new'],
    ['DELETE', '/v1/corpora/none'],
    ['DELETE', '/v1/jobs/00000000-0000-4000-8000-000000000000'],
    ['PATCH', '/v1/corpora/book'],
    ['TRACE', '/v1/corpora/book'],
    ['GET', '/nowhere'],
    ['POST', '/nowhere'],
    ['GET', '/v1/corpora/%E9'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/problems'],
    ['GET', '/metrics'],
    ['GET', '/docs/'],
    ['GET', '/docs/static/index.html'],
    ['GET', '/openapi.json'],
  ];
  const tried = requests.flatMap(([method, path]) =>
    Object.values(announcements).map(async (announced) => {
      const headers = { 'content-type': 'application/json', ...announced };
      const client = await new RawClient(t, port).send(head(`${method} ${path}`, headers));
      const answer = await client.rest();
      t.match(answer, /^HTTP\/1.1 [234]\d\d /, `${method} ${path} ${Object.keys(announced)}`);
      const reads = ['POST', 'PUT', 'DELETE'].includes(method) && path.startsWith('/v1');
      if (reads) t.match(answer, /^HTTP\/1.1 408 [\s\S]*application\/problem\+json/, `${method} ${path}`);
    }),
  );
  await Promise.all(tried);
  t.equal((await api.get('/healthz')).status, 200);
});

t.test('a handler that is still at work is not waited for by a client that sends no body', async (t) => {
  const bodies = new RefusedBodies(idleTimeout);
  const app = Fastify({
    serverFactory: (handle) =>
      createConnections(handle, bodies, {
        headersTimeout: idleTimeout,
        keepAliveTimeout: 60_000,
        readAheadBytes: 2 ** 14,
      }),
  });
  t.teardown(() => app.close());
  cutOffIdleClients(app, idleTimeout);
  let release = () => {};
  const handled: Promise<unknown>[] = [];
  const handlers: Record<string, () => unknown> = {
    '/value': () => 'late',
    '/error': () => Promise.reject(new Error('late')),
    '/stream': () => Readable.from(['late']),
    '/nothing': () => undefined,
  };
  for (const [path, answer] of Object.entries(handlers)) {
    app.get(path, () => {
      const late = new Promise<void>((resolve) => {
        release = resolve;
      }).then(answer);
      handled.push(late);
      return late;
    });
  }
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  for (const path of Object.keys(handlers)) {
    const client = await new RawClient(t, port).send(head(`GET ${path}`, { 'content-length': 1 }));
    const answer = await client.answer();
    t.match(answer, { status: 408, headers: { connection: 'close' } }, path);
    t.equal(answer.body.instance, answer.headers['x-request-id']);
    release();
    t.equal(await client.rest(), '', 'and nothing else comes');
  }
  const ended = await Promise.allSettled(handled);
  t.equal(ended.length, 4, 'nothing is thrown when the handlers have ended');
});
