import { type CorpusTotals, orderNumbers, ordersTo, type Smoothing, uniform } from './numbers.ts';

const everyOrder = orderNumbers({
  counts: 'occurrences',
  discounts: [0, 0, 0],
  mass: [0, 1, 1, 1],
  extra: [0, 1],
});

/**
 * Witten–Bell smoothing, interpolated (Witten & Bell 1991; Chen & Goodman 1998, section 2.4): the lower distribution
 * has the weight of one occurrence for each distinct word that follows h.
 *
 *     P(w|h) = (n(hw) + T(h) · P(w|h')) / (n(h·) + T(h))
 */
export function wittenBell(order: number, { totals }: CorpusTotals): Smoothing {
  return {
    parameters: {},
    numbers: {
      form: 'interpolation',
      lower: 'next',
      base: uniform(totals.vocabularySize),
      orders: ordersTo(order).map(() => everyOrder),
    },
  };
}
