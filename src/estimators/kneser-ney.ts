import {
  type ContextCounts,
  type CountIndex,
  type Level,
  type LowCountsOfCounts,
  UNKNOWN,
} from '../index/count-index.ts';
import { type Discounts, fallbackOrders, modifiedDiscounts, singleDiscount } from './discounts.ts';
import {
  backoffWeight,
  type Estimator,
  type Interpolation,
  interpolate,
  ordersTo,
  uniform,
} from './estimator.ts';

/**
 * Kneser–Ney smoothing, interpolated (Kneser & Ney 1995; Chen & Goodman 1998, section 2.7): absolute discounting in
 * which every order below the model's counts the distinct tokens before an n-gram instead of its occurrences. One
 * discount an order.
 */
export function kneserNey(order: number, index: CountIndex): Estimator {
  return interpolatedKneserNey('kneser-ney', order, index, singleDiscount);
}

/**
 * Modified Kneser–Ney smoothing, interpolated (Chen & Goodman 1998, section 3; Heafield et al. 2013, section 3): three
 * discounts an order, for the counts 1, 2, and 3 and more. On lines split at white space it is KenLM's `lmplz`.
 */
export function modifiedKneserNey(order: number, index: CountIndex): Estimator {
  return interpolatedKneserNey('modified-kneser-ney', order, index, modifiedDiscounts);
}

/**
 *     P(w|h) = (max(a(hw) - D(a(hw)), 0) + (D1 N1(h·) + D2 N2(h·) + D3+ N3+(h·)) · P(w|h')) / a(h·)
 *
 * where a is n at the model's order and N1+(·g) below. Under the unigrams, as in KenLM, the words and `<unk>` have
 * equal parts.
 */
function interpolatedKneserNey(
  name: string,
  modelOrder: number,
  index: CountIndex,
  estimate: (lowCounts: LowCountsOfCounts) => Discounts,
): Estimator {
  const ofOrders = ordersTo(modelOrder).map((order) =>
    estimate(index.lowCountsOfCounts(order, order < modelOrder)),
  );
  /** By order and count: none of 0, then D1, D2 and D3+, which are equal where an order has one discount. */
  const discounts = ofOrders.map(({ discounts: [d1, d2 = d1, d3 = d2] }) => Float64Array.of(0, d1, d2, d3));
  const discounted = (order: number, count: number) =>
    Math.max(count - discounts[order - 1][Math.min(count, 3)], 0);
  const interpolation: Interpolation = {
    discounted: ({ order, count }) => discounted(order, count),
    mass: ({ order, followers, once, twice }) => {
      const of = discounts[order - 1];
      return of[1] * once + of[2] * twice + of[3] * (followers - once - twice);
    },
    denominator: ({ contextCount }: ContextCounts) => contextCount,
  };
  /** What is left of a count can fall from 1 to 2 and from 2 to 3. */
  const atMost: Interpolation = {
    ...interpolation,
    discounted: ({ order, count }) =>
      Math.max(...[1, 2, 3, count].map((less) => (less <= count ? discounted(order, less) : 0))),
  };
  const { vocabularySize } = index.totals;
  const isUnknownCounted = index.unknown === UNKNOWN;
  const base = uniform(vocabularySize === 0 || isUnknownCounted ? vocabularySize : vocabularySize + 1);
  return {
    name,
    parameters: { discounts: ofOrders.map(({ discounts }) => discounts), ...fallbackOrders(ofOrders) },
    normalized: true,
    reads: (order) => ({ orders: ordersTo(order), adjustedBelow: modelOrder }),
    probability: (levels: readonly Level[]) => interpolate(interpolation, levels, base),
    atMost: (levels: readonly Level[]) => interpolate(atMost, levels, base),
    backoff: (context) => backoffWeight(interpolation, context),
  };
}
