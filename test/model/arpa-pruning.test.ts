import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { EstimatorName, EstimatorParameters } from '../../src/estimators/catalogue.ts';
import { UNSEEN } from '../../src/index/count-index.ts';
import type { Pruning } from '../../src/model/arpa-pruning/pruning.ts';
import { bookTest, testData } from '../http/harness.ts';
import { corpora, exportable } from './arpa-corpora.ts';
import { writeArpa, writePrunedArpa } from './arpa-files.ts';
import { ArpaReader } from './arpa-reader.ts';
import { corpusOf, type ResidentModel } from './models.ts';
import { type BruteModel, bruteModel, prunedByEntropy } from './pruned-models.ts';

/** Thresholds for a model, some of which leave nothing of the higher orders. */
const thresholds = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 })
  .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0)))
  .map((sums) => sums.map((sum) => Math.min(sum, 4)));

const vocabularies = fc.option(
  fc.oneof(
    fc.integer({ min: 1, max: 12 }).map((top) => ({ top })),
    fc.subarray(['a', 'b', 'c', 'd', 'x'], { minLength: 1 }),
  ),
  { nil: undefined },
);

/** The words that a vocabulary limits a corpus to. */
function wordsIn(
  { index, idOf, tokenOf }: ResidentModel,
  vocabulary: { top: number } | string[] | undefined,
): Set<string> | undefined {
  if (vocabulary === undefined) return undefined;
  if (Array.isArray(vocabulary)) return new Set(vocabulary);
  const always = ['<unk>', '<s>', '</s>'].map(idOf);
  const reading = { levels: [{ order: 1, counts: 'occurrences' as const }], followers: false };
  const ranked = [...index.words()]
    .filter((id) => !always.includes(id))
    .map((id) => ({ id, count: index.levels([], id, reading)[0].count }))
    .sort((a, b) => b.count - a.count || a.id - b.id);
  return new Set(ranked.slice(0, vocabulary.top).map(({ id }) => tokenOf(id)));
}

/** The pruning as a request has it. */
function pruningOf(
  order: number,
  thresholds: readonly number[],
  vocabulary: { top: number } | string[] | undefined,
): Pruning {
  const list = (words: string[]) => ({ list: Buffer.from(words.join('\n')) });
  return {
    thresholds: thresholds.slice(0, order),
    vocabulary: Array.isArray(vocabulary) ? list(vocabulary) : vocabulary,
  };
}

/** How a file differs from a model, in log10; undefined if it does not. */
function difference(
  file: ArpaReader,
  { orders }: BruteModel,
  { tokenOf, idOf }: ResidentModel,
): string | undefined {
  const written = (id: number) => (tokenOf(id) === ' ' ? '<space>' : tokenOf(id));
  for (const [i, entries] of orders.entries()) {
    const found = file.ngrams[i];
    const added = i > 0 ? [] : ['<unk>', '<s>', '</s>'].filter((mark) => !entries.has(String(idOf(mark))));
    const expected = entries.size + added.filter((mark) => found.has(mark)).length;
    if (found.size !== expected || file.announced[i] !== expected) {
      return `${found.size} n-grams of order ${i + 1}, ${file.announced[i]} announced, expected ${expected}`;
    }
    for (const { ngram, probability, backoff } of entries.values()) {
      const words = ngram.map(written).join(' ');
      const entry = found.get(words);
      if (entry === undefined) return `${words} is missing`;
      if (!isNear(entry.logProbability, probability)) {
        return `${words} has ${10 ** entry.logProbability}, expected ${probability}`;
      }
      if (!isNear(entry.backoff, backoff)) {
        return `the weight of ${words} is ${10 ** entry.backoff}, expected ${backoff}`;
      }
    }
  }
  return undefined;
}

/** Whether a logarithm of a file is that of a value; rounding errors make no difference to those that are almost 0. */
function isNear(logarithm: number, value: number): boolean {
  if (value < 1e-12) return 10 ** logarithm < 2e-12;
  return Math.abs(logarithm - Math.log10(value)) < 1e-6;
}

/** Runs a check of each model of a corpus. */
async function ofEachModel(
  corpus: ReturnType<typeof corpusOf>,
  highest: number,
  check: (model: ResidentModel) => Promise<void>,
): Promise<void> {
  for (const [estimator, parameters, most] of exportable) {
    for (let order = 1; order <= Math.min(most, highest); order++) {
      const about = (error: unknown) =>
        new Error(`${estimator} ${JSON.stringify(parameters)} of order ${order}: ${error}`);
      await corpus
        .ask(estimator as EstimatorName, check, parameters as EstimatorParameters, order)
        .catch((error) => {
          throw about(error);
        });
    }
  }
}

