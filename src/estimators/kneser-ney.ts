import { type LowCountsOfCounts, UNSEEN } from '../index/count-index.ts';
import { type Discounts, fallbackOrders, modifiedDiscounts, singleDiscount } from './discounts.ts';
import { type CorpusTotals, orderNumbers, ordersTo, type Smoothing, uniform } from './numbers.ts';

/**
 * Kneser–Ney smoothing, interpolated (Kneser & Ney 1995; Chen & Goodman 1998, section 2.7): absolute discounting in
 * which every order below the model's counts the distinct tokens before an n-gram instead of its occurrences. One
 * discount for each order.
 */
export function kneserNey(order: number, corpus: CorpusTotals): Smoothing {
  return interpolatedKneserNey(order, corpus, singleDiscount);
}

/**
 * Modified Kneser–Ney smoothing, interpolated (Chen & Goodman 1998, section 3; Heafield et al. 2013, section 3): three
 * discounts for each order, for the counts 1, 2, and 3 and more. On lines split at white space it is KenLM's `lmplz`.
 */
export function modifiedKneserNey(order: number, corpus: CorpusTotals): Smoothing {
  return interpolatedKneserNey(order, corpus, modifiedDiscounts);
}

/**
 *     P(w|h) = (max(a(hw) - D(a(hw)), 0) + (D1 N1(h·) + D2 N2(h·) + D3+ N3+(h·)) · P(w|h')) / a(h·)
 *
 * where a is n at the model's order and N1+(·g) below it. Below the unigrams, as in KenLM, the words and `<unk>` have
 * equal parts.
 */
function interpolatedKneserNey(
  modelOrder: number,
  corpus: CorpusTotals,
  estimate: (lowCounts: LowCountsOfCounts) => Discounts,
): Smoothing {
  const { vocabularySize } = corpus.totals;
  const isUnknownCounted = corpus.unknown !== UNSEEN;
  const words = vocabularySize === 0 || isUnknownCounted ? vocabularySize : vocabularySize + 1;
  const ofOrders = ordersTo(modelOrder).map((order) =>
    estimate(corpus.lowCountsOfCounts(order, order < modelOrder)),
  );
  return {
    parameters: { discounts: ofOrders.map(({ discounts }) => discounts), ...fallbackOrders(ofOrders) },
    numbers: {
      form: 'interpolation',
      lower: 'next',
      base: uniform(words),
      orders: ofOrders.map(({ discounts: [d1, d2 = d1, d3 = d2] }, i) =>
        orderNumbers({
          counts: i + 1 < modelOrder ? 'continuations' : 'occurrences',
          discounts: [d1, d2, d3],
          mass: [0, d1, d2, d3],
          extra: [0, 0],
        }),
      ),
    },
  };
}
