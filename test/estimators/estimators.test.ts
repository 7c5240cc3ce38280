import fc from 'fast-check';
import t from 'tap';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  estimatorNames,
} from '../../src/estimators/catalogue.ts';
import type { Estimator } from '../../src/estimators/estimator.ts';
import { estimatorOf } from '../../src/estimators/evaluation/evaluate.ts';
import { type Level, UNSEEN } from '../../src/index/count-index.ts';
import { explain } from '../../src/model/explain.ts';
import { OracleIndex, UNKNOWN } from './oracle.ts';

const modelOrder = 4;
/** Where sequences are lines, this token begins each of them. */
const lineStart = 9;
const word = fc.integer({ min: 1, max: 5 });
const document = fc.array(word, { minLength: 1, maxLength: 12 });
const documents = fc
  .array(document, { minLength: 1, maxLength: 4 })
  .map((sequences) => new OracleIndex(sequences));
const lines = fc.array(document, { minLength: 1, maxLength: 6 }).map(
  (sequences) =>
    new OracleIndex(
      sequences.map((sequence) => [lineStart, ...sequence, 8]),
      lineStart,
    ),
);
const corpus = fc.oneof(documents, lines);
/** Also words that the corpus does not have. */
const anyWord = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(UNSEEN));
const context = fc.array(fc.oneof(anyWord, fc.constant(lineStart)), { maxLength: modelOrder - 1 });

const perOrder = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: 1, maxLength: modelOrder });
const lambda = fc
  .array(fc.integer({ min: 0, max: 8 }), { minLength: modelOrder, maxLength: modelOrder })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => weights.map((weight) => weight / weights.reduce((a, b) => a + b)));
/** Parameters in the whole of their ranges. */
const parameters: Record<EstimatorName, fc.Arbitrary<EstimatorParameters>> = {
  laplace: fc.record({ epsilon: perOrder(fc.constantFrom(0, 0.01, 0.25, 0.5, 1, 3)) }),
  mle: fc.constant({}),
  additive: fc.record({ k: fc.constantFrom(0.1, 1, 2) }),
  'jelinek-mercer': fc.oneof(fc.record({ lambda }), fc.constant({})),
  'witten-bell': fc.constant({}),
  'absolute-discounting': fc.oneof(
    fc.record({ discount: perOrder(fc.constantFrom(0, 0.1, 0.5, 1)) }),
    fc.constant({}),
  ),
  'kneser-ney': fc.constant({}),
  'modified-kneser-ney': fc.constant({}),
  'stupid-backoff': fc.record({ alpha: fc.constantFrom(0, 0.4, 1) }),
};

/** What an estimator gives, asked as a service would. */
function ask(estimator: Estimator, index: OracleIndex, context: number[], word: number): number | null {
  return estimator.probability(index.levels(context, word, estimator.reads(context.length + 1)));
}

type Formula = (
  index: OracleIndex,
  parameters: EstimatorParameters,
  context: number[],
  word: number,
) => number | null;

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const at = (values: readonly number[] | undefined, order: number) =>
  (values as number[])[Math.min(order, (values as number[]).length) - 1];

/** How many n-grams of an order have a count, by listing them all. */
function countOfCounts(index: OracleIndex, order: number, adjustedBelow: number, wanted: number): number {
  const ngrams = Array.from({ length: order }).reduce<number[][]>(
    (shorter) => shorter.flatMap((ngram) => [...index.vocabulary(), lineStart].map((id) => [...ngram, id])),
    [[]],
  );
  return ngrams
    .filter((ngram) => order > 1 || ngram[0] !== lineStart)
    .filter((ngram) => index.count(ngram) > 0 && index.readCount(ngram, adjustedBelow) === wanted).length;
}

const oneDiscount = (index: OracleIndex, adjustedBelow: number) => (order: number) => {
  const [n1, n2] = [1, 2].map((count) => countOfCounts(index, order, adjustedBelow, count));
  const discount = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
  return () => discount;
};

const threeDiscounts = (index: OracleIndex, adjustedBelow: number) => (order: number) => {
  const [n1, n2, n3, n4] = [1, 2, 3, 4].map((count) => countOfCounts(index, order, adjustedBelow, count));
  const y = n1 / (n1 + 2 * n2);
  const discounts = [1 - (2 * y * n2) / n1, 2 - (3 * y * n3) / n2, 3 - (4 * y * n4) / n3];
  const usable = discounts.every((d, i) => Number.isFinite(d) && d >= 0 && d <= i + 1);
  return (count: number) => (usable ? discounts : [0.5, 1, 1.5])[Math.min(count, 3) - 1];
};

