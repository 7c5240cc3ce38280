import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';

const epsilon = '1,0.5,0.25';

t.test('explain shows the counts of every order, highest first', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b c a b d');
  const { body } = await api
    .get('/v1/corpora/c/probability')
    .query({ context: 'x a b', word: 'c', estimator: 'mle', explain: true });
  t.match(body, {
    version: 1,
    estimator: { name: 'mle' },
    context: ['a', 'b'],
    word: 'c',
    in_vocabulary: true,
    probability: 0.5,
    log_probability: Math.log(0.5),
  });
  t.same(body.levels, [
    { order: 3, ngram: ['a', 'b', 'c'], count: 1, context_count: 2, probability: 1 / 2 },
    { order: 2, ngram: ['b', 'c'], count: 1, context_count: 2, probability: 1 / 2 },
    { order: 1, ngram: ['c'], count: 1, context_count: 6, probability: 1 / 6 },
  ]);
});

t.test('log_base is the base of the logarithms of probabilities and of generated texts', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b c a b d');
  const single = await api.get('/v1/corpora/c/probability?context=a+b&word=c&estimator=mle&log_base=2');
  t.equal(single.body.log_probability, -1);
  const many = await api
    .post('/v1/corpora/c/probabilities')
    .send({ queries: [{ context: 'a b', word: 'd' }], estimator: 'mle', log_base: 2 });
  t.equal(many.body.results[0].log_probability, -1);
  const generate = async (body: object) =>
    await api
      .post('/v1/corpora/c/generate')
      .send({ prompt: 'a b', max_tokens: 3, seed: 1, estimator: 'laplace', ...body });
  const natural = await generate({});
  const decimal = await generate({ log_base: 10 });
  t.equal(decimal.body.log_probability, natural.body.log_probability / Math.LN10);
  const events = await generate({ log_base: 10, stream: true });
  const first = /"log_probability":([^}]+)}/.exec(events.text)?.[1];
  const [naturally] = /"log_probability":[^}]+}/.exec((await generate({ stream: true })).text) ?? [];
  t.equal(Number(first), JSON.parse(`{${naturally}`).log_probability / Math.LN10);
});

t.test('a context that ends the text is followed by nothing', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b a c');
  const { body } = await api
    .get('/v1/corpora/c/probability')
    .query({ context: 'c', word: 'a', estimator: 'mle' });
  t.match(body, { probability: null, log_probability: null, note: /never followed/ });
});

t.test(
  'a long text in a problem is shortened, and a word that is longer than any token is refused at once',
  async (t) => {
    const { api } = await startService(t);
    await api.put('/v1/corpora/c?tokenizer=unicode').type('text/plain').send('a b c');
    const queries = [
      { word: 'x y '.repeat(250_000) },
      { word: 'a-'.repeat(20_000) },
      { word: '\ud83d\ude00'.repeat(200) },
      { context: 'never '.repeat(100) + 'n'.repeat(60_000), word: 'a' },
      { word: 'a', [`${'/'.repeat(200_000)}`]: 1 },
    ];
    const { status, body, text } = await api
      .post('/v1/corpora/c/probabilities')
      .send({ queries, estimator: 'mle', order: 2 });
    t.equal(status, 200);
    t.match(body.results, [
      { problem: { detail: /at most 65535 bytes/, errors: [{ pointer: '/body/queries/0/word' }] } },
      { problem: { detail: /makes 20000 of "(a-){50}…": \["a",.*,…\]/ } },
      { problem: { detail: /makes 0 of "(😀){50}…": \[\]/ } },
      { note: /The context "n{100}…" is never followed/ },
      { problem: { detail: /is not known here/ } },
    ]);
    t.ok(text.length - body.results[3].context[0].length < 5000);
  },
);

t.test('of a long context the last tokens are used, whatever stands before', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=unicode').type('text/plain').send('狗 咬 人 b c d');
  const contexts = ['狗咬'.repeat(200_000), '%E4%B8'.repeat(100_000), `${'a'.repeat(70_000)} 狗咬`];
  const { body } = await api
    .post('/v1/corpora/c/probabilities')
    .send({ queries: contexts.map((context) => ({ context, word: '人' })) });
  t.match(body.results, [{ context: ['狗', '咬'] }, { context: ['e4', 'b8'] }, { context: ['狗', '咬'] }]);
});

t.test('many queries are answered as one by one, an invalid one with its problem in its place', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b c a b d');
  const queries = [{ context: 'a b', word: 'c' }, { word: 'b' }, { word: 'new york' }, { context: 'a' }, 7];
  const { status, body } = await api
    .post('/v1/corpora/c/probabilities')
    .send({ queries, estimator: 'additive', k: 0.5, explain: true });
  t.equal(status, 200);
  t.same(body.estimator, { name: 'additive', k: 0.5 });
  for (const i of [0, 1]) {
    const { version, estimator, ...one } = (
      await api
        .get('/v1/corpora/c/probability')
        .query({ ...(queries[i] as object), estimator: 'additive', k: 0.5, explain: true })
    ).body;
    t.same(body.results[i], one);
  }
  t.match(body.results[2].problem, { status: 400, errors: [{ pointer: '/body/queries/2/word' }] });
  t.match(body.results[3].problem, { status: 400, errors: [{ pointer: '/body/queries/3/word' }] });
  t.match(body.results[4].problem, { status: 400, errors: [{ pointer: '/body/queries/4' }] });
});

