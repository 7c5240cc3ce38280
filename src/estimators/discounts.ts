import type { LowCountsOfCounts } from '../index/count-index.ts';

/** The discounts of one order: one for all counts, or three for the counts 1, 2, and 3 and more. */
export interface Discounts {
  readonly discounts: readonly number[];
  /** Whether they are fixed values, because the counts of counts yield none. */
  readonly isFallback: boolean;
}

/** The fixed values of KenLM's `lmplz --discount_fallback`. */
const fallback = [0.5, 1, 1.5] as const;

/** D = n1 / (n1 + 2 n2) (Ney, Essen & Kneser 1994; Chen & Goodman 1998, equation 18). */
export function singleDiscount([n1, n2]: LowCountsOfCounts): Discounts {
  if (n1 === 0 || n2 === 0) return { discounts: [fallback[0]], isFallback: true };
  return { discounts: [n1 / (n1 + 2 * n2)], isFallback: false };
}

/**
 * D1, D2 and D3+ = i - (i + 1) Y n(i+1) / n(i), where Y = n1 / (n1 + 2 n2) (Chen & Goodman 1998, equation 26). If one
 * is undefined or outside of [0, i], all three are replaced by the fixed values.
 */
export function modifiedDiscounts(lowCounts: LowCountsOfCounts): Discounts {
  const [n1, n2] = lowCounts;
  const y = n1 / (n1 + 2 * n2);
  const discounts = [1, 2, 3].map((i) => i - ((i + 1) * y * lowCounts[i]) / lowCounts[i - 1]);
  const isUsable = discounts.every((discount, i) => lowCounts[i] > 0 && discount >= 0 && discount <= i + 1);
  return isUsable ? { discounts, isFallback: false } : { discounts: fallback, isFallback: true };
}

/** The orders whose discounts are fixed values, as responses name them; empty if there are none. */
export function fallbackOrders(ofOrders: readonly Discounts[]): { fallback_orders?: number[] } {
  const orders = ofOrders.flatMap(({ isFallback }, i) => (isFallback ? [i + 1] : []));
  return orders.length === 0 ? {} : { fallback_orders: orders };
}
