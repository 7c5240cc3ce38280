import t, { type Test } from 'tap';
import { startService } from '../harness.ts';
import { head, RawClient } from './raw-client.ts';

const key = { 'x-api-key': 'a-key-that-may-write' };

async function start(t: Test, settings: Record<string, string> = {}) {
  const { app, api } = await startService(t, settings);
  const { port } = app.server.address() as { port: number };
  return { api, open: () => new RawClient(t, port) };
}

t.test('an expectation that is not known gets 417, on every route, and the connection goes on', async (t) => {
  const { open } = await start(t);
  const client = open();
  for (const line of [
    'GET /healthz',
    'GET /v1/corpora',
    'DELETE /v1/corpora/none',
    'PUT /v1/corpora/new',
    'GET /docs/',
    'GET /nowhere',
  ]) {
    for (const expect of ['x', '200-ok', '']) {
      await client.send(head(line, { expect }));
      const answer = await client.answer();
      t.match(answer, {
        status: 417,
        headers: { 'content-type': /^application\/problem\+json/, 'x-request-id': /./ },
        body: {
          type: '/problems#expectation-failed',
          status: 417,
          detail: /100-continue/,
          errors: [{ pointer: '/headers/expect' }],
        },
      });
    }
  }
  const both = await open().send(head('GET /healthz', { expect: '100-continue, x' }));
  t.equal((await both.answer()).status, 417, 'nor one beside 100-continue');
  await client.send(head('PUT /v1/corpora/new', { expect: 'x', 'content-length': 3 }), 'the');
  t.equal((await client.answer()).status, 417, 'with a body');
  await client.send(head('GET /healthz'));
  t.equal((await client.answer()).status, 200);
});

t.test('a client that expects 100 is told to go on when somebody reads what it sends', async (t) => {
  const { api, open } = await start(t);
  for (const expect of ['100-continue', '100-Continue']) {
    const client = await open().send(head('PUT /v1/corpora/book', { expect, 'content-length': 4 }));
    t.equal((await client.answer()).status, 100);
    await client.send('time');
    t.match(await client.answer(), { status: /^20[01]$/, body: { tokens: 1 } });
    await client.send(head('GET /healthz'));
    t.equal((await client.answer()).status, 200, 'and the connection goes on');
  }
  const json = await open().send(
    head('POST /v1/corpora/book/score', {
      expect: '100-continue',
      'content-type': 'application/json',
      'content-length': 18,
    }),
  );
  t.equal((await json.answer()).status, 100, 'JSON');
  await json.send('{"texts":["time"]}');
  t.equal((await json.answer()).status, 200);
  t.equal((await api.get('/v1/corpora/book')).status, 200);
});

t.test('a refused client is not told to go on, and need not send its body', async (t) => {
  const { open } = await start(t, { API_KEYS: `w:${key['x-api-key']}:write` });
  const length = { expect: '100-continue', 'content-length': 10 ** 9, 'content-type': 'text/plain' };
  const cases: Record<string, [string, Record<string, string | number>, number]> = {
    'without a key': ['PUT /v1/corpora/new', length, 401],
    'to no route': ['PUT /nowhere', length, 404],
    'of a wrong type': ['PUT /v1/corpora/new', { ...length, ...key, 'content-type': 'image/png' }, 415],
    'with a wrong setting': ['PUT /v1/corpora/new?order=9', { ...length, ...key }, 400],
    'too large': ['PUT /v1/corpora/new', { ...length, ...key, 'content-length': 10 ** 12 }, 413],
  };
  for (const [name, [line, headers, status]] of Object.entries(cases)) {
    const client = await open().send(head(line, headers));
    const answer = await client.answer();
    t.equal(answer.status, status, name);
    t.equal(answer.headers.connection, 'close', 'since nobody can tell whether its body still comes');
    t.equal(await client.rest(), '', 'and is closed');
  }
});

t.test('a client of HTTP/1.0 has no expectations', async (t) => {
  const { open } = await start(t);
  const client = await open().send('GET /healthz HTTP/1.0\r\nexpect: x\r\n\r\n');
  t.match(await client.answer(), { status: 200 });
});