t.test('characters: a space is a token, also at the end of a context', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=char&order=2').type('text/plain').send('ab ab ac');
  const ask = async (context: string, word: string) =>
    (await api.get('/v1/corpora/c/probability').query({ context, word, estimator: 'mle' })).body.probability;
  t.equal(await ask('b', ' '), 1);
  t.equal(await ask('b ', 'a'), 1);
  t.equal(await ask('a', 'b'), 2 / 3);
});

t.test('the same words in another order are the same tokens and other n-grams', async (t) => {
  const { api } = await startService(t);
  for (const [name, text] of [
    ['dog', '狗咬人'],
    ['man', '人咬狗'],
  ]) {
    await api.put(`/v1/corpora/${name}?tokenizer=unicode`).type('text/plain').send(text);
  }
  const read = async (name: string, order: number) =>
    (await api.get(`/v1/corpora/${name}/ngrams?order=${order}`)).body.items.map(
      ({ ngram }: { ngram: string[] }) => ngram.join(' '),
    );
  t.same((await read('dog', 1)).sort(), (await read('man', 1)).sort());
  t.equal((await read('dog', 1)).length, 3);
  t.same(await read('dog', 3), ['狗 咬 人']);
  t.same(await read('man', 3), ['人 咬 狗']);
});

t.test('The Time Machine has the probabilities of the chapter', bookTest, async (t) => {
  const { api } = await startService(t);
  const book = readFileSync(join(testData as string, 'timemachine.txt'));
  await api.post('/v1/corpora?name=timemachine').type('text/plain').send(book.toString());
  const expected = [
    ['the time', 'traveller', 0.5770216653412082, true],
    ['the time', 'machine', 0.2934048737595572, true],
    ['of the', 'time', 0.02587397092363431, true],
    ['the time', 'zebra', 1.6291088296121978e-11, false],
    ['deep learning', 'is', 0.003234080375527654, true],
  ] as const;
  for (const [context, word, probability, known] of expected) {
    const { body } = await api.get('/v1/corpora/timemachine/probability').query({ context, word, epsilon });
    t.equal(body.probability, probability, `P(${word} | ${context})`);
    t.equal(body.in_vocabulary, known);
  }
  for (const context of ['', 'the', 'the time', 'deep learning', 'of zebra']) {
    const words = await vocabulary(api, 'timemachine');
    const { body } = await api
      .post('/v1/corpora/timemachine/probabilities')
      .send({ queries: words.map((word) => ({ context, word })), epsilon: [1, 0.5, 0.25] });
    const sum = body.results.reduce(
      (sum: number, { probability }: { probability: number }) => sum + probability,
      0,
    );
    t.ok(Math.abs(sum - 1) < 1e-9, `the distribution after "${context}" sums to ${sum}`);
  }
});

t.test(
  'one question has the answer that it has among many, whatever characters are in its words',
  async (t) => {
    const { api } = await startService(t);
    const words = ['"quoted"', 'back\\slash', '</script>', 'naïve', '𝔘', '{}', 'plain'];
    await api
      .put('/v1/corpora/odd?tokenizer=whitespace')
      .type('text/plain')
      .send([...words, ...words].join(' '));
    for (const estimator of ['laplace', 'stupid-backoff', 'mle', 'modified-kneser-ney']) {
      for (const context of ['', ...words, 'never seen']) {
        for (const explain of [true, false]) {
          const queries = words.map((word) => ({ context, word }));
          const { body: many } = await api
            .post('/v1/corpora/odd/probabilities')
            .send({ queries, estimator, explain });
          const { results, ...model } = many;
          for (const [i, query] of queries.entries()) {
            const { body, text, type } = await api
              .get('/v1/corpora/odd/probability')
              .query({ ...query, estimator, explain });
            t.same(body, { ...model, ...results[i] });
            t.equal(text, JSON.stringify(body));
            t.equal(type, 'application/json');
          }
        }
      }
    }
    const { body, text } = await api.get('/v1/corpora/odd/continuations').query({ k: 7 });
    t.same(body.continuations.map(({ word }: { word: string }) => word).sort(), words.toSorted());
    t.equal(text, JSON.stringify(body));
  },
);

async function vocabulary(
  api: Awaited<ReturnType<typeof startService>>['api'],
  name: string,
): Promise<string[]> {
  const words: string[] = [];
  let cursor = '';
  do {
    const { body } = await api.get(`/v1/corpora/${name}/vocabulary?limit=1000${cursor}`);
    words.push(
      ...body.items.filter(({ id }: { id: number }) => id > 0).map(({ token }: { token: string }) => token),
    );
    cursor = body.next_cursor === undefined ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  return words;
}