/** Absolute discounting, whatever is counted below the model's order, word by word over the whole vocabulary. */
function discounting(
  index: OracleIndex,
  adjustedBelow: number,
  discountOf: (order: number) => (count: number) => number,
  base: number,
): (context: number[], word: number) => number {
  const probability = (context: number[] | undefined, word: number): number => {
    if (context === undefined) return base;
    const lower = probability(context.length === 0 ? undefined : context.slice(1), word);
    const discount = discountOf(context.length + 1);
    const counts = index.vocabulary().map((w) => index.readCount([...context, w], adjustedBelow));
    const total = sum(counts);
    if (total === 0) return lower;
    const takenFrom = (count: number) => (count === 0 ? 0 : Math.min(count, discount(count)));
    const count = index.readCount([...context, word], adjustedBelow);
    return (count - takenFrom(count) + sum(counts.map(takenFrom)) * lower) / total;
  };
  return probability;
}

/** Each formula written down once more, from its source, as slowly as can be. */
const formulas: Record<EstimatorName, Formula> = {
  laplace: (index, { epsilon }, context, word) => {
    const { tokens: n, vocabularySize: m } = index.totals;
    const unigram = (index.count([word]) + at(epsilon, 1) / m) / (n + at(epsilon, 1));
    const order = context.length + 1;
    const denominator = index.contextCount(context) + at(epsilon, order);
    if (order === 1 || denominator === 0) return unigram;
    return (index.count([...context, word]) + at(epsilon, order) * unigram) / denominator;
  },
  mle: (index, _, context, word) => {
    const followed = index.contextCount(context);
    return followed === 0 ? null : index.count([...context, word]) / followed;
  },
  additive: (index, { k = 1 }, context, word) =>
    (index.count([...context, word]) + k) / (index.contextCount(context) + k * index.totals.vocabularySize),
  'jelinek-mercer': (index, { lambda = Array(modelOrder).fill(1 / modelOrder) }, context, word) => {
    const weights = [...lambda.slice(0, context.length + 1)];
    for (let i = context.length + 1; i < modelOrder; i++) weights[context.length] += lambda[i];
    const history = (i: number) => context.slice(context.length - i);
    for (let i = context.length; i > 0; i--) {
      if (index.contextCount(history(i)) > 0) continue;
      weights[i - 1] += weights[i];
      weights[i] = 0;
    }
    return sum(
      weights.map((weight, i) =>
        weight === 0 ? 0 : (weight * index.count([...history(i), word])) / index.contextCount(history(i)),
      ),
    );
  },
  'witten-bell': (index, _, context, word) => {
    const probability = (context: number[] | undefined): number => {
      if (context === undefined) return 1 / index.totals.vocabularySize;
      const lower = probability(context.length === 0 ? undefined : context.slice(1));
      const types = index.vocabulary().filter((w) => index.count([...context, w]) > 0).length;
      if (types === 0) return lower;
      return (index.count([...context, word]) + types * lower) / (index.contextCount(context) + types);
    };
    return probability(context);
  },
  'absolute-discounting': (index, { discount }, context, word) => {
    const discountOf =
      discount === undefined ? oneDiscount(index, 1) : (order: number) => () => at(discount, order);
    return discounting(index, 1, discountOf, 1 / index.totals.vocabularySize)(context, word);
  },
  'kneser-ney': (index, _, context, word) =>
    discounting(
      index,
      modelOrder,
      (order) => oneDiscount(index, order < modelOrder ? modelOrder : 1)(order),
      1 / (index.totals.vocabularySize + 1),
    )(context, word),
  'modified-kneser-ney': (index, _, context, word) =>
    discounting(
      index,
      modelOrder,
      (order) => threeDiscounts(index, order < modelOrder ? modelOrder : 1)(order),
      1 / (index.totals.vocabularySize + 1),
    )(context, word),
  'stupid-backoff': (index, { alpha = 0.4 }, context, word) => {
    const score = (context: number[]): number => {
      const count = index.count([...context, word]);
      if (context.length === 0) return count / index.totals.tokens;
      return count > 0 ? count / index.contextCount(context) : alpha * score(context.slice(1));
    };
    return score(context);
  },
};

