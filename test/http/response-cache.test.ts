import t from 'tap';
import { startService } from './harness.ts';

const question = '/v1/corpora/book/continuations?context=the&k=2&epsilon=0';

t.test(
  'an answer that is given again is the same, and a new one after every change of the corpus',
  async (t) => {
    const { api } = await startService(t);
    const put = (path: string, text: string) => api.put(path).type('text/plain').send(text);
    // An answer is kept when its question comes for the second time.
    const ask = async () => {
      await api.get(question);
      return (await api.get(question)).body;
    };

    await put('/v1/corpora/book', 'the time the time the machine');
    const first = await ask();
    t.match(first, { version: 1, continuations: [{ word: 'time', count: 2 }, { word: 'machine' }] });
    const again = await api.get(question);
    t.same(again.body, first);
    t.match(again.headers['content-type'], /^application\/json/);
    t.ok(again.headers['x-request-id'], 'each answer has its own headers');

    await put('/v1/corpora/book/documents/more', 'the machine the machine the machine');
    t.match(await ask(), { version: 2, continuations: [{ word: 'machine', count: 4 }, { word: 'time' }] });

    await api.delete('/v1/corpora/book');
    t.equal((await api.get(question)).status, 404, 'nothing is answered of a corpus that is gone');
    await put('/v1/corpora/book', 'the end the end the end');
    t.match(await ask(), { version: 1, continuations: [{ word: 'end', count: 3 }] }, 'nor of one before it');
  },
);

t.test('errors are not given again, nor what came by POST', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send('the time');
  const instances = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const { status, body } = await api.get('/v1/corpora/book/probability?word=two+words');
    t.equal(status, 400);
    instances.add(body.instance);
  }
  t.equal(instances.size, 3, 'each problem names its own request');
  const probabilities = (word: string) =>
    api.post('/v1/corpora/book/probabilities').send({ queries: [{ context: '', word }] });
  t.match((await probabilities('the')).body, { results: [{ word: 'the' }] });
  t.match((await probabilities('time')).body, { results: [{ word: 'time' }] });
});

t.test('an answer is given again only to those who may ask', async (t) => {
  const { api } = await startService(t, { API_KEYS: 'owner:sixteen-letters-1:admin' });
  const key = { 'x-api-key': 'sixteen-letters-1' };
  await api.put('/v1/corpora/book').set(key).type('text/plain').send('the time');
  for (let i = 0; i < 3; i++) t.equal((await api.get(question).set(key)).status, 200);
  t.equal((await api.get(question)).status, 401);
});

/** How many questions threads have answered. */
async function askedThreads(api: Awaited<ReturnType<typeof startService>>['api']): Promise<number> {
  const { text } = await api.get('/metrics');
  const counts = [...text.matchAll(/ngramd_stage_duration_seconds_count\{stage="question\..*"\} (\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

t.test('an answer of a mixture is given again until a part of it is changed or is gone', async (t) => {
  const { api } = await startService(t);
  // Text with a dictionary is read in threads alone.
  const put = (path: string, text: string) =>
    api.put(`/v1/corpora/${path}`).type('text/plain').send(text).expect(201);
  await put('first?tokenizer=jieba', 'the time the machine');
  await put('second?tokenizer=jieba', 'the end the time');
  const mixture = ['first', 'second'].map((corpus) => ({ corpus, weight: 0.5, estimator: 'witten-bell' }));
  await api.put('/v1/corpora/mixed').send({ mixture }).expect(201);
  const url = '/v1/corpora/mixed/continuations?context=the&k=2';
  const first = (await api.get(url).expect(200)).body;
  t.match(first, { estimator: { parts: [{ version: 1 }, { version: 1 }] } });
  t.same((await api.get(url)).body, first);
  const before = await askedThreads(api);
  t.same((await api.get(url)).body, first);
  t.equal(await askedThreads(api), before, 'no thread is asked');
  await put('second/documents/more', 'the end the end');
  t.match((await api.get(url)).body, {
    estimator: { parts: [{ version: 1 }, { version: 2 }] },
    continuations: [{ word: 'end' }, {}],
  });
  await api.get(url);
  await api.delete('/v1/corpora/second');
  t.equal((await api.get(url)).status, 409);
  await put('second?tokenizer=jieba', 'the machine the machine');
  t.match((await api.get(url)).body, { continuations: [{ word: 'machine' }, {}] });
});

const inBook = '/v1/corpora/book';
for (const [name, url, expected] of [
  ['concordances', `${inBook}/concordance?q=time`, { version: 1, total: 2 }],
  ['collocates', `${inBook}/collocates?node=time`, { version: 1, hits: 2 }],
  ['n-grams of a pattern', `${inBook}/ngrams?pattern=*+time`, { version: 1, total: 1 }],
  ['words before a phrase', `${inBook}/continuations?context=time&side=left`, { version: 1, total: 2 }],
  ['keywords', `${inBook}/keyness?reference=other`, { version: 1, words: 6, reference: { version: 1 } }],
  ['keywords of another corpus', '/v1/corpora/other/keyness?reference=book', { reference: { version: 1 } }],
  ['comparisons', '/v1/ngrams/compare?phrases=the+time&corpora=other,book', { items: [{}, { count: 2 }] }],
] as const) {
  t.test(`${name} are given again as they were, until the corpus is changed`, async (t) => {
    const { api } = await startService(t);
    const put = (path: string, text: string) => api.put(path).type('text/plain').send(text).expect(201);
    await put('/v1/corpora/other', 'the end of time');
    await put(inBook, 'the time the time the machine');
    const first = (await api.get(url).expect(200)).body;
    t.match(first, expected);
    t.same((await api.get(url)).body, first);
    const before = await askedThreads(api);
    const again = await api.get(url).expect(200);
    t.same(again.body, first);
    t.match(again.headers['content-type'], /^application\/json/);
    t.equal(await askedThreads(api), before, 'no thread is asked');
    t.match((await api.get(`${url}&format=csv`)).headers['content-type'], /^text\/csv/);
    t.match((await api.get(url).set('accept', 'text/csv')).headers['content-type'], /^text\/csv/);
    await put(`${inBook}/documents/more`, 'the time');
    t.notSame((await api.get(url).expect(200)).body, first);
  });
}

t.test('an answer about several corpora is given again only to those who may ask all of them', async (t) => {
  const { api } = await startService(t, {
    API_KEYS: 'owner:sixteen-letters-1:admin,reader:sixteen-letters-2:read:book',
  });
  const [owner, reader] = ['sixteen-letters-1', 'sixteen-letters-2'].map((key) => ({ 'x-api-key': key }));
  for (const name of ['book', 'other'])
    await api.put(`/v1/corpora/${name}`).set(owner).type('text/plain').send('the time');
  for (const url of [
    '/v1/ngrams/compare?phrases=time&corpora=book,other',
    '/v1/ngrams/compare?phrases=time&corpora=other',
    `${inBook}/keyness?reference=other`,
  ]) {
    for (let i = 0; i < 3; i++) t.equal((await api.get(url).set(owner)).status, 200);
    t.equal((await api.get(url).set(reader)).status, 403, url);
    t.equal((await api.get(url)).status, 401, url);
  }
});
