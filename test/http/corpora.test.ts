import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';

const text = 'the time machine\nthe time traveller\n';

t.test('a text becomes a corpus by one PUT without a content type', async (t) => {
  const { api } = await startService(t);
  const { status, body, headers } = await api
    .put('/v1/corpora/book')
    .unset('content-type')
    .send(Buffer.from(text));
  t.equal(status, 201);
  t.equal(headers.location, '/v1/corpora/book');
  t.match(body, {
    name: 'book',
    tokenizer: 'word',
    order: 3,
    sequences: 'document',
    version: 1,
    documents: 1,
    tokens: 6,
    vocabulary_size: 4,
    token_ids: 5,
    ngrams: [
      { order: 1, distinct: 4, total: 6 },
      { order: 2, distinct: 4, total: 5 },
      { order: 3, distinct: 4, total: 4 },
    ],
    bytes: text.length,
  });
  t.same((await api.get('/v1/corpora/book')).body, body);
});

t.test('a corpus of unicode can have a locale, in which its texts and all questions are read', async (t) => {
  const { api } = await startService(t);
  const text = 'İstanbul güzel. IŞIK IŞIK var.\n';
  const uploads = {
    query: api.post('/v1/corpora?name=query&tokenizer=unicode&locale=TR').type('text/plain').send(text),
    json: api.post('/v1/corpora').send({ name: 'json', tokenizer: 'unicode', locale: 'Tr', text }),
    form: api
      .post('/v1/corpora')
      .field({ name: 'form', tokenizer: 'unicode', locale: 'tr' })
      .attach('file', Buffer.from(text), 'book.txt'),
  };
  for (const [name, upload] of Object.entries(uploads)) {
    const { status, body } = await upload;
    t.equal(status, 201);
    t.equal(body.locale, 'tr');
    t.same((await api.get(`/v1/corpora/${name}`)).body, body);
  }
  const corpus = '/v1/corpora/query';
  const asked = await api
    .get(`${corpus}/probability`)
    .query({ context: 'GÜZEL IŞIK', word: 'IŞIK', explain: true });
  t.match(asked.body, { context: ['güzel', 'ışık'], word: 'ışık', in_vocabulary: true });
  const next = await api.get(`${corpus}/continuations`).query({ prefix: 'I' });
  t.same(
    next.body.continuations.map(({ word }: { word: string }) => word),
    ['ışık'],
  );
  const scored = await api.post(`${corpus}/score`).send({ texts: ['İSTANBUL IŞIK'] });
  t.equal(scored.body.results[0].out_of_vocabulary, 0);
  const generated = await api.post(`${corpus}/generate`).send({ prompt: 'IŞIK', max_tokens: 1 });
  t.same(generated.body.prompt, ['ışık']);
  const tuned = await api.post(`${corpus}/tune?estimator=additive`).type('text/plain').send('İSTANBUL IŞIK');
  const lower = await api.post(`${corpus}/tune?estimator=additive`).type('text/plain').send('istanbul ışık');
  t.equal(tuned.status, 200);
  t.same(tuned.body, lower.body);
});

t.test('a locale is one of the settings that make a PUT the same', async (t) => {
  const { api } = await startService(t);
  const put = (query: string) =>
    api.put(`/v1/corpora/c?tokenizer=unicode${query}`).type('text/plain').send('I');
  t.equal((await put('&locale=tr')).status, 201);
  t.equal((await put('&locale=TR')).status, 200);
  t.equal((await put('&locale=az')).status, 409);
  t.equal((await put('')).status, 409);
  const post = (locale?: string) =>
    api
      .post('/v1/corpora')
      .set('idempotency-key', 'k')
      .send({ name: 'd', tokenizer: 'unicode', text: 'I', ...(locale === undefined ? {} : { locale }) });
  t.equal((await post('tr')).status, 201);
  t.equal((await post('TR')).headers['idempotent-replayed'], 'true');
  t.match((await post()).body, { type: '/problems#idempotency-key-reused' });
  await api.put('/v1/corpora/none?tokenizer=unicode').type('text/plain').send('I');
  t.notOk('locale' in (await api.get('/v1/corpora/none')).body, 'it is left out where none was chosen');
});

