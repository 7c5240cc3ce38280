import fc from 'fast-check';
import t from 'tap';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  estimatorNames,
} from '../../src/estimators/catalogue.ts';
import type { Estimator } from '../../src/estimators/estimator.ts';
import type { CorpusTotals } from '../../src/estimators/numbers.ts';
import { type Level, type LowCountsOfCounts, UNSEEN } from '../../src/index/count-index.ts';
import { distance, dividedBy, exactly, isZero, minus, plus, type Rational, times } from './rational.ts';

const modelOrder = 3;
const mostCounts = 2 ** 53;

/** Doubles from the smallest to the largest, all magnitudes alike, and those where something can go wrong. */
const positive = fc.oneof(
  fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
  fc.constantFrom(Number.MIN_VALUE, 1e-320, 2.2250738585072014e-308, 1e-300, 1e-16, 0.3, 1, 3),
  fc.constantFrom(1e16, 1e300, 1e308, Number.MAX_VALUE / 3, Number.MAX_VALUE),
);
const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, Number.MIN_VALUE, 1e-320, 1e-300, 1e-16, 0.3, 1 - 2 ** -53, 1),
);
const size = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.maxSafeInteger().map(Math.abs).filter(Boolean),
  fc.constant(mostCounts),
);

/**
 * What the counts of a corpus can say about a context and a word: some words follow once, some twice, and the others
 * more often.
 */
const levelOf = (order: number, vocabularySize: number) =>
  fc
    .record({
      once: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: vocabularySize })),
      twice: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: vocabularySize })),
      more: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: vocabularySize })),
      most: size,
      occurs: fc.nat({ max: 3 }),
    })
    .map(({ once, twice, more, most, occurs }): Level => {
      const fewest = once + twice + more === 0 ? 1 : once;
      const others = fewest + 2 * twice + 3 * Math.max(more - 1, 0);
      // The most frequent word occurs up to 2^53 times less the others.
      const frequent = more === 0 ? 0 : Math.max(3, Math.min(most, mostCounts - others));
      const counts = [0, fewest > 0 ? 1 : 0, twice > 0 ? 2 : 0, frequent];
      return {
        order,
        contextCount: others + frequent,
        count: counts[occurs],
        followers: fewest + twice + more,
        once: fewest,
        twice,
      };
    });
const nothing = (order: number): Level => ({
  order,
  contextCount: 0,
  count: 0,
  followers: 0,
  once: 0,
  twice: 0,
});

/** The levels of a word, lowest first; above one that nothing follows nothing follows any. */
const question = fc.integer({ min: 1, max: 2 ** 31 }).chain((vocabularySize) =>
  fc.record({
    vocabularySize: fc.constant(vocabularySize),
    levels: fc
      .tuple(
        fc.tuple(...Array.from({ length: modelOrder }, (_, i) => levelOf(i + 1, vocabularySize))),
        fc.integer({ min: 1, max: modelOrder }),
      )
      .map(([levels, seen]) => levels.map((level, i): Level => (i < seen ? level : nothing(i + 1)))),
  }),
);

/** All that an estimator needs to know of a corpus. */
const corpusOf = (vocabularySize: number, lowCounts: LowCountsOfCounts): CorpusTotals => ({
  totals: { version: 1, tokens: mostCounts, vocabularySize, distinct: [vocabularySize] },
  lowCountsOfCounts: () => lowCounts,
  unknown: UNSEEN,
});

/** P by the formula of an estimator in exact arithmetic of the very doubles that it was given. */
type Formula = (levels: readonly Level[], vocabularySize: number, estimator: Estimator) => Rational;

const whole = (value: number) => exactly(BigInt(value));
const ofOrder = (values: unknown, order: number) => exactly((values as number[])[order - 1]);
const mostLikely = ({ count, contextCount }: Level) => dividedBy(whole(count), whole(contextCount));

function interpolated(
  levels: readonly Level[],
  base: Rational,
  parts: (level: Level) => { left: Rational; mass: Rational; total: Rational },
): Rational {
  return levels.reduce((lower, level) => {
    const { left, mass, total } = parts(level);
    return isZero(total) ? lower : dividedBy(plus(left, times(mass, lower)), total);
  }, base);
}

function discounting(discountOf: (level: Level, count: number) => Rational): Formula {
  return (levels, vocabularySize, { name }) => {
    const base = dividedBy(
      whole(1),
      whole(name.endsWith('kneser-ney') ? vocabularySize + 1 : vocabularySize),
    );
    return interpolated(levels, base, (level) => {
      const { count, contextCount, followers, once, twice } = level;
      const left = minus(whole(count), discountOf(level, count));
      const mass = plus(
        times(discountOf(level, 1), whole(once)),
        times(discountOf(level, 2), whole(twice)),
        times(discountOf(level, 3), whole(followers - once - twice)),
      );
      return { left: count === 0 || left.over < 0n ? whole(0) : left, mass, total: whole(contextCount) };
    });
  };
}

