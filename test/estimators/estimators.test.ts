import fc from 'fast-check';
import t from 'tap';
import { createEstimator, estimatorNames } from '../../src/estimators/catalogue.ts';
import type { Estimator } from '../../src/estimators/estimator.ts';
import { explain } from '../../src/estimators/explain.ts';
import { UNSEEN } from '../../src/index/count-index.ts';
import { OracleIndex } from './oracle.ts';

const word = fc.integer({ min: 1, max: 5 });
const corpus = fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });
/** Also words that the corpus does not have. */
const anyWord = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(UNSEEN));
const context = fc.array(anyWord, { maxLength: 3 });
const epsilon = fc.array(fc.constantFrom(0, 0.01, 0.25, 0.5, 1, 3), { minLength: 1, maxLength: 4 });

function probability(
  estimator: Estimator,
  index: OracleIndex,
  context: number[],
  word: number,
): number | null {
  const levels = index.levels(context, word, estimator.orders(context.length + 1));
  return estimator.probability(levels, index.totals.vocabularySize);
}

t.test('laplace is the chapter’s formula', async (t) => {
  fc.assert(
    fc.property(corpus, context, anyWord, epsilon, (sequences, context, word, epsilon) => {
      const index = new OracleIndex(sequences);
      const { tokens: n, vocabularySize: m } = index.totals;
      const e = (order: number) => epsilon[Math.min(order, epsilon.length) - 1];
      const unigram = (index.count([word]) + e(1) / m) / (n + e(1));
      const order = context.length + 1;
      const denominator = index.contextCount(context) + e(order);
      const expected =
        order === 1 || denominator === 0
          ? unigram
          : (index.count([...context, word]) + e(order) * unigram) / denominator;
      const actual = probability(createEstimator('laplace', { epsilon }, 4), index, context, word) as number;
      t.ok(Math.abs(actual - expected) <= 1e-15, `${actual} is ${expected}`);
    }),
  );
});

t.test('mle is the share of the continuations, null after what nothing follows', async (t) => {
  fc.assert(
    fc.property(corpus, context, anyWord, (sequences, context, word) => {
      const index = new OracleIndex(sequences);
      const followed = index.contextCount(context);
      const expected = followed === 0 ? null : index.count([...context, word]) / followed;
      t.equal(probability(createEstimator('mle', {}, 4), index, context, word), expected);
    }),
  );
});

t.test('additive is Lidstone’s formula', async (t) => {
  fc.assert(
    fc.property(corpus, context, anyWord, fc.constantFrom(0.1, 1, 2), (sequences, context, word, k) => {
      const index = new OracleIndex(sequences);
      const expected =
        (index.count([...context, word]) + k) /
        (index.contextCount(context) + k * index.totals.vocabularySize);
      t.equal(probability(createEstimator('additive', { k }, 4), index, context, word), expected);
    }),
  );
});

t.test('every distribution sums to one, after seen, unseen and empty contexts', async (t) => {
  fc.assert(
    fc.property(corpus, context, epsilon, (sequences, context, epsilon) => {
      const index = new OracleIndex(sequences);
      for (const name of estimatorNames) {
        const estimator = createEstimator(name, name === 'laplace' ? { epsilon } : {}, 4);
        const all = index.vocabulary().map((word) => probability(estimator, index, context, word));
        if (all.includes(null)) {
          t.ok(name === 'mle' && all.every((p) => p === null));
          continue;
        }
        const sum = (all as number[]).reduce((a, b) => a + b, 0);
        t.ok(Math.abs(sum - 1) < 1e-9, `${name} sums to ${sum}`);
      }
    }),
  );
});

t.test('explain gives the probability at each order, highest first, as asked for alone', async (t) => {
  fc.assert(
    fc.property(corpus, context, anyWord, (sequences, context, word) => {
      const index = new OracleIndex(sequences);
      for (const name of estimatorNames) {
        const estimator = createEstimator(name, {}, 4);
        const levels = explain(estimator, index, context, word);
        t.same(
          levels.map(({ order, probability }) => ({ order, probability })),
          levels.map(({ order }) => ({
            order,
            probability: probability(estimator, index, context.slice(context.length - (order - 1)), word),
          })),
        );
        t.equal(levels[0].order, context.length + 1);
      }
    }),
    { numRuns: 30 },
  );
});

t.test('a parameter that is wrong, or another estimator’s, is named', async (t) => {
  for (const [name, parameters, pointer, says] of [
    ['laplace', { k: 1 }, '/k', /laplace, which takes epsilon/],
    ['mle', { epsilon: [1] }, '/epsilon', /mle, which takes none/],
    ['laplace', { epsilon: [1, Number.NaN] }, '/epsilon', /finite/],
    ['laplace', { epsilon: [-1] }, '/epsilon', /negative/],
    ['laplace', { epsilon: [1, 1, 1, 1] }, '/epsilon', /4 values .*order 3/],
    ['additive', { k: Number.POSITIVE_INFINITY }, '/k', /finite/],
    ['additive', { k: -0.5 }, '/k', /negative/],
  ] as const) {
    t.throws(() => createEstimator(name, parameters, 3), {
      code: 'invalid-request',
      message: says,
      errors: [{ pointer }],
    });
  }
});