/** Texts of which each has a word for every tokenizer. */
const withWords = (texts: readonly string[]) => texts.map((text) => `a ${text}`);

/** Whether a pruning would leave no word. */
const leavesNothing = (error: unknown) => /no words would be left/.test(String(error));

t.test('a pruned file has the probabilities and weights that add up to one', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      corpora,
      thresholds,
      vocabularies,
      fc.integer({ min: 1, max: 50 }),
      async ({ settings, texts, takenBack }, thresholds, vocabulary, most) => {
        const corpus = corpusOf(
          t,
          withWords(texts),
          { ...settings, order: Math.min(settings.order, 4) },
          withWords(takenBack),
        );
        await ofEachModel(corpus, Math.min(settings.order, 4), async (model) => {
          const pruning = pruningOf(model.order, thresholds, vocabulary);
          try {
            const file = new ArpaReader(await writeArpa(model, most, pruning));
            const words = wordsIn(model, vocabulary);
            const brute = bruteModel(model, { thresholds: pruning.thresholds, words });
            const found = difference(file, brute, model);
            if (found !== undefined) throw new Error(found);
          } catch (error) {
            if (!leavesNothing(error)) throw error;
          }
        });
      },
    ),
    { numRuns: 5 },
  );
});

/** A corpus whose models have many n-grams that matter little. */
const prunable = {
  settings: { sequences: 'line', tokenizer: 'whitespace', order: 3 } as const,
  texts: Array.from({ length: 20 }, (_, i) => `a b c ${'wxyz'[i % 4]} b ${'abcdefg'[i % 7]} c a`),
  takenBack: [],
};

t.test('without the n-grams that matter least, the others keep their probabilities', async (t) => {
  let pruned = 0;
  let left = 0;
  await fc.assert(
    fc.asyncProperty(
      corpora,
      fc.constantFrom([0], [0, 0, 1]),
      fc.constantFrom(1e-9, 1.2345e-4, 1.2345e-3, 0.0123, 5.4321),
      fc.integer({ min: 1, max: 50 }),
      async ({ settings, texts, takenBack }, thresholds, entropy, most) => {
        const order = Math.min(settings.order, 3);
        const corpus = corpusOf(t, withWords(texts), { ...settings, order }, withWords(takenBack));
        await ofEachModel(corpus, order, async (model) => {
          const pruning = { ...pruningOf(model.order, thresholds, undefined), entropy };
          const file = new ArpaReader(await writePrunedArpa(model, most, pruning));
          const whole = bruteModel(model, pruning);
          const marks = { start: model.idOf('<s>'), end: model.idOf('</s>') };
          const isLine = settings.sequences === 'line';
          const brute = prunedByEntropy(whole, entropy, isLine ? marks : { start: UNSEEN, end: UNSEEN });
          const found = difference(file, brute, model);
          if (found !== undefined) throw new Error(found);
          const numberIn = ({ orders }: BruteModel) => orders.reduce((sum, { size }) => sum + size, 0);
          pruned += numberIn(whole) - numberIn(brute);
          left += numberIn(brute);
        });
      },
    ),
    { numRuns: 8, examples: [[prunable, [0], 1.2345e-3, 50]] },
  );
  t.ok(pruned > 100 && left > 100, `${pruned} n-grams were left out, ${left} were not`);
});

t.test('after each context of a pruned file, probabilities add up to one', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      corpora,
      fc.constantFrom([0], [0, 0, 1], [1, 2]),
      fc.constantFrom(undefined, 1e-3),
      async ({ settings, texts }, thresholds, entropy) => {
        const order = Math.min(settings.order, 3);
        const corpus = corpusOf(t, withWords(texts), { ...settings, order });
        await ofEachModel(corpus, order, async (model) => {
          const pruning = { ...pruningOf(model.order, thresholds, undefined), entropy };
          try {
            const write = entropy === undefined ? writeArpa : writePrunedArpa;
            const file = new ArpaReader(await write(model, 1000, pruning));
            const { words } = bruteModel(model, pruning);
            const token = (id: number) =>
              id === UNSEEN ? '<unk>' : model.tokenOf(id).replace(/^ $/, '<space>');
            for (const context of file.ngrams[Math.max(0, model.order - 2)].keys()) {
              if (context === '</s>' || model.order === 1) continue;
              const history = context.split(' ');
              const total = words
                .map((id) => 10 ** file.logProbability(history, token(id)))
                .reduce((a, b) => a + b, 0);
              if (Math.abs(total - 1) > 1e-5) throw new Error(`after ${context}: ${total}`);
            }
          } catch (error) {
            if (!leavesNothing(error)) throw error;
          }
        });
      },
    ),
    { numRuns: 4 },
  );
});

