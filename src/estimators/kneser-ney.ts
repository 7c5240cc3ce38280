import {
  type ContextCounts,
  type CountIndex,
  type Followers,
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
  const discountOf = (order: number, count: number) => {
    const { discounts } = ofOrders[order - 1];
    return discounts[Math.min(count, discounts.length) - 1];
  };
  const discounted = (order: number, count: number) =>
    count === 0 ? 0 : Math.max(count - discountOf(order, count), 0);
  const interpolation: Interpolation = {
    discounted: ({ order, count }) => discounted(order, count),
    mass: ({ order, followers }) => discountMass(followers, (count) => discountOf(order, count)),
    denominator: ({ contextCount }: ContextCounts) => contextCount,
  };
  /** What is left of a count can fall from 1 to 2 and from 2 to 3. */
  const atMost: Interpolation = {
    ...interpolation,
    discounted: ({ order, count }) =>
      Math.max(...[1, 2, 3, count].map((less) => (less <= count ? discounted(order, less) : 0))),
  };
  const [unknown] = index.levels([], UNKNOWN, { orders: [1], adjustedBelow: 1 });
  const { vocabularySize } = index.totals;
  const base = uniform(vocabularySize === 0 || unknown.count > 0 ? vocabularySize : vocabularySize + 1);
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

/** What all words after a context are discounted together. */
function discountMass({ once, twice, more }: Followers, discountOf: (count: number) => number): number {
  return discountOf(1) * once + discountOf(2) * twice + discountOf(3) * more;
}
