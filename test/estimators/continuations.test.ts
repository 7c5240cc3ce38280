import fc from 'fast-check';
import t from 'tap';
import { createEstimator } from '../../src/estimators/catalogue.ts';
import { type Continuation, topContinuations } from '../../src/estimators/continuations.ts';
import type { Estimator } from '../../src/estimators/estimator.ts';
import { type CountIndex, UNSEEN } from '../../src/index/count-index.ts';
import { rankContinuations } from '../../src/index/ranking.ts';
import { OracleIndex } from './oracle.ts';

const corpus = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 3,
});
const context = fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(UNSEEN)), { maxLength: 2 });
const estimator = fc.oneof(
  fc.constant(() => createEstimator('mle', {}, 3)),
  fc.constantFrom(0, 0.5, 1e300).map((k) => () => createEstimator('additive', { k }, 3)),
  fc
    .array(fc.constantFrom(0, 1e-12, 0.5, 1, 1e300), { minLength: 1, maxLength: 3 })
    .map((epsilon) => () => createEstimator('laplace', { epsilon }, 3)),
);

/** What sorting the whole vocabulary gives. */
function sortEverything(
  estimator: Estimator,
  index: OracleIndex,
  context: number[],
  among?: ReadonlySet<number>,
): Continuation[] {
  const order = context.length + 1;
  return index
    .vocabulary()
    .filter((word) => among === undefined || among.has(word))
    .flatMap((word) => {
      const levels = index.levels(context, word, estimator.orders(order));
      const probability = estimator.probability(levels, index.totals.vocabularySize);
      return probability === null ? [] : [{ word, probability, count: index.count([...context, word]) }];
    })
    .sort((a, b) => b.probability - a.probability || a.word - b.word);
}

t.test(
  'top-k is what sorting the whole vocabulary gives, ties by id, for every estimator and k',
  async (t) => {
    fc.assert(
      fc.property(
        corpus,
        context,
        estimator,
        fc.integer({ min: 1, max: 12 }),
        (sequences, context, create, k) => {
          const index = new OracleIndex(sequences);
          t.same(
            topContinuations(create(), index, context, context.length + 1, k),
            sortEverything(create(), index, context).slice(0, k),
          );
        },
      ),
      { numRuns: 300 },
    );
  },
);

t.test('among some words, top-k is what sorting these gives', async (t) => {
  fc.assert(
    fc.property(
      corpus,
      context,
      estimator,
      fc.array(fc.integer({ min: 1, max: 9 })),
      (sequences, context, create, some) => {
        const index = new OracleIndex(sequences);
        const among = new Set(some.filter((word) => index.vocabulary().includes(word)));
        t.same(
          topContinuations(create(), index, context, context.length + 1, 3, among),
          sortEverything(create(), index, context, among).slice(0, 3),
        );
      },
    ),
  );
});

t.test('the vocabulary is not walked: a few words of each list tell', async (t) => {
  const size = 50_000;
  const ids = Array.from({ length: size }, (_, i) => i + 1);
  let touched = 0;
  const ranked = (order: number, words: number[], counts: number[]) => {
    const ranking = rankContinuations(
      order,
      counts.reduce((a, b) => a + b, 0),
      words,
      counts,
    );
    const word = (rank: number) => {
      touched++;
      return ranking.word(rank);
    };
    return { ...ranking, word };
  };
  const unigrams = ranked(
    1,
    ids,
    ids.map((id) => Math.ceil(1e6 / id)),
  );
  const bigrams = ranked(
    2,
    ids.slice(100, 10_100),
    ids.slice(0, 10_000).map((id) => Math.ceil(5000 / id)),
  );
  const index: CountIndex = {
    totals: { version: 1, tokens: unigrams.contextCount, vocabularySize: size },
    rankings: (_context, orders) => orders.map((order) => (order === 1 ? unigrams : bigrams)),
    levels: () => t.fail('no level is asked for') as never,
    words: () => t.fail('the vocabulary is not walked') as never,
  };
  for (const estimator of [createEstimator('laplace', {}, 2), createEstimator('mle', {}, 2)]) {
    touched = 0;
    t.equal(topContinuations(estimator, index, [1], 2, 10).length, 10);
    t.ok(touched < 100, `${estimator.name} touched ${touched} words`);
  }
});

t.test('among many words the lists are walked', async (t) => {
  const words = Array.from({ length: 5000 }, (_, i) => i + 1);
  const index = new (class extends OracleIndex {
    override rankings = () => [
      rankContinuations(
        1,
        words.length,
        words,
        words.map(() => 1),
      ),
    ];
  })([words]);
  const among = new Set(words.filter((word) => word % 2 === 0));
  t.same(
    topContinuations(createEstimator('mle', {}, 1), index, [], 1, 3, among).map(({ word }) => word),
    [2, 4, 6],
  );
});