const formulas: Record<EstimatorName, Formula> = {
  laplace: (levels, vocabularySize, { parameters: { epsilon } }) =>
    interpolated(levels, dividedBy(whole(1), whole(vocabularySize)), ({ order, count, contextCount }) => ({
      left: whole(count),
      mass: ofOrder(epsilon, order),
      total: plus(whole(contextCount), ofOrder(epsilon, order)),
    })),
  mle: (levels) => mostLikely(levels[levels.length - 1]),
  additive: (levels, vocabularySize, { parameters: { k } }) => {
    const { count, contextCount } = levels[levels.length - 1];
    const added = exactly(k as number);
    return dividedBy(
      plus(whole(count), added),
      plus(whole(contextCount), times(added, whole(vocabularySize))),
    );
  },
  'jelinek-mercer': (levels, _, { parameters: { lambda } }) => {
    const seen = levels.filter(({ contextCount }) => contextCount > 0);
    const weights = (lambda as number[]).map((weight) => exactly(weight));
    const weightOf = (i: number) => (i < seen.length - 1 ? weights[i] : plus(...weights.slice(i)));
    return dividedBy(
      plus(...seen.map((level, i) => times(weightOf(i), mostLikely(level)))),
      plus(...weights),
    );
  },
  'witten-bell': (levels, vocabularySize) =>
    interpolated(
      levels,
      dividedBy(whole(1), whole(vocabularySize)),
      ({ count, contextCount, followers }) => ({
        left: whole(count),
        mass: whole(followers),
        total: plus(whole(contextCount), whole(followers)),
      }),
    ),
  'absolute-discounting': (levels, vocabularySize, estimator) =>
    discounting(({ order }) => ofOrder(estimator.parameters.discount, order))(
      levels,
      vocabularySize,
      estimator,
    ),
  'kneser-ney': (levels, vocabularySize, estimator) =>
    discounting(({ order }) => exactly((estimator.parameters.discounts as number[][])[order - 1][0]))(
      levels,
      vocabularySize,
      estimator,
    ),
  'modified-kneser-ney': (levels, vocabularySize, estimator) =>
    discounting(({ order }, count) =>
      exactly((estimator.parameters.discounts as number[][])[order - 1][Math.min(Math.max(count, 1), 3) - 1]),
    )(levels, vocabularySize, estimator),
  'stupid-backoff': ([unigram, ...longer], _, { parameters: { alpha } }) =>
    longer.reduce(
      (lower, level) => (level.count > 0 ? mostLikely(level) : times(exactly(alpha as number), lower)),
      mostLikely(unigram),
    ),
};

/** Weights that add up to 1 as nearly as doubles can, some of them of any size below. */
const lambda = fc
  .tuple(
    fc.array(share, { minLength: modelOrder - 1, maxLength: modelOrder - 1 }),
    fc.nat({ max: modelOrder - 1 }),
  )
  .map(([weights, at]) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const others = sum > 1 ? weights.map((weight) => weight / sum) : weights;
    const rest = Math.max(0, 1 - others.reduce((a, b) => a + b, 0));
    return others.toSpliced(at, 0, rest);
  });
const lowCounts = fc
  .tuple(size, size, size, size)
  .map((counts) => counts.toSorted((a, b) => b - a) as unknown as LowCountsOfCounts);

const perOrder = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: 1, maxLength: modelOrder });
/** Parameters from the whole of their ranges. */
const parameters: Record<EstimatorName, fc.Arbitrary<EstimatorParameters>> = {
  laplace: fc.record({ epsilon: perOrder(fc.oneof(positive, fc.constant(0))) }),
  mle: fc.constant({}),
  additive: fc.record({ k: positive }),
  'jelinek-mercer': fc.record({ lambda }),
  'witten-bell': fc.constant({}),
  'absolute-discounting': fc.record({ discount: perOrder(share) }),
  'kneser-ney': fc.constant({}),
  'modified-kneser-ney': fc.constant({}),
  'stupid-backoff': fc.record({ alpha: share }),
};

for (const name of estimatorNames) {
  t.test(
    `${name} agrees with exact arithmetic for the smallest to the largest parameters and counts`,
    async (t) => {
      fc.assert(
        fc.property(
          question,
          parameters[name],
          lowCounts,
          ({ vocabularySize, levels }, parameters, lowCounts) => {
            const corpus = corpusOf(vocabularySize, lowCounts);
            const estimator = createEstimator(name, parameters, modelOrder, corpus);
            for (const { order } of levels) {
              const read = estimator.reads(order).levels.map(({ order }) => levels[order - 1]);
              const probability = estimator.probability(read);
              if (name === 'mle' && read[0].contextCount === 0) {
                t.equal(probability, null);
                continue;
              }
              if (probability === null) throw new Error('There is a probability.');
              const exact = formulas[name](read, vocabularySize, estimator);
              const { relative, steps } = distance(probability, exact);
              // Numbers near the smallest double have fewer digits: there its steps count.
              const isExact = relative <= 1e-13 || steps <= 8;
              const isProbability = probability >= 0 && probability <= 1;
              if (!isExact || !isProbability) {
                throw new Error(`${probability} is off by ${relative}, ${steps} steps`);
              }
            }
          },
        ),
        { numRuns: 500 },
      );
      t.pass();
    },
  );
}
