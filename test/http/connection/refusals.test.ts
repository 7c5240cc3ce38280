import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { RefusedBodies } from '../../../src/http/connection/refused-bodies.ts';
import { createConnections } from '../../../src/http/connection/server.ts';
import { startService } from '../harness.ts';
import { chunked, head, RawClient } from './raw-client.ts';

const writer = { 'x-api-key': 'a-key-that-may-write' };
const reader = { 'x-api-key': 'a-key-that-may-read' };
const API_KEYS = `w:${writer['x-api-key']}:write,r:${reader['x-api-key']}:read`;

/** More than the system holds for a connection that nobody reads. */
const pieces = Array.from({ length: 192 }, () => Buffer.alloc(2 ** 16, 'the time machine '));
const length = 192 * 2 ** 16;

async function start(t: Test, settings: Record<string, string>) {
  const { app, api } = await startService(t, { API_KEYS, ...settings });
  return { api, port: (app.server.address() as { port: number }).port };
}

/** Asks with a large body, by a client that sends all of it before it reads, in all the ways in which it can come. */
async function refused(
  t: Test,
  port: number,
  line: string,
  headers: Record<string, string>,
  status: number,
  type?: string,
) {
  const ways: Record<string, [Record<string, string | number>, (string | Uint8Array)[]]> = {
    'with its length': [{ ...headers, 'content-length': length }, pieces],
    'with its length, closing': [{ ...headers, 'content-length': length, connection: 'close' }, pieces],
    'in chunks': [{ ...headers, 'transfer-encoding': 'chunked' }, chunked(pieces)],
    'in chunks, closing': [
      { ...headers, 'transfer-encoding': 'chunked', connection: 'close' },
      chunked(pieces),
    ],
    'without waiting for 100': [{ ...headers, 'content-length': length, expect: '100-continue' }, pieces],
  };
  for (const [way, [more, body]] of Object.entries(ways)) {
    await t.test(way, async (t) => {
      const client = await new RawClient(t, port).send(head(line, more), ...body);
      let answer = await client.answer();
      if (answer.status === 100) answer = await client.answer();
      t.equal(answer.status, status);
      t.match(answer.headers['content-type'], /^application\/problem\+json/);
      t.equal(answer.body.status, status);
      if (type !== undefined) t.equal(answer.body.type, `/problems#${type}`);
      if (answer.headers.connection === 'close') t.equal(await client.rest(), '', 'and is closed');
      else {
        await client.send(head('GET /healthz'));
        t.match(await client.answer(), { status: 200, body: { status: 'ok' } }, 'and goes on');
      }
    });
  }
}

const text = { 'content-type': 'text/plain', ...writer };
const put = 'PUT /v1/corpora/new';

t.test('a refusal reaches a client that sends everything before it reads', async (t) => {
  const { api, port } = await start(t, {});
  t.equal((await api.put('/v1/corpora/book').set(text).send('the time machine')).status, 201);
  const cases: Record<string, [string, Record<string, string>, number, string]> = {
    'a wrong content type': [put, { ...text, 'content-type': 'image/png' }, 415, 'unsupported-media-type'],
    'no content type at all': [put, { ...text, 'content-type': ';' }, 415, 'unsupported-media-type'],
    'a wrong encoding': [put, { ...text, 'content-encoding': 'br' }, 415, 'unsupported-media-type'],
    'what is no gzip': [put, { ...text, 'content-encoding': 'gzip' }, 400, 'invalid-text'],
    'no key': [put, { 'content-type': 'text/plain' }, 401, 'unauthorized'],
    'a wrong key': [put, { ...text, 'x-api-key': 'a-key-of-nobody' }, 401, 'unauthorized'],
    'a key that may not': [put, { ...text, ...reader }, 403, 'forbidden'],
    'an unknown route': ['PUT /v2/corpora/new', text, 404, 'not-found'],
    'an unknown route, JSON': ['POST /v2', { 'content-type': 'application/json' }, 404, 'not-found'],
    'a route that takes no body': ['POST /healthz', text, 405, 'method-not-allowed'],
    'a path that cannot be read': ['PUT /v1/corpora/%E9', text, 400, 'invalid-request'],
    'a wrong setting': ['PUT /v1/corpora/new?order=9', text, 400, 'invalid-request'],
    'a name that is taken': ['POST /v1/corpora?name=book', text, 409, 'corpus-exists'],
    'a corpus that is not there': ['POST /v1/corpora/none/documents', text, 404, 'corpus-not-found'],
  };
  for (const [name, [line, headers, status, type]] of Object.entries(cases)) {
    await t.test(name, (t) => refused(t, port, line, headers, status, type));
  }
});

