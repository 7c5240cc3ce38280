import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { startService } from './harness.ts';

/** A text whose rare words someone has replaced, as those of WikiText and the Penn Treebank. */
const text = [
  'the <unk> barked at the moon',
  'the <unk> slept',
  'a dog barked at a <unk>',
  'the dog slept under the moon',
].join('\n');
/** Has two words that the text does not have. */
const line = 'the wolf barked at the owl';
/** The same with what stands for them. */
const replaced = 'the <unk> barked at the <unk>';

// Slow machines need time for the index.
const inMemory = await startService(t, { INDEX_TIMEOUT_MS: '100000' });
const inFile = await startService(t, { INDEX_MEMORY_BYTES: '10' });
const services = { 'in memory': inMemory, 'in its file': inFile };

/** Makes a corpus of the text, which counts `<unk>`. */
async function createCounting({ api }: typeof inMemory, name: string) {
  const corpus = `/v1/corpora/${name}`;
  await api.put(`${corpus}?tokenizer=whitespace&sequences=line`).type('text/plain').send(text).expect(201);
  return corpus;
}

await createCounting(inMemory, 'counted');
await createCounting(inFile, 'counted');

t.test(
  'where <unk> is counted it stands for unknown words, as in KenLM, and the words still count as unknown',
  async (t) => {
    const { api } = inMemory;
    const { body } = await api
      .post('/v1/corpora/counted/score')
      .send({ texts: [line], estimator: 'modified-kneser-ney', per_token: true });
    const [{ log_probability, out_of_vocabulary, tokens, per_token }] = body.results;
    // What KenLM's `query` prints for this line and the ARPA file of this text: log10 P and the length of the n-gram.
    const kenlm: [string, number, number][] = [
      ['the', -1.1161203, 2],
      ['wolf', -0.4124284, 3],
      ['barked', -0.4929676, 3],
      ['at', -0.0839618, 3],
      ['the', -0.4785654, 3],
      ['owl', -1.2713013, 2],
      ['</s>', -1.1833607, 2],
    ];
    t.ok(Math.abs(log_probability / Math.LN10 - -5.0387053) < 1e-6);
    t.equal(out_of_vocabulary, 2);
    t.equal(tokens, 7);
    for (const [i, [token, logProbability, order]] of kenlm.entries()) {
      const scored = per_token[i];
      t.match(scored, { token, order, in_vocabulary: !['wolf', 'owl'].includes(token) });
      t.ok(Math.abs(scored.log_probability / Math.LN10 - logProbability) < 1e-6, token);
    }
  },
);

for (const [where, estimators] of [
  ['in memory', estimatorNames],
  ['in its file', ['laplace', 'absolute-discounting', 'jelinek-mercer']],
] as const) {
  t.test(`an unknown word and <unk> are answered alike, everywhere, of a corpus ${where}`, async (t) => {
    const { api } = services[where];
    const corpus = '/v1/corpora/counted';
    for (const estimator of estimators) {
      const probability = async (context: string, word: string) => {
        const { body } = await api
          .get(`${corpus}/probability`)
          .query({ context, word, estimator, explain: true });
        const { in_vocabulary, probability, log_probability, levels } = body;
        return { in_vocabulary, answer: { probability, log_probability, levels } };
      };
      for (const [[context, word], [known, knownWord]] of [
        [
          ['the', 'wolf'],
          ['the', '<unk>'],
        ],
        [
          ['the wolf', 'barked'],
          ['the <unk>', 'barked'],
        ],
        [
          ['<s> the', 'owl'],
          ['<s> the', '<unk>'],
        ],
        [
          ['wolf owl', 'lynx'],
          ['<unk> <unk>', '<unk>'],
        ],
      ]) {
        const unknown = await probability(context, word);
        t.same(unknown.answer, (await probability(known, knownWord)).answer, `${estimator}: ${word}`);
        t.equal(unknown.in_vocabulary, word === 'barked');
      }
      t.equal((await probability('', '<unk>')).in_vocabulary, true, 'which the text has');

      const queries = [
        { context: 'the wolf', word: 'barked' },
        { context: 'the <unk>', word: 'barked' },
      ];
      const { body } = await api.post(`${corpus}/probabilities`).send({ queries, estimator });
      t.equal(body.results[0].probability, body.results[1].probability);

      const continuations = async (context: string) =>
        (await api.get(`${corpus}/continuations`).query({ context, estimator })).body.continuations;
      t.same(await continuations('the wolf'), await continuations('the <unk>'));

      const generate = async (prompt: string) =>
        (await api.post(`${corpus}/generate`).send({ prompt, estimator, seed: 7 })).body;
      const generated = await generate('the wolf');
      t.same(generated.tokens, (await generate('the <unk>')).tokens);
      t.same(generated.prompt, ['the', 'wolf']);

      const scored = await api.post(`${corpus}/score`).send({ texts: [line, replaced], estimator });
      const [one, other] = scored.body.results;
      t.ok(Math.abs(one.log_probability - other.log_probability) < 1e-9);
      t.same([one.out_of_vocabulary, other.out_of_vocabulary], [2, 0]);
      const lines = await api
        .post(`${corpus}/score`)
        .query({ estimator })
        .type('text/plain')
        .send(`${line}\n${replaced}`);
      const streamed = lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      t.same(
        streamed.map(({ log_probability }) => log_probability),
        [one.log_probability, other.log_probability],
      );
      const summary = await api.post(`${corpus}/score`).send({ texts: [line], estimator, summary: true });
      t.match(summary.body, { log_probability: one.log_probability, out_of_vocabulary: 2 });
    }
    for (const estimator of ['laplace', 'jelinek-mercer']) {
      const tune = async (text: string) => (await api.post(`${corpus}/tune`).send({ text, estimator })).body;
      const tuned = await tune(line);
      const known = await tune(replaced);
      t.equal(tuned.perplexity, known.perplexity, `${estimator} is tuned by unknown words too`);
      t.match(tuned, { tokens: 7, out_of_vocabulary: 2 });
      t.match(known, { tokens: 7, out_of_vocabulary: 0 });
    }
  });
}