/**
 * What `lmplz -o 3` of KenLM 4cb443e writes for timemachine.lines.txt: the numbers of n-grams, and some lines with
 * log10 P and the logarithm of the weight.
 */
const ofLmplz: readonly {
  readonly options: string;
  readonly pruning: Pruning;
  readonly announced: readonly number[];
  readonly lines: readonly (readonly [number, string, number?])[];
}[] = [
  {
    options: '--prune 0 0 1',
    pruning: { thresholds: [0, 0, 1] },
    announced: [4582, 20_796, 1704],
    lines: [
      [-4.35254, '<unk>', 0],
      [-2.7440188, 'time', -0.29340637],
      [-1.1445748, '<s> the', -0.10033604],
      [-0.5836303, 'in the', -0.16544957],
      [-1.5893244, 'the time', -0.9790752],
      [-0.27475464, 'the time traveller'],
    ],
  },
  {
    options: '--prune 1 1 3',
    pruning: { thresholds: [1, 1, 3] },
    announced: [2185, 3935, 273],
    lines: [
      [-3.9461987, '<unk>', 0],
      [-2.7277591, 'time', -0.24155852],
      [-1.1365907, '<s> the', -0.04927622],
      [-0.58225334, 'in the', -0.11277841],
      [-1.5870004, 'the time', -0.9244516],
      [-0.27456865, 'the time traveller'],
    ],
  },
  {
    options: '--limit_vocab_file of the 100 most frequent words --prune 0 0 1',
    pruning: { thresholds: [0, 0, 1], vocabulary: { top: 100 } },
    announced: [103, 2090, 684],
    lines: [
      [-2.2819076, '<unk>', 0],
      [-2.1559203, 'time', -0.23872113],
      [-1.1036371, '<s> the', -0.05021317],
      [-0.57772315, 'in the', -0.06609317],
      [-1.5104594, 'the time', -0.9244516],
      [-1.0297554, 'it was the'],
    ],
  },
];

t.test('pruned files of a book are those of lmplz', bookTest, async (t) => {
  const book = readFileSync(join(testData as string, 'timemachine.lines.txt'), 'utf8');
  const corpus = corpusOf(t, [book], { sequences: 'line' });
  for (const { options, pruning, announced, lines } of ofLmplz) {
    const write = (model: ResidentModel) => writeArpa(model, 2 ** 15, pruning);
    const file = new ArpaReader(await corpus.ask('modified-kneser-ney', write));
    t.same(file.announced, announced, options);
    for (const [logProbability, ngram, backoff = 0] of lines) {
      const entry = file.ngrams[ngram.split(' ').length - 1].get(ngram);
      const differences = [logProbability - (entry?.logProbability ?? 9), backoff - (entry?.backoff ?? 9)];
      t.ok(Math.max(...differences.map(Math.abs)) < 1e-6, `${options}: ${ngram}`);
    }
  }
});

const line = 'a b c a b d a b c';

t.test('a word list names the line that is not a word, and must leave words', async (t) => {
  const corpus = corpusOf(t, [line], { sequences: 'line' });
  const write = (pruning: Partial<Pruning>) =>
    corpus.ask('witten-bell', (model) => writeArpa(model, 1000, { thresholds: [0], ...pruning }));
  await t.rejects(write({ vocabulary: { list: Buffer.from('a\nb c') } }), {
    code: 'invalid-request',
    message: /Line 2 of the vocabulary, "b c", is 2 tokens/,
    errors: [{ pointer: '/body/vocabulary' }],
  });
  await t.rejects(write({ vocabulary: { list: Buffer.from('x\ny') } }), {
    code: 'invalid-request',
    errors: [{ pointer: '/body/vocabulary' }],
  });
  await t.rejects(write({ thresholds: [9] }), { errors: [{ pointer: '/prune' }] });
  const { ngrams } = new ArpaReader(await write({ vocabulary: { top: 1 } }));
  t.same([...ngrams[0].keys()].sort(), ['</s>', '<s>', '<unk>', 'a']);
});