t.test('one that is too large', async (t) => {
  const { port } = await start(t, { MAX_UPLOAD_BYTES: '100000' });
  await refused(t, port, put, text, 413, 'content-too-large');
  await t.test('as JSON', (t) =>
    refused(t, port, put, { ...text, 'content-type': 'application/json' }, 413, 'content-too-large'),
  );
});

t.test('one too many in a minute', async (t) => {
  const { api, port } = await start(t, { RATE_LIMIT: '1' });
  await api.get('/v1/corpora').set(writer);
  // What is asked afterwards over the same connection is not counted.
  await refused(t, port, put, text, 429, 'too-many-requests');
});

t.test('one that is too much at once', async (t) => {
  const { api, port } = await start(t, { MAX_INGESTS: '1' });
  const other = await new RawClient(t, port).send(
    head('PUT /v1/corpora/other', { ...text, 'content-length': 9 }),
  );
  const jobs = async () => (await api.get('/v1/jobs').set(reader)).body.items;
  while ((await jobs()).length === 0) await setTimeout(5);
  await refused(t, port, put, text, 503, 'unavailable');
  await other.send('the times');
  t.equal((await other.answer()).status, 201);
});

t.test('one corpus too many', async (t) => {
  const { port } = await start(t, { MAX_CORPORA: '0' });
  await refused(t, port, put, text, 507, 'too-many-corpora');
});

t.test('one while the service is overloaded', async (t) => {
  const { api, port } = await start(t, { MAX_RSS_BYTES: '1' });
  while ((await api.get('/v1/corpora').set(writer)).status !== 503) await setTimeout(50);
  await refused(t, port, put, text, 503, 'unavailable');
});

t.test('a body is skipped no longer than IDLE_TIMEOUT_MS after it has stopped', async (t) => {
  const { port } = await start(t, { IDLE_TIMEOUT_MS: '500' });
  for (const connection of ['keep-alive', 'close']) {
    const begin = head('PUT /v2', { 'content-length': length, connection });
    const client = await new RawClient(t, port).send(begin, pieces[0]);
    t.equal((await client.answer()).status, 404);
    t.equal(await client.rest(), '', `the connection is closed: ${connection}`);
  }
});

t.test('nobody can go on sending for ever behind a refusal', async (t) => {
  const refusing = async (bodies: RefusedBodies) => {
    const answerAll = (_: unknown, response: ServerResponse) =>
      response.writeHead(404, { 'content-length': 0 }).end();
    const settings = { headersTimeout: 60_000, keepAliveTimeout: 60_000, readAheadBytes: 2 ** 16 };
    const server = createConnections(answerAll, bodies, settings);
    t.teardown(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    return (connection: string) =>
      new RawClient(t, port).send(head('PUT /', { 'content-length': 2 ** 40, connection }), 'the ');
  };
  const much = await refusing(new RefusedBodies(60_000, 2 ** 20));
  const long = await refusing(new RefusedBodies(200));
  for (const connection of ['keep-alive', 'close']) {
    const large = await much(connection);
    t.equal((await large.answer()).status, 404);
    while (!large.isClosed) {
      await large.send(...pieces.slice(0, 8)).catch(() => {});
      await setTimeout(10);
    }
    const slow = await long(connection);
    t.equal((await slow.answer()).status, 404);
    while (!slow.isClosed) {
      await slow.send('time ').catch(() => {});
      await setTimeout(20);
    }
  }
  t.pass('all are cut off');
});

t.test('what comes behind a refused request that closes the connection is not begun', async (t) => {
  const { api, port } = await start(t, {});
  t.equal((await api.put('/v1/corpora/book').set(text).send('the time machine')).status, 201);
  const key = 'x-api-key: a-key-that-may-write\r\n';
  const client = await new RawClient(t, port).send(
    head('PUT /v2', { 'content-length': 9, connection: 'close' }),
    'the ',
  );
  t.equal((await client.answer()).status, 404);
  await client.send(
    `times${head('POST /v1/corpora/book/documents', { 'content-length': 3 }).replace('\r\n', `\r\n${key}`)}the`,
  );
  await client.rest();
  t.match((await api.get('/v1/corpora/book').set(reader)).body, { documents: 1 });
});

t.test('the service stops while bodies are being skipped', async (t) => {
  const { app } = await startService(t, {});
  const { port } = app.server.address() as { port: number };
  const client = await new RawClient(t, port).send(head('PUT /v2', { 'content-length': length }), pieces[0]);
  t.equal((await client.answer()).status, 404);
  const closed = once(app.server, 'close');
  await Promise.all([app.close(), client.rest(), closed]);
  t.pass('at once');
});
