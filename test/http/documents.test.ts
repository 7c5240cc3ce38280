import t from 'tap';
import { startService } from './harness.ts';

t.test('a document added is counted, and the version grows by one', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book', text: 'a b a', order: 2 });
  const { status, body, headers } = await api
    .post('/v1/corpora/book/documents')
    .type('text/plain')
    .send('a b c');
  t.equal(status, 201);
  t.equal(headers.location, '/v1/corpora/book/documents/2');
  t.same((await api.get(headers.location)).body, body);
  t.match(body, { id: '2', tokens: 3, bytes: 5, version: 2, sha256: /^[0-9a-f]{64}$/ });
  const corpus = (await api.get('/v1/corpora/book')).body;
  t.match(corpus, {
    version: 2,
    documents: 2,
    tokens: 6,
    ngrams: [{ distinct: 3 }, { distinct: 3, total: 4 }],
  });
  const { items } = (await api.get('/v1/corpora/book/ngrams?order=2')).body;
  t.same(items[0], { rank: 1, ngram: ['a', 'b'], count: 2 });
});

t.test('PUT of a document is safe to repeat, and another text under its id is a conflict', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const put = (body: object) => api.put('/v1/corpora/book/documents/one').send(body);
  const first = await put({ text: 'a b' });
  t.equal(first.status, 201);
  const again = await put({ text: 'a b' });
  t.equal(again.status, 200);
  t.same(again.body, first.body);
  const other = await put({ text: 'a c' });
  t.equal(other.status, 409);
  t.equal(other.body.type, '/problems#document-exists');
  t.match((await api.get('/v1/corpora/book')).body, { documents: 1, tokens: 2, version: 2 });
});

t.test('two uploads to one corpus at the same time both succeed, one after the other', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      api
        .post('/v1/corpora/book/documents')
        .type('text/plain')
        .send(`common word${'x'.repeat(i)}`),
    ),
  );
  t.ok(answers.every(({ status }) => status === 201));
  t.same(
    answers.map(({ body }) => body.version).sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, i) => i + 2),
  );
  t.match((await api.get('/v1/corpora/book')).body, { documents: 12, tokens: 24, vocabulary_size: 13 });
});

t.test('a form with several files adds them all, and is answered with a list', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const { body } = await api
    .post('/v1/corpora/book/documents')
    .attach('file', Buffer.from('a'), 'a.txt')
    .attach('file', Buffer.from('b'), 'b.txt');
  t.same(
    body.items.map(({ id, version }: { id: string; version: number }) => [id, version]),
    [
      ['1', 2],
      ['2', 2],
    ],
  );
});

t.test('of several files with one that is wrong none is added', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  const { status } = await api
    .post('/v1/corpora/book/documents')
    .attach('file', Buffer.from('a'), 'a.txt')
    .attach('file', Buffer.from([0xff]), 'b.txt');
  t.equal(status, 400);
  t.match((await api.get('/v1/corpora/book')).body, { documents: 0, tokens: 0, version: 1 });
});

t.test('an id that the server would choose and that is taken is passed over', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  await api.put('/v1/corpora/book/documents/2').send({ text: 'a' });
  t.equal((await api.post('/v1/corpora/book/documents').send({ text: 'b' })).body.id, '3');
});

t.test('documents are listed in the order of their commit, in pages', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'book' });
  for (const id of ['c', 'a', 'b']) await api.put(`/v1/corpora/book/documents/${id}`).send({ text: id });
  const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
  const first = (await api.get('/v1/corpora/book/documents?limit=2')).body;
  t.same(ids(first), ['c', 'a']);
  const second = (await api.get(`/v1/corpora/book/documents?limit=2&cursor=${first.next_cursor}`)).body;
  t.same(ids(second), ['b']);
  t.notOk(second.next_cursor);
});