t.test(
  'a locale that is none, or that the tokenizer would not follow, is refused where it stands',
  async (t) => {
    const { api } = await startService(t);
    for (const locale of ['tr_TR', '', 'nonsense tag', 'x']) {
      const { status, body } = await api
        .put('/v1/corpora/c')
        .query({ tokenizer: 'unicode', locale })
        .type('text/plain')
        .send('I');
      t.equal(status, 400, locale);
      t.match(body.errors, [{ pointer: '/query/locale', detail: /BCP 47/ }]);
    }
    for (const fields of [
      { tokenizer: 'word', locale: 'tr' },
      { locale: 'tr' },
      { tokenizer: 'unicode', locale: 'a_b' },
    ]) {
      const { status, body } = await api.post('/v1/corpora').send({ name: 'c', text: 'I', ...fields });
      t.equal(status, 400);
      t.match(body.errors, [{ pointer: '/body/locale' }]);
    }
    const long = await api
      .put('/v1/corpora/c')
      .query({ tokenizer: 'unicode', locale: `a-${'b'.repeat(200)}` });
    t.equal(long.status, 400);
    t.equal((await api.get('/v1/corpora/c')).status, 404);
  },
);

t.test('text, octets, a form, JSON and gzip make the same corpus', async (t) => {
  const { api } = await startService(t);
  const settings = 'tokenizer=char&order=2&sequences=line';
  const uploads = {
    plain: api.post(`/v1/corpora?name=plain&${settings}`).type('text/plain').send(text),
    octets: api
      .post(`/v1/corpora?name=octets&${settings}`)
      .type('application/octet-stream')
      .send(Buffer.from(text)),
    form: api
      .post('/v1/corpora')
      .field({ name: 'form', tokenizer: 'char', order: '2', sequences: 'line' })
      .attach('file', Buffer.from(text), 'book.txt'),
    json: api
      .post('/v1/corpora')
      .send({ name: 'json', tokenizer: 'char', order: 2, sequences: 'line', text }),
    gzip: api
      .post(`/v1/corpora?name=gzip&${settings}`)
      .type('text/plain')
      .set('content-encoding', 'gzip')
      .serialize((body) => body as unknown as string)
      .send(gzipSync(text) as unknown as string),
  };
  const seen = [];
  for (const [name, upload] of Object.entries(uploads)) {
    const { status, body } = await upload;
    t.equal(status, 201, `${name}: ${JSON.stringify(body)}`);
    const { name: _name, created_at, updated_at, ...rest } = body;
    seen.push(rest);
  }
  for (const corpus of seen) t.same(corpus, seen[0]);
});

t.test('settings may be divided between the query and JSON, and a setting in both is refused', async (t) => {
  const { api } = await startService(t);
  const query = 'tokenizer=char&order=2&sequences=line';
  const created = await api.put(`/v1/corpora/book?${query}`).send({ text });
  t.match(created.body, { tokenizer: 'char', order: 2, sequences: 'line' });
  const divided = await api.put('/v1/corpora/divided?tokenizer=char').send({ text, order: 4 });
  t.match(divided.body, { tokenizer: 'char', order: 4, sequences: 'document' });
  const both = await api.put(`/v1/corpora/other?${query}`).send({ text, order: 4 });
  t.match(both, { status: 400, body: { errors: [{ pointer: '/body/order' }] } });
});

t.test('a form with several files makes a document of each', async (t) => {
  const { api } = await startService(t);
  const { body } = await api
    .post('/v1/corpora')
    .field('name', 'two')
    .attach('file', Buffer.from('a b'), 'a.txt')
    .attach('file', Buffer.from('c d e'), 'b.txt');
  t.equal(body.documents, 2);
  t.equal(body.version, 1);
  const { items } = (await api.get('/v1/corpora/two/documents')).body;
  t.same(
    items.map(({ id, tokens }: { id: string; tokens: number }) => [id, tokens]),
    [
      ['1', 2],
      ['2', 3],
    ],
  );
});

t.test('JSON without a text makes an empty corpus, which answers', async (t) => {
  const { api } = await startService(t);
  const { status, body } = await api.post('/v1/corpora').send({ name: 'empty' });
  t.equal(status, 201);
  t.match(body, { documents: 0, tokens: 0, vocabulary_size: 0 });
  const word = await api.get('/v1/corpora/empty/probability?word=a');
  t.match(word.body, { probability: 0, in_vocabulary: false });
  const best = await api.get('/v1/corpora/empty/continuations');
  t.same(best.body.continuations, []);
  t.same((await api.get('/v1/corpora/empty/ngrams')).body.items, []);
  t.same((await api.get('/v1/corpora/empty/batches')).body.batches, []);
});

t.test('the same PUT again changes nothing, another text or other settings are a conflict', async (t) => {
  const { api } = await startService(t);
  const put = (path: string, body: string) => api.put(path).type('text/plain').send(body);
  const first = await put('/v1/corpora/book', text);
  await api.post('/v1/corpora/book/documents').type('text/plain').send('more');
  const again = await put('/v1/corpora/book', text);
  t.equal(again.status, 200);
  t.equal(again.body.version, first.body.version + 1, 'the version of the document that came between');
  const other = await put('/v1/corpora/book', 'another text');
  t.equal(other.status, 409);
  t.equal(other.body.type, '/problems#corpus-exists');
  t.equal((await put('/v1/corpora/book?order=2', text)).status, 409);
  t.equal((await api.get('/v1/corpora/book')).body.tokens, 7);
});

