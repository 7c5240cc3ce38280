import type { CountIndex } from '../index/count-index.ts';
import { fallbackOrders, singleDiscount } from './discounts.ts';
import {
  backoffWeight,
  type Estimator,
  type Interpolation,
  interpolate,
  ordersTo,
  readsAllLevels,
  uniform,
} from './estimator.ts';
import { perOrder } from './parameters.ts';

/**
 * Absolute discounting, interpolated (Ney, Essen & Kneser 1994; Chen & Goodman 1998, section 2.6):
 *
 *     P(w|h) = (max(n(hw) - D, 0) + D · T(h) · P(w|h')) / n(h·)
 *
 * with one D in [0, 1] an order, n1 / (n1 + 2 n2) where `discount` is left out.
 */
export function absoluteDiscounting(
  order: number,
  index: CountIndex,
  discount?: readonly number[],
): Estimator {
  const discounts =
    discount === undefined
      ? ordersTo(order).map((order) => singleDiscount(index.lowCountsOfCounts(order, false)))
      : perOrder('discount', discount, order, 1).map((value) => ({ discounts: [value], isFallback: false }));
  const discountOf = (order: number) => discounts[order - 1].discounts[0];
  const base = uniform(index.totals.vocabularySize);
  const interpolation: Interpolation = {
    discounted: ({ order, count }) => Math.max(count - discountOf(order), 0),
    mass: ({ order, followers }) => discountOf(order) * followers,
    denominator: ({ contextCount }) => contextCount,
  };
  return {
    name: 'absolute-discounting',
    parameters: {
      discount: discounts.map(({ discounts: [value] }) => value),
      ...fallbackOrders(discounts),
    },
    normalized: true,
    reads: readsAllLevels,
    probability: (levels) => interpolate(interpolation, levels, base),
    backoff: (context) => backoffWeight(interpolation, context),
  };
}