for (const name of estimatorNames) {
  t.test(`${name} equals its formula, computed by brute force`, async (t) => {
    fc.assert(
      fc.property(corpus, parameters[name], context, anyWord, (index, parameters, context, word) => {
        const actual = ask(createEstimator(name, parameters, modelOrder, index), index, context, word);
        const expected = formulas[name](index, parameters, context, word);
        if (expected === null || actual === null) t.equal(actual, expected);
        else t.ok(Math.abs(actual - expected) <= 1e-12, `${actual} is ${expected}`);
      }),
      { numRuns: name.endsWith('kneser-ney') ? 50 : 100 },
    );
  });

  t.test(`${name}: the whole distribution sums to one, after seen, unseen and empty contexts`, async (t) => {
    fc.assert(
      fc.property(corpus, parameters[name], context, (index, parameters, context) => {
        const estimator = createEstimator(name, parameters, modelOrder, index);
        const words = name.endsWith('kneser-ney') ? [...index.vocabulary(), UNKNOWN] : index.vocabulary();
        const all = words.map((word) => ask(estimator, index, context, word));
        if (all.includes(null)) {
          t.ok(name === 'mle' && all.every((probability) => probability === null));
          return;
        }
        const total = sum(all as number[]);
        const isOne = Math.abs(total - 1) < 1e-9;
        t.ok(isOne || !estimator.normalized, `sums to ${total}`);
      }),
    );
  });
}

t.test('the distribution sums to one under the least and the greatest parameters too', async (t) => {
  const anySize = fc.oneof(
    fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
    fc.constantFrom(Number.MIN_VALUE, 1e-320, 1e300, Number.MAX_VALUE),
  );
  const part = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1e-320, 1 - 2 ** -53));
  const extremes: [EstimatorName, fc.Arbitrary<EstimatorParameters>][] = [
    ['laplace', fc.record({ epsilon: perOrder(fc.oneof(anySize, fc.constant(0))) })],
    ['additive', fc.record({ k: anySize })],
    ['absolute-discounting', fc.record({ discount: perOrder(part) })],
    ['jelinek-mercer', part.map((share) => ({ lambda: [1 - share, 0, 1e-320, share] }))],
  ];
  for (const [name, parameters] of extremes) {
    fc.assert(
      fc.property(corpus, parameters, context, (index, parameters, context) => {
        const estimator = createEstimator(name, parameters, modelOrder, index);
        const total = sum(
          index.vocabulary().map((word) => ask(estimator, index, context, word) ?? Number.NaN),
        );
        t.ok(Math.abs(total - 1) < 1e-12, `${name}: ${total}`);
      }),
    );
  }
});

t.test('atMost is the highest value of all words whose counts are no higher', async (t) => {
  fc.assert(
    fc.property(
      corpus,
      fc.constantFrom(...estimatorNames).chain((name) => parameters[name].map((p) => [name, p] as const)),
      context,
      fc.array(fc.nat({ max: 5 }), { minLength: modelOrder, maxLength: modelOrder }),
      (index, [name, parameters], context, counts) => {
        const estimator = createEstimator(name, parameters, modelOrder, index);
        const levels = index.levels(context, UNSEEN, estimator.reads(context.length + 1));
        const withCounts = (counts: number[]) => levels.map((level, i) => ({ ...level, count: counts[i] }));
        const lower = levels.reduce<number[][]>(
          (shorter, _, i) =>
            shorter.flatMap((chosen) =>
              Array.from({ length: counts[i] + 1 }, (_, count) => [...chosen, count]),
            ),
          [[]],
        );
        const values = lower.map((counts) => estimator.probability(withCounts(counts)));
        const highest = values.includes(null) ? null : Math.max(...(values as number[]));
        t.equal(estimator.atMost(withCounts(counts)), highest, name);
      },
    ),
    { numRuns: 300 },
  );
});

