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

for (const [name, path, expected] of [
  ['concordances', 'concordance?q=time', { total: 2 }],
  ['collocates', 'collocates?node=time', { hits: 2 }],
  ['n-grams of a pattern', 'ngrams?pattern=*+time', { total: 1 }],
  ['words before a phrase', 'continuations?context=time&side=left', { total: 2 }],
] as const) {
  t.test(`${name} are given again as they were, until the corpus is changed`, async (t) => {
    const { api } = await startService(t);
    const url = `/v1/corpora/book/${path}`;
    const threads = async () => {
      const { text } = await api.get('/metrics');
      const counts = [...text.matchAll(/ngramd_stage_duration_seconds_count\{stage="question\..*"\} (\d+)/g)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    await api.put('/v1/corpora/book').type('text/plain').send('the time the time the machine').expect(201);
    const first = (await api.get(url).expect(200)).body;
    t.match(first, { version: 1, ...expected });
    t.same((await api.get(url)).body, first);
    const before = await threads();
    const again = await api.get(url).expect(200);
    t.same(again.body, first);
    t.match(again.headers['content-type'], /^application\/json/);
    t.equal(await threads(), before, 'no thread is asked');
    t.match((await api.get(`${url}&format=csv`)).headers['content-type'], /^text\/csv/);
    t.match((await api.get(url).set('accept', 'text/csv')).headers['content-type'], /^text\/csv/);
    await api.put('/v1/corpora/book/documents/more').type('text/plain').send('the time').expect(201);
    t.match((await api.get(url).expect(200)).body, { version: 2 });
  });
}
