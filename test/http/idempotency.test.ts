import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import { startService, temporaryFolder } from './harness.ts';
import { kill, startProcess } from './processes.ts';

t.test(
  'a document that comes again with its key is not counted twice, and is answered as before',
  async (t) => {
    const { api } = await startService(t);
    await api.post('/v1/corpora').send({ name: 'book' });
    const add = (key: string, text: string) =>
      api.post('/v1/corpora/book/documents').set('idempotency-key', key).send({ text });
    const first = await add('one', 'a b');
    t.equal(first.status, 201);
    t.notOk(first.headers['idempotent-replayed']);
    await add('two', 'a b').expect(201);
    const again = await add('one', 'a b');
    t.equal(again.status, 201);
    t.equal(again.headers['idempotent-replayed'], 'true');
    t.same(again.body, first.body);
    t.equal(again.headers.location, first.headers.location);
    t.match((await api.get('/v1/corpora/book')).body, { documents: 2, tokens: 4, version: 3 });
  },
);

t.test('a key with another text, or for another purpose, is refused and nothing is added', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').set('idempotency-key', 'k').send({ name: 'book', text: 'a b' });
  const refused = [
    await api.post('/v1/corpora/book/documents').set('idempotency-key', 'k').send({ text: 'a b' }),
    await api.post('/v1/corpora').set('idempotency-key', 'k').send({ name: 'book', text: 'a c' }),
    await api.post('/v1/corpora').set('idempotency-key', 'k').send({ name: 'book', text: 'a b', order: 2 }),
  ];
  for (const { status, body } of refused) {
    t.equal(status, 422);
    t.equal(body.type, '/problems#idempotency-key-reused');
    t.match(body.detail, /Idempotency-Key "k"/);
  }
  t.match((await api.get('/v1/corpora/book')).body, { documents: 1, tokens: 2, version: 1 });
});

t.test('a corpus that is created again with its key is answered as it was then', async (t) => {
  const { api } = await startService(t);
  const create = (key: string) =>
    api.post('/v1/corpora').set('idempotency-key', key).send({ name: 'book', text: 'a b' });
  const first = await create('k');
  t.equal(first.status, 201);
  await api.post('/v1/corpora/book/documents').send({ text: 'c' }).expect(201);
  const again = await create('k');
  t.equal(again.status, 201);
  t.equal(again.headers['idempotent-replayed'], 'true');
  t.same(again.body, first.body);
  t.equal((await create('another')).status, 409);
  await api.delete('/v1/corpora/book').expect(204);
  t.notOk((await create('k')).headers['idempotent-replayed'], 'keys go with their corpus');
});

t.test('a form with several files is added once', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const add = (...texts: string[]) =>
    texts.reduce(
      (form, text, i) => form.attach('file', Buffer.from(text), `${i}.txt`),
      api.post('/v1/corpora/book/documents').set('idempotency-key', 'k'),
    );
  const first = await add('a', 'b');
  t.same((await add('a', 'b')).body, first.body);
  t.equal((await add('b', 'a')).status, 422, 'in another order it is another request');
  t.equal((await add('a')).status, 422);
  t.match((await api.get('/v1/corpora/book')).body, { documents: 2, version: 2 });
});

t.test(
  'of requests with one key at the same time, one is counted and the others get its answer',
  async (t) => {
    const { api } = await startService(t);
    const atOnce = async (
      send: () => Promise<{ status: number; body: unknown; headers: Record<string, string> }>,
    ) => {
      const answers = await Promise.all([send(), send(), send(), send()]);
      t.same(
        answers.map(({ status }) => status),
        [201, 201, 201, 201],
      );
      for (const { body } of answers) t.same(body, answers[0].body);
      t.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1);
    };
    const text = 'a b c '.repeat(20_000);
    await atOnce(async () =>
      api.post('/v1/corpora').set('idempotency-key', 'k').send({ name: 'book', text }),
    );
    await atOnce(async () =>
      api.post('/v1/corpora/book/documents').set('idempotency-key', 'l').send({ text }),
    );
    t.match((await api.get('/v1/corpora/book')).body, { documents: 2, tokens: 120_000, version: 2 });
  },
);

t.test('a key is 1 to 255 printable characters', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const add = (key: string) =>
    api.post('/v1/corpora/book/documents').set('idempotency-key', key).send({ text: 'a' });
  for (const key of ['', 'k'.repeat(256), 'a\tb', 'é']) {
    const { status, body } = await add(key);
    t.equal(status, 400, JSON.stringify(key));
    t.match(body.errors, [{ pointer: '/headers/idempotency-key' }]);
  }
  for (const key of ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'k'.repeat(255), 'a b']) {
    t.equal((await add(key)).status, 201, key);
  }
});

t.test(
  'kill -9 after the commit and before the answer is read: asked again, it is not counted twice',
  async (t) => {
    t.setTimeout(120_000);
    const folder = temporaryFolder(t);
    const text = 'the time machine '.repeat(1000);
    let server = await startProcess(t, folder);
    await fetch(`${server.url}/v1/corpora/book`, { method: 'PUT', body: 'the time machine' });
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST /v1/corpora/book/documents HTTP/1.1\r\nhost: x\r\nidempotency-key: lost\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    );
    const file = new Database(join(folder, 'corpora', 'book.sqlite'));
    const documents = file.prepare('SELECT count(*) FROM documents').pluck();
    while (documents.get() === 1) await setTimeout(1);
    await kill(server.process, 'SIGKILL');
    file.close();
    socket.destroy();

    server = await startProcess(t, folder);
    const answer = await fetch(`${server.url}/v1/corpora/book/documents`, {
      method: 'POST',
      headers: { 'idempotency-key': 'lost', 'content-type': 'text/plain' },
      body: text,
    });
    t.equal(answer.status, 201);
    t.equal(answer.headers.get('idempotent-replayed'), 'true');
    t.match(await answer.json(), { id: '2', tokens: 3000, version: 2 });
    const corpus = await fetch(`${server.url}/v1/corpora/book`);
    t.match(await corpus.json(), { documents: 2, tokens: 3003, version: 2 });
    await kill(server.process, 'SIGTERM');
  },
);