t.test('each method’s numbers at an order are those of its source', async (t) => {
  const index = new OracleIndex([[1, 2, 1, 2, 1, 3, 1, 4, 5, 5, 5, 2, 2, 1, 1]]);
  const [m, n] = [5, 15];
  t.match(index.totals, { vocabularySize: m, tokens: n });
  const numbersOf = (name: EstimatorName, parameters: EstimatorParameters = {}) =>
    createEstimator(name, parameters, 2, index).numbers;
  const order = (
    counts: 'occurrences' | 'continuations',
    discounts: number[],
    mass: number[],
    extra: number[],
  ) => {
    const [[d1, d2, d3], [m0, m1, m2, m3], [e0, e1]] = [discounts, mass, extra];
    return { counts, d1, d2, d3, m0, m1, m2, m3, e0, e1 };
  };
  const none = [0, 0, 0];
  const form = 'interpolation';
  t.same(numbersOf('laplace', { epsilon: [3, 0.5] }), {
    form,
    lower: 'unigram',
    base: 1 / m,
    orders: [
      order('occurrences', none, [3, 0, 0, 0], [3, 0]),
      order('occurrences', none, [0.5, 0, 0, 0], [0.5, 0]),
    ],
  });
  const added = order('occurrences', none, [0.5, 0, 0, 0], [0.5 * m, 0]);
  t.same(numbersOf('additive', { k: 0.5 }), { form: 'stand-alone', order: added });
  const asCounted = order('occurrences', none, [0, 0, 0, 0], [0, 0]);
  t.same(numbersOf('mle'), { form: 'stand-alone', order: asCounted });
  const types = order('occurrences', none, [0, 1, 1, 1], [0, 1]);
  t.same(numbersOf('witten-bell'), { form, lower: 'next', base: 1 / m, orders: [types, types] });
  t.same(numbersOf('absolute-discounting', { discount: [0.25, 0.75] }), {
    form,
    lower: 'next',
    base: 1 / m,
    orders: [
      order('occurrences', [0.25, 0.25, 0.25], [0, 0.25, 0.25, 0.25], [0, 0]),
      order('occurrences', [0.75, 0.75, 0.75], [0, 0.75, 0.75, 0.75], [0, 0]),
    ],
  });
  for (const [name, discountsOf] of [
    ['kneser-ney', oneDiscount],
    ['modified-kneser-ney', threeDiscounts],
  ] as const) {
    const [below, top] = [2, 1].map((adjustedBelow, i) =>
      [1, 2, 3].map(discountsOf(index, adjustedBelow)(i + 1)),
    );
    t.same(numbersOf(name), {
      form,
      lower: 'next',
      base: 1 / (m + 1),
      orders: [
        order('continuations', below, [0, ...below], [0, 0]),
        order('occurrences', top, [0, ...top], [0, 0]),
      ],
    });
  }
  t.same(numbersOf('jelinek-mercer', { lambda: [0.25, 0.75] }), {
    form: 'mixture',
    orders: [
      { weight: 0.25, rest: 1, whole: 1 },
      { weight: 0.75, rest: 0.75, whole: 1 },
    ],
  });
  t.same(numbersOf('stupid-backoff', { alpha: 0.3 }), { form: 'scaled back-off', factor: 0.3 });
});

t.test('an estimator is plain data: a copy from another thread gives the same bits', async (t) => {
  fc.assert(
    fc.property(
      corpus,
      fc.constantFrom(...estimatorNames).chain((name) => parameters[name].map((p) => [name, p] as const)),
      context,
      anyWord,
      (index, [name, given], context, word) => {
        const estimator = createEstimator(name, given, modelOrder, index);
        const { parameters, numbers } = estimator;
        const copy = estimatorOf(structuredClone({ name, parameters, numbers }));
        t.equal(ask(copy, index, context, word), ask(estimator, index, context, word));
        const reading = estimator.reads(context.length + 1);
        t.same(copy.reads(context.length + 1), reading);
        const levels = index.levels(context, word, reading);
        t.equal(copy.atMost(levels), estimator.atMost(levels));
        t.equal(copy.backoff?.(levels[levels.length - 1]), estimator.backoff?.(levels[levels.length - 1]));
        t.equal(copy.normalized, estimator.normalized);
      },
    ),
  );
});

t.test('only stupid back-off gives scores that do not sum to one', async (t) => {
  const index = new OracleIndex([[1, 2, 1, 3]]);
  const isNormalized = (name: EstimatorName) => createEstimator(name, {}, 3, index).normalized;
  t.same(
    estimatorNames.filter((name) => !isNormalized(name)),
    ['stupid-backoff'],
  );
});