t.test('a name that is taken is a conflict, and the corpus stays as it was', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora?name=book').type('text/plain').send(text);
  const before = (await api.get('/v1/corpora/book')).body;
  const { status, body } = await api.post('/v1/corpora?name=book').type('text/plain').send(text);
  t.equal(status, 409);
  t.match(body, { type: '/problems#corpus-exists', detail: /book/ });
  t.same((await api.get('/v1/corpora/book')).body, before);
});

t.test('of two uploads under one name at the same time one wins', async (t) => {
  const { api } = await startService(t);
  const upload = (text: string) => api.post('/v1/corpora?name=race').type('text/plain').send(text);
  const answers = await Promise.all([upload('a b c'), upload('d e')]);
  t.same(answers.map(({ status }) => status).sort(), [201, 409]);
});

t.test('a corpus that is deleted as soon as it is there was created and is answered so', async (t) => {
  const { api } = await startService(t);
  for (let round = 0; round < 10; round++) {
    const created = api.put('/v1/corpora/book').type('text/plain').send(text).then();
    let isAnswered = false;
    created.finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) await api.delete('/v1/corpora/book');
    const { status, body } = await created;
    t.equal(status, 201);
    t.equal(body.tokens, 6);
    await api.delete('/v1/corpora/book');
  }
});

t.test('corpora are listed by name, in pages', async (t) => {
  const { api } = await startService(t);
  for (const name of ['c', 'a', 'b']) await api.post('/v1/corpora').send({ name });
  const first = (await api.get('/v1/corpora?limit=2')).body;
  t.same(
    first.items.map(({ name }: { name: string }) => name),
    ['a', 'b'],
  );
  const second = (await api.get(`/v1/corpora?limit=2&cursor=${first.next_cursor}`)).body;
  t.same(
    second.items.map(({ name }: { name: string }) => name),
    ['c'],
  );
  t.notOk(second.next_cursor);
});

t.test('a deleted corpus is gone, and its name is free', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send(text);
  t.equal((await api.delete('/v1/corpora/book')).status, 204);
  t.equal((await api.get('/v1/corpora/book')).status, 404);
  t.equal((await api.delete('/v1/corpora/book')).status, 404);
  t.equal((await api.put('/v1/corpora/book').type('text/plain').send('other')).status, 201);
});

t.test('sequences=line: <s> is a context, </s> is counted, n-grams stay within lines', async (t) => {
  const { api } = await startService(t);
  const { body } = await api
    .put('/v1/corpora/lines?sequences=line&tokenizer=whitespace&order=2')
    .type('text/plain')
    .send('a b\n\nb\n');
  t.match(body, { tokens: 5, vocabulary_size: 3, ngrams: [{ distinct: 3 }, { distinct: 4, total: 5 }] });
  const words = (await api.get('/v1/corpora/lines/vocabulary')).body.items;
  t.same(words, [
    { id: 0, token: '<unk>', count: 0 },
    { id: 1, token: '<s>', count: 0 },
    { id: 2, token: '</s>', count: 2 },
    { id: 3, token: 'b', count: 2 },
    { id: 4, token: 'a', count: 1 },
  ]);
  const ask = async (context: string, word: string) =>
    (await api.get('/v1/corpora/lines/probability').query({ context, word, estimator: 'mle' })).body
      .probability;
  t.equal(await ask('<s>', 'a'), 0.5);
  t.equal(await ask('b', '</s>'), 1);
  t.equal(await ask('</s>', 'a'), null);
  const mark = await api.get('/v1/corpora/lines/probability').query({ word: '<s>' });
  t.equal(mark.status, 400);
});

t.test(
  'a corpus of lines has as many distinct n-grams as KenLM counts in the same text',
  bookTest,
  async (t) => {
    const { api } = await startService(t);
    const folder = testData as string;
    const { body } = await api
      .put('/v1/corpora/lines?tokenizer=whitespace&sequences=line&order=5')
      .type('text/plain')
      .send(readFileSync(join(folder, 'timemachine.lines.txt'), 'utf8'));
    const header = gunzipSync(readFileSync(join(folder, 'timemachine.lines.5.arpa.gz')))
      .subarray(0, 200)
      .toString();
    const kenlm = [...header.matchAll(/^ngram (\d)=(\d+)$/gm)].map(([, , distinct]) => Number(distinct));
    t.comment('KenLM counts <unk> and <s> among the unigrams');
    t.same(
      body.ngrams.map(({ distinct }: { distinct: number }) => distinct),
      [kenlm[0] - 2, ...kenlm.slice(1)],
    );
    t.equal(body.tokens, 35_623);
  },
);
