import fc from 'fast-check';
import t from 'tap';
import { createEstimator, estimatorNames } from '../../src/estimators/catalogue.ts';
import type { Estimator } from '../../src/estimators/estimator.ts';
import { type CountIndex, UNSEEN } from '../../src/index/count-index.ts';
import { rankContinuations } from '../../src/index/ranking.ts';
import { type Continuation, topContinuations } from '../../src/model/continuations.ts';
import { OracleIndex } from '../estimators/oracle.ts';

const modelOrder = 3;
/** Begins each line if sequences are lines. */
const lineStart = 11;
const sequences = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 3,
});
const corpus = fc.oneof(
  sequences.map((documents) => new OracleIndex(documents)),
  sequences.map(
    (lines) =>
      new OracleIndex(
        lines.map((line) => [lineStart, ...line, 10]),
        lineStart,
      ),
  ),
);
const context = fc.array(fc.oneof(fc.integer({ min: 1, max: 11 }), fc.constant(UNSEEN)), { maxLength: 2 });

type Create = (index: CountIndex) => Estimator;
/** Every estimator, and parameters with which words are tied or sums lose their last digits. */
const estimator = fc.oneof(
  fc.constantFrom(...estimatorNames).map(
    (name): Create =>
      (index) =>
        createEstimator(name, {}, modelOrder, index),
  ),
  fc.constantFrom(0, Number.MIN_VALUE, 0.5, 1e300, Number.MAX_VALUE).map(
    (k): Create =>
      (index) =>
        createEstimator('additive', { k }, modelOrder, index),
  ),
  fc.array(fc.constantFrom(0, 1e-320, 1e-12, 0.5, 1, 1e300, 1e308), { minLength: 1, maxLength: 3 }).map(
    (epsilon): Create =>
      (index) =>
        createEstimator('laplace', { epsilon }, modelOrder, index),
  ),
  fc.constantFrom([1, 0, 0], [0, 0, 1], [0, 1, 0], [0.5, 0.25, 0.25], [1, 1e-16, 1e-320]).map(
    (lambda): Create =>
      (index) =>
        createEstimator('jelinek-mercer', { lambda }, modelOrder, index),
  ),
  fc.array(fc.constantFrom(0, 1e-320, 0.5, 1 - 2 ** -53, 1), { minLength: 1, maxLength: 3 }).map(
    (discount): Create =>
      (index) =>
        createEstimator('absolute-discounting', { discount }, modelOrder, index),
  ),
  fc.constantFrom(0, 1e-320, 0.1, 0.9, 1).map(
    (alpha): Create =>
      (index) =>
        createEstimator('stupid-backoff', { alpha }, modelOrder, index),
  ),
);

/** The continuations found by sorting the whole vocabulary. */
function sortEverything(
  estimator: Estimator,
  index: OracleIndex,
  context: number[],
  among?: ReadonlySet<number>,
): Continuation[] {
  const reading = estimator.reads(context.length + 1);
  return index
    .vocabulary()
    .filter((word) => among === undefined || among.has(word))
    .flatMap((word) => {
      const levels = index.levels(context, word, reading);
      const probability = estimator.probability(levels);
      const count = levels.at(-1)?.count ?? 0;
      return probability === null ? [] : [{ word, probability, count }];
    })
    .sort((a, b) => b.probability - a.probability || a.word - b.word);
}

t.test(
  'top-k equals the result of sorting the whole vocabulary, with ties by id, for every estimator and k',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        corpus,
        context,
        estimator,
        fc.integer({ min: 1, max: 12 }),
        async (index, context, create, k) => {
          const estimator = create(index);
          t.same(
            await topContinuations(estimator, index, context, { k }),
            sortEverything(estimator, index, context).slice(0, k),
            estimator.name,
          );
        },
      ),
      { numRuns: 1000 },
    );
  },
);

t.test(
  'successive pages, each after the last word of the previous one, cover the whole vocabulary',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        corpus,
        context,
        estimator,
        fc.integer({ min: 1, max: 4 }),
        async (index, context, create, k) => {
          const estimator = create(index);
          const pages: Continuation[] = [];
          for (let after: { word: number; score: number } | undefined; ; ) {
            const page = await topContinuations(estimator, index, context, { k, after });
            pages.push(...page);
            const last = page.at(-1);
            if (last === undefined) break;
            after = { word: last.word, score: last.probability };
          }
          t.same(pages, sortEverything(estimator, index, context));
        },
      ),
      { numRuns: 300 },
    );
  },
);

t.test('top-k among some words equals the result of sorting these', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      corpus,
      context,
      estimator,
      fc.array(fc.integer({ min: 1, max: 9 })),
      async (index, context, create, some) => {
        const among = new Set(some.filter((word) => index.vocabulary().includes(word)));
        const estimator = create(index);
        t.same(
          await topContinuations(estimator, index, context, { k: 3, among }),
          sortEverything(estimator, index, context, among).slice(0, 3),
        );
      },
    ),
  );
});

t.test('only a few words of each list are read, not the whole vocabulary', async (t) => {
  const size = 50_000;
  const ids = Array.from({ length: size }, (_, i) => i + 1);
  let touched = 0;
  const ranked = (order: number, words: number[], counts: number[]) => {
    const contextCount = counts.reduce((a, b) => a + b, 0);
    const countOf = (word: number) => counts[word - words[0]] ?? 0;
    const ranking = rankContinuations({ order, contextCount }, words, counts, countOf);
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
    unknown: UNSEEN,
    totals: { version: 1, tokens: unigrams.contextCount, vocabularySize: size, distinct: [size, 10_000] },
    rankings: (_context, { levels }) => levels.map(({ order }) => (order === 1 ? unigrams : bigrams)),
    levels: (_context, _word, { levels }) => levels.map(({ order }) => ({ ...unigrams, order, count: 0 })),
    lowCountsOfCounts: () => [4, 3, 2, 1],
    hasWord: () => t.fail('no word is looked up') as never,
    words: () => t.fail('the vocabulary is not walked') as never,
  };
  for (const name of estimatorNames) {
    touched = 0;
    const estimator = createEstimator(name, {}, 2, index);
    const found = await topContinuations(estimator, { prepare: () => index }, [1], { k: 10 });
    t.equal(found.length, 10);
    t.ok(touched < 200, `${name} touched ${touched} words`);
  }
});

t.test('top-k among many words reads the lists instead of each word', async (t) => {
  const words = Array.from({ length: 5000 }, (_, i) => i + 1);
  const counts = words.map(() => 1);
  const index = new (class extends OracleIndex {
    override rankings = () => [
      rankContinuations({ order: 1, contextCount: words.length }, words, counts, (word) =>
        words.includes(word) ? 1 : 0,
      ),
    ];
  })([words]);
  const among = new Set(words.filter((word) => word % 2 === 0));
  const found = await topContinuations(createEstimator('mle', {}, 1, index), index, [], { k: 3, among });
  t.same(
    found.map(({ word }) => word),
    [2, 4, 6],
  );
});