t.test(
  'explain names the n-gram that is counted, which has <unk> in the place of unknown words',
  async (t) => {
    const { api } = inMemory;
    const { body } = await api
      .get('/v1/corpora/counted/probability')
      .query({ context: 'the wolf', word: 'owl', explain: true });
    t.same(body.context, ['the', 'wolf']);
    t.same(
      body.levels.map(({ ngram, count }: { ngram: string[]; count: number }) => [ngram.join(' '), count]),
      [
        ['the <unk> <unk>', 0],
        ['<unk> <unk>', 0],
        ['<unk>', 3],
      ],
    );
  },
);

t.test('a word of a text that was taken back is unknown again, and <unk> stands for it', async (t) => {
  const { api } = inMemory;
  const corpus = await createCounting(inMemory, 'changed');
  await api.put(`${corpus}/documents/later`).type('text/plain').send('the wolf barked');
  const ask = async (word: string) =>
    (await api.get(`${corpus}/probability`).query({ context: 'the', word })).body;
  t.equal((await ask('wolf')).in_vocabulary, true);
  await api.delete(`${corpus}/documents/later`);
  const { in_vocabulary, probability } = await ask('wolf');
  t.equal(in_vocabulary, false);
  t.equal(probability, (await ask('<unk>')).probability);
  const { body } = await api.post(`${corpus}/score`).send({ texts: ['the wolf', 'the <unk>'] });
  t.equal(body.results[0].log_probability, body.results[1].log_probability);
  t.equal(body.results[0].out_of_vocabulary, 1);
});

t.test('<unk> stands for unknown words as long as it is counted, and not before or after', async (t) => {
  for (const { api } of Object.values(services)) {
    const corpus = '/v1/corpora/sometimes';
    await api.put(`${corpus}?tokenizer=whitespace`).type('text/plain').send('a b a c');
    const answers = async () => {
      const { body } = await api
        .get(`${corpus}/probability`)
        .query({ context: 'a', word: 'never', order: 2 });
      const scored = await api.post(`${corpus}/score`).send({ texts: ['a never'], order: 2 });
      return [body.probability, scored.body.results[0].log_probability];
    };
    const before = await answers();
    await api.put(`${corpus}/documents/later`).type('text/plain').send('a <unk>');
    const [probability, logProbability] = await answers();
    // n(a <unk>) is 1 and n(a ·) 3; n(<unk>) is 1 and n(a) 3 of 6 tokens, of which 4 are distinct.
    const unigram = (count: number) => (count + 1 / 4) / 7;
    t.ok(Math.abs(probability - (1 + unigram(1)) / 4) < 1e-15);
    t.ok(Math.abs(logProbability - Math.log(unigram(3) * probability)) < 1e-12);
    await api.delete(`${corpus}/documents/later`);
    t.same(await answers(), before);
  }
});

t.test('where <unk> has no count, an unknown word has what the formula gives the count 0', async (t) => {
  const { api } = inMemory;
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b a c');
  const ask = async (context: string, word: string) =>
    (await api.get('/v1/corpora/c/probability').query({ context, word, order: 2 })).body;
  for (const word of ['never', '<unk>']) {
    t.match(await ask('a', word), { in_vocabulary: false, probability: 1 / 15 / 3 });
    t.match(await ask(word, 'a'), { in_vocabulary: true, probability: (2 + 1 / 3) / 5 });
  }
});
