import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { bookTest, startService, testData } from './harness.ts';

interface Continuation {
  word: string;
  probability: number;
}

t.test('documents added one by one give what one text of them gives, under every estimator', async (t) => {
  const { api } = await startService(t);
  const texts = ['a b c a b d\nc c a', 'b a b c\nd a b', 'a a c\n\nd'];
  await api.put('/v1/corpora/whole?sequences=line').type('text/plain').send(texts.join('\n'));
  await api.put('/v1/corpora/parts?sequences=line').type('text/plain').send(texts[0]);
  for (const text of texts.slice(1)) {
    const { status } = await api.post('/v1/corpora/parts/documents').type('text/plain').send(text);
    t.equal(status, 201);
  }
  for (const estimator of estimatorNames) {
    const answers = await Promise.all(
      ['whole', 'parts'].map(async (corpus) => {
        const continuations: [string, Continuation[]][] = [];
        for (const context of ['', 'a', 'a b', 'c a', '<s>', 'zebra']) {
          const { body } = await api
            .get(`/v1/corpora/${corpus}/continuations`)
            .query({ context, estimator, k: 100, min_version: corpus === 'whole' ? 1 : 3 });
          const byWord = body.continuations.toSorted((a: Continuation, b: Continuation) =>
            a.word < b.word ? -1 : 1,
          );
          continuations.push([context, byWord]);
        }
        const { body } = await api
          .post(`/v1/corpora/${corpus}/score`)
          .send({ texts: ['a b c', 'd d zebra a'], estimator, per_token: true });
        t.equal(body.version, corpus === 'whole' ? 1 : 3);
        return { continuations, scores: body.results, estimator: body.estimator };
      }),
    );
    t.same(answers[1], answers[0], estimator);
  }
});

t.test('where the index is not there in time the answer says when to ask again', async (t) => {
  const { api } = await startService(t, { INDEX_TIMEOUT_MS: '0' });
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const ask = (estimator: string) =>
    api.get('/v1/corpora/c/continuations').query({ context: 'a', estimator });
  const early = await ask('kneser-ney');
  t.equal(early.status, 503);
  t.equal(early.headers['retry-after'], '1');
  t.match(early.body, { type: '/problems#index-not-ready', detail: /Ask again/ });
  t.equal((await ask('witten-bell')).status, 200, 'the other estimators are answered meanwhile');
  let again = early;
  while (again.status === 503) again = await ask('kneser-ney');
  t.equal(again.status, 200);
});

t.test(
  'a corpus too large for memory is answered from its file; Kneser–Ney says what it lacks',
  async (t) => {
    const { api } = await startService(t, { INDEX_MEMORY_BYTES: '10' });
    await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b a c');
    const refused = await api
      .get('/v1/corpora/c/probability')
      .query({ context: 'a', word: 'b', estimator: 'modified-kneser-ney' });
    t.equal(refused.status, 507);
    t.match(refused.body, { type: '/problems#index-too-large', detail: /INDEX_MEMORY_BYTES allows 10/ });
    const { status, body } = await api
      .post('/v1/corpora/c/score')
      .send({ texts: ['a b', 'a zebra'], estimator: 'witten-bell' });
    t.equal(status, 200);
    t.match(body.results, [
      { tokens: 3, rank: 1 },
      { tokens: 3, out_of_vocabulary: 1, rank: 2 },
    ]);
    const generated = await api
      .post('/v1/corpora/c/generate')
      .send({ seed: 1, stream: true, estimator: 'laplace' });
    t.match(generated.text, /event: end/);
  },
);

t.test('a corpus too small for its discounts answers, and names the orders with fixed ones', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b c');
  const { status, body } = await api
    .get('/v1/corpora/c/probability')
    .query({ context: 'a', word: 'b', estimator: 'modified-kneser-ney' });
  t.equal(status, 200);
  t.ok(body.probability > 0 && body.probability < 1);
  t.same(body.estimator.fallback_orders, [1, 2, 3]);
  t.same(body.estimator.discounts[2], [0.5, 1, 1.5]);
});

t.test('stupid back-off says that its scores are not normalized, wherever it answers', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const estimator = 'stupid-backoff';
  const corpus = '/v1/corpora/c';
  const answers = [
    await api.get(`${corpus}/probability`).query({ word: 'a', estimator }),
    await api.post(`${corpus}/probabilities`).send({ queries: [{ word: 'a' }], estimator }),
    await api.get(`${corpus}/continuations`).query({ estimator }),
    await api.post(`${corpus}/score`).send({ texts: ['a b'], estimator }),
    await api.post(`${corpus}/score`).send({ texts: ['a b'], estimator, summary: true }),
    await api.post(`${corpus}/generate`).send({ estimator }),
  ];
  for (const { body } of answers)
    t.match(body, { estimator: { name: estimator, alpha: 0.4 }, normalized: false });
  const lines = await api.post(`${corpus}/score?estimator=${estimator}`).type('text/plain').send('a b\nc');
  for (const line of lines.text.trim().split('\n')) t.equal(JSON.parse(line).normalized, false);
  t.notOk('normalized' in (await api.get(`${corpus}/continuations`)).body);
});

t.test(
  'on the book, top-k of every estimator is sorting everything, page after page',
  bookTest,
  async (t) => {
    const { api } = await startService(t);
    const book = readFileSync(join(testData as string, 'timemachine.txt'), 'utf8');
    await api.put('/v1/corpora/book').type('text/plain').send(book);
    const words: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await api.get(`/v1/corpora/book/vocabulary?limit=1000${cursor && `&cursor=${cursor}`}`);
      words.push(...page.body.items.map(({ token }: { token: string }) => token));
      cursor = page.body.next_cursor;
    }
    const vocabulary = words.filter((token) => token !== '<unk>');
    for (const estimator of estimatorNames.slice(3)) {
      for (const context of ['', 'the', 'of the', 'said the time', 'never seen', 'zebra the']) {
        const { body } = await api
          .post('/v1/corpora/book/probabilities')
          .send({ queries: vocabulary.map((word) => ({ context, word })), estimator });
        const sorted = body.results
          .map(({ word, probability }: Continuation, id: number) => ({ word, probability, id }))
          .sort(
            (a: Continuation & { id: number }, b: Continuation & { id: number }) =>
              b.probability - a.probability || a.id - b.id,
          )
          .map(({ word, probability }: Continuation) => ({ word, probability }));
        const top: Continuation[] = [];
        for (let cursor: string | undefined; top.length < 60; ) {
          const page = await api
            .get('/v1/corpora/book/continuations')
            .query({ context, estimator, k: 20, ...(cursor === undefined ? {} : { cursor }) });
          top.push(...page.body.continuations);
          cursor = page.body.next_cursor;
        }
        t.same(
          top.map(({ word, probability }) => ({ word, probability })),
          sorted.slice(0, 60),
          `${estimator} after "${context}"`,
        );
        const sum = sorted.reduce((sum: number, { probability }: Continuation) => sum + probability, 0);
        if (estimator.endsWith('kneser-ney')) t.ok(sum < 1 && sum > 0.99, 'but for what <unk> has');
        else if (estimator !== 'stupid-backoff')
          t.ok(Math.abs(sum - 1) < 1e-9, `${estimator} sums to ${sum}`);
      }
    }
  },
);
