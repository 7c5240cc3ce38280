import type { CountedAs, CountIndex } from '../index/count-index.ts';

/** The facts about a whole corpus from which an estimator's numbers are computed. */
export type CorpusTotals = Pick<CountIndex, 'totals' | 'unknown' | 'lowCountsOfCounts'>;

/**
 * An interpolated estimator at one order:
 *
 *     P(w|h) = (max(n(hw) - D, 0) + mass · P(w|lower)) / (n(h·) + extra)
 *
 *     D      = D1, D2 or D3+, where n(hw) is 1, 2, or 3 and more
 *     mass   = m0 + m1·N1(h·) + m2·N2(h·) + m3·N3+(h·)
 *     extra  = e0 + e1·T(h)
 *
 * N1, N2, N3+ and T count the distinct words that follow h once, twice, three times or more, and at all.
 */
export interface OrderNumbers {
  readonly counts: CountedAs;
  /** What is taken off a count of 1, of 2, and of 3 and more. */
  readonly d1: number;
  readonly d2: number;
  readonly d3: number;
  /** What the lower distribution gets. */
  readonly m0: number;
  readonly m1: number;
  readonly m2: number;
  readonly m3: number;
  /** What is added to the denominator. */
  readonly e0: number;
  readonly e1: number;
}

/**
 * The lower distribution is that of the next lower order, or at every order that of the unigrams. Below the unigrams
 * every word has `base`. After a context that nothing follows, P(w|h) = P(w|lower).
 */
export interface Interpolation {
  readonly form: 'interpolation';
  readonly lower: 'next' | 'unigram';
  readonly base: number;
  /** Order 1 first. */
  readonly orders: readonly OrderNumbers[];
}

/**
 * There is no lower distribution; the mass is added to every count, as if P(w|lower) were 1. If the denominator is 0,
 * the probability is undefined.
 */
export interface StandAlone {
  readonly form: 'stand-alone';
  /** The same at every order. */
  readonly order: OrderNumbers;
}

/**
 * A weighted mean of the maximum-likelihood estimates n(hw) / n(h·) of the orders whose contexts were seen, s being the
 * highest of them:
 *
 *     P(w|h) = (Σᵢ﹤ₛ weightᵢ · n(hᵢw) / n(hᵢ·) + restₛ · n(hₛw) / n(hₛ·)) / wholeₛ
 */
export interface Mixture {
  readonly form: 'mixture';
  /** Order 1 first. */
  readonly orders: readonly MixedOrder[];
}

export interface MixedOrder {
  /** The weight of an order below the highest whose context was seen. */
  readonly weight: number;
  /** The weight of the highest: its own and those of the orders above it. */
  readonly rest: number;
  /** The sum of the weights, added up as the probabilities are, so that none comes out above 1. */
  readonly whole: number;
}

/** The highest order at which hw was seen gives n(hw) / n(h·), times `factor` for each order above it. */
export interface ScaledBackoff {
  readonly form: 'scaled back-off';
  readonly factor: number;
}

/**
 * Everything that defines an estimator besides the counts: plain data that can be evaluated in any thread or process.
 */
export type EstimatorNumbers = Interpolation | StandAlone | Mixture | ScaledBackoff;

/** An estimator's numbers, and its parameters in use as answers name them. */
export interface Smoothing {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly numbers: EstimatorNumbers;
}

/** The numbers of an order, from the groups of a table: D1, D2, D3+; m0, m1, m2, m3; e0, e1. */
export function orderNumbers({
  counts,
  discounts,
  mass,
  extra,
}: {
  counts: CountedAs;
  discounts: readonly [d1: number, d2: number, d3: number];
  mass: readonly [m0: number, m1: number, m2: number, m3: number];
  extra: readonly [e0: number, e1: number];
}): OrderNumbers {
  const [d1, d2, d3] = discounts;
  const [m0, m1, m2, m3] = mass;
  const [e0, e1] = extra;
  return { counts, d1, d2, d3, m0, m1, m2, m3, e0, e1 };
}

/** 1, 2, … `order`. */
export function ordersTo(order: number): number[] {
  const orders: number[] = [];
  for (let k = 1; k <= order; k++) orders.push(k);
  return orders;
}

/** The uniform probability of each of m words; 0 in a corpus without words. */
export function uniform(vocabularySize: number): number {
  return vocabularySize === 0 ? 0 : 1 / vocabularySize;
}
