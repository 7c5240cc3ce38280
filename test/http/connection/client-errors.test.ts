import t, { type Test } from 'tap';
import { startService } from '../harness.ts';
import { head, RawClient } from './raw-client.ts';

async function start(t: Test, settings: Record<string, string> = {}) {
  const { app, api } = await startService(t, settings);
  await api.put('/v1/corpora/book').type('text/plain').send('the time machine');
  const { port } = app.server.address() as { port: number };
  return { api, open: () => new RawClient(t, port) };
}

const problemJson = { 'content-type': /^application\/problem\+json/ };

t.test('what is no HTTP/1.1 is answered with a problem, and the connection is closed', async (t) => {
  const { open } = await start(t);
  const cases: Record<string, [string, number, string]> = {
    'no request': ['garbage\r\n\r\n', 400, 'invalid-request'],
    'another version': ['GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n', 400, 'invalid-request'],
    'a header without a colon': [
      'GET /healthz HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n',
      400,
      'invalid-request',
    ],
    'headers that are too long': [head('GET /healthz', { x: 'a'.repeat(20_000) }), 431, 'headers-too-large'],
    'two lengths': [
      'PUT /v1/corpora/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na',
      400,
      'invalid-request',
    ],
    'a tunnel': ['CONNECT a.example:443 HTTP/1.1\r\nhost: a.example:443\r\n\r\n', 400, 'invalid-request'],
  };
  for (const [name, [bytes, status, type]] of Object.entries(cases)) {
    const client = await open().send(bytes);
    const answer = await client.answer();
    t.match(answer, { status, headers: problemJson, body: { type: `/problems#${type}`, status } }, name);
    t.equal(answer.headers.connection, 'close', name);
    t.equal(await client.rest(), '', name);
  }
});

t.test('it reaches a client that sends more before it reads', async (t) => {
  const { open } = await start(t);
  const more = Array.from({ length: 128 }, () => Buffer.alloc(2 ** 16, 'more '));
  for (const bytes of [head('GET /healthz', { x: 'a'.repeat(20_000) }), 'garbage\r\n\r\n']) {
    const client = await open().send(bytes, ...more);
    t.match(await client.answer(), { status: /^4/, headers: problemJson });
    t.equal(await client.rest(), '');
  }
});

t.test('a request without a host is answered with a problem', async (t) => {
  const { open } = await start(t);
  const client = await open().send('GET /healthz HTTP/1.1\r\n\r\n');
  t.match(await client.answer(), {
    status: 400,
    headers: problemJson,
    body: { detail: /Host/, errors: [{ pointer: '/headers/host' }] },
  });
  await client.send('GET /healthz HTTP/1.0\r\n\r\n');
  t.equal((await client.answer()).status, 200, 'one of HTTP/1.0 needs none');
});

t.test('a wish for another protocol is passed over', async (t) => {
  const { open } = await start(t);
  for (const upgrade of ['websocket', 'h2c']) {
    const client = await open().send(head('GET /healthz', { connection: 'upgrade', upgrade }));
    t.equal((await client.answer()).status, 200);
  }
});

t.test('a body that breaks the rules is refused by who reads it', async (t) => {
  const { api, open } = await start(t);
  const chunks = { 'transfer-encoding': 'chunked' };
  for (const [line, headers] of [
    ['PUT /v1/corpora/new', {}],
    ['PUT /v1/corpora/new', { 'content-type': 'application/json' }],
    ['POST /v1/corpora/book/documents', { 'content-type': 'multipart/form-data; boundary=X' }],
    ['POST /v1/corpora/book/score?summary=true', {}],
    ['POST /v1/corpora/book/tune', {}],
    ['DELETE /v1/corpora/book', {}],
  ] as const) {
    const broken = await open().send(head(line, { ...headers, ...chunks }), '3\r\nthe\r\n', 'zz\r\nno size');
    t.match(
      await broken.answer(),
      { status: 400, headers: problemJson, body: { detail: /Parse Error/ } },
      line,
    );
    t.equal(await broken.rest(), '', 'and nothing else comes');
    const cut = (await open().send(head(line, { ...headers, 'content-length': 900 }), 'the')).halfClose();
    t.match(await cut.answer(), { status: 400, body: { type: '/problems#upload-cut-off' } }, line);
    t.equal(await cut.rest(), '');
  }
  t.match((await api.get('/v1/corpora/book')).body, { documents: 1 });
  t.equal((await api.get('/v1/corpora/new')).status, 404);
});

t.test('garbage behind a request is answered after it', async (t) => {
  const { open } = await start(t);
  const client = await open().send(`${head('GET /v1/corpora/book')}garbage\r\n\r\n`);
  t.match(await client.answer(), { status: 200, body: { name: 'book' } });
  t.match(await client.answer(), { status: 400, headers: problemJson });
  t.equal(await client.rest(), '');
});

t.test('an answer that goes out already is broken off, and holds nothing that is not of it', async (t) => {
  const { open } = await start(t);
  const line = `${'the time '.repeat(20)}\n`.repeat(100);
  const client = await open().send(
    head('POST /v1/corpora/book/score', { 'transfer-encoding': 'chunked' }),
    `${line.length.toString(16)}\r\n${line}\r\n`,
  );
  t.match(await client.answer(), { status: 200, headers: { 'content-type': 'application/x-ndjson' } });
  const rest = await (await client.send('zz\r\nno size')).rest();
  t.notMatch(rest, /HTTP\/1.1/);
  t.notMatch(rest, /\r\n0\r\n\r\n$/, 'and does not look whole');
});