t.test(
  'an estimator with back-off weights is that back-off model: P(w|h) = b(h) P(w|h’) for unseen hw',
  async (t) => {
    const withWeights = new Set<string>();
    fc.assert(
      fc.property(
        corpus,
        fc.constantFrom(...estimatorNames).chain((name) => parameters[name].map((p) => [name, p] as const)),
        fc.integer({ min: 1, max: modelOrder }),
        context,
        anyWord,
        (index, [name, parameters], order, context, word) => {
          const cut = { ...parameters };
          for (const list of ['epsilon', 'discount'] as const) {
            if (cut[list] !== undefined) cut[list] = cut[list]?.slice(0, order);
          }
          if (name === 'jelinek-mercer') delete cut.lambda;
          const estimator = createEstimator(name, cut, order, index);
          const history = context.slice(Math.max(0, context.length - (order - 1)));
          if (history.length === 0 || index.count([...history, word]) > 0) return;
          const level = index.levels(history, word, estimator.reads(history.length + 1)).at(-1) as Level;
          const backoff = estimator.backoff?.(level);
          if (backoff === undefined) return;
          withWeights.add(name);
          const whole = ask(estimator, index, history, word) as number;
          const lower = ask(estimator, index, history.slice(1), word) as number;
          t.ok(Math.abs(whole - backoff * lower) <= 1e-12, `${name}: ${whole} is ${backoff} · ${lower}`);
        },
      ),
      { numRuns: 1000 },
    );
    t.same([...withWeights].sort(), [
      'absolute-discounting',
      'kneser-ney',
      'laplace',
      'modified-kneser-ney',
      'witten-bell',
    ]);
  },
);

t.test(
  'explain gives the probability at each order, highest first, that a question at that order gives',
  async (t) => {
    fc.assert(
      fc.property(corpus, context, anyWord, (index, context, word) => {
        for (const name of estimatorNames) {
          const estimator = createEstimator(name, {}, modelOrder, index);
          const levels = explain(estimator, index, context, word);
          t.same(
            levels.map(({ order, probability }) => ({ order, probability })),
            levels.map(({ order }) => ({
              order,
              probability: ask(estimator, index, context.slice(context.length - (order - 1)), word),
            })),
          );
          t.equal(levels[0].order, context.length + 1);
        }
      }),
      { numRuns: 30 },
    );
  },
);

t.test('if the counts of counts yield no discounts, fixed ones are used and named', async (t) => {
  const index = new OracleIndex([[1, 2, 3, 4]]);
  const of = (name: EstimatorName) => createEstimator(name, {}, 2, index).parameters;
  t.same(of('modified-kneser-ney'), {
    discounts: [
      [0.5, 1, 1.5],
      [0.5, 1, 1.5],
    ],
    fallback_orders: [1, 2],
  });
  t.same(of('kneser-ney'), { discounts: [[0.5], [0.5]], fallback_orders: [1, 2] });
  t.same(of('absolute-discounting'), { discount: [0.5, 0.5], fallback_orders: [1, 2] });
});

t.test('an error names a parameter that is invalid or belongs to another estimator', async (t) => {
  const index = new OracleIndex([[1, 2, 3]]);
  for (const [name, parameters, pointer, says] of [
    ['laplace', { k: 1 }, '/k', /laplace, which takes epsilon/],
    ['mle', { epsilon: [1] }, '/epsilon', /mle, which takes none/],
    ['modified-kneser-ney', { discount: [1] }, '/discount', /modified-kneser-ney, which takes none/],
    ['laplace', { epsilon: [1, Number.NaN] }, '/epsilon', /finite/],
    ['laplace', { epsilon: [-1] }, '/epsilon', /negative/],
    ['laplace', { epsilon: [1, 1, 1, 1] }, '/epsilon', /4 values .*order 3/],
    ['additive', { k: Number.POSITIVE_INFINITY }, '/k', /finite/],
    ['additive', { k: -0.5 }, '/k', /negative/],
    ['jelinek-mercer', { lambda: [0.5, 0.5] }, '/lambda', /2 values.* order 3 has 3/],
    ['jelinek-mercer', { lambda: [0.5, 0.3, 0.1] }, '/lambda', /must add up to 1, and adds up to 0\.9/],
    ['jelinek-mercer', { lambda: [2, -1, 0] }, '/lambda', /at most 1/],
    ['absolute-discounting', { discount: [1.5] }, '/discount', /at most 1, and 1.5 is not/],
    ['stupid-backoff', { alpha: 1.1 }, '/alpha', /at most 1/],
    ['stupid-backoff', { alpha: Number.NaN }, '/alpha', /finite/],
  ] as const) {
    t.throws(() => createEstimator(name, parameters, 3, index), {
      code: 'invalid-request',
      message: says,
      errors: [{ pointer }],
    });
  }
});
