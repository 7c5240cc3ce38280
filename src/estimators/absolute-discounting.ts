import { fallbackOrders, singleDiscount } from './discounts.ts';
import { type CorpusTotals, orderNumbers, ordersTo, type Smoothing, uniform } from './numbers.ts';
import { perOrder } from './parameters.ts';

/**
 * Absolute discounting, interpolated (Ney, Essen & Kneser 1994; Chen & Goodman 1998, section 2.6): the lower
 * distribution gets what is taken off the counts.
 *
 *     P(w|h) = (max(n(hw) - D, 0) + D · T(h) · P(w|h')) / n(h·)
 *
 * with one D in [0, 1] for each order, estimated where `discount` is left out.
 */
export function absoluteDiscounting(
  order: number,
  corpus: CorpusTotals,
  discount?: readonly number[],
): Smoothing {
  const discounts =
    discount === undefined
      ? ordersTo(order).map((order) => singleDiscount(corpus.lowCountsOfCounts(order, false)))
      : perOrder('discount', discount, order, 1).map((value) => ({ discounts: [value], isFallback: false }));
  return {
    parameters: { discount: discounts.map(({ discounts: [d] }) => d), ...fallbackOrders(discounts) },
    numbers: {
      form: 'interpolation',
      lower: 'next',
      base: uniform(corpus.totals.vocabularySize),
      orders: discounts.map(({ discounts: [d] }) =>
        orderNumbers({ counts: 'occurrences', discounts: [d, d, d], mass: [0, d, d, d], extra: [0, 0] }),
      ),
    },
  };
}
