import type { ContextCounts } from '../../index/count-index.ts';
import type { OrderNumbers } from '../numbers.ts';

/** What remains of a count after the discount. */
export function left(order: OrderNumbers, count: number): number {
  return Math.max(count - (count < 2 ? order.d1 : count === 2 ? order.d2 : order.d3), 0);
}

/**
 * The sum of what remains of all counts after a context, Σ_w (n(hw) - D): no estimator's discounts exceed the counts
 * that they are taken off.
 */
export function leftOfAll({ d1, d2, d3 }: OrderNumbers, context: ContextCounts): number {
  const { contextCount, followers, once, twice } = context;
  return contextCount - (d1 * once + d2 * twice + d3 * (followers - once - twice));
}

/** The most that remains of any count up to this one: less can remain of 2 than of 1, and of 3 than of 2. */
export function leftAtMost(order: OrderNumbers, count: number): number {
  let most = left(order, count);
  for (let less = 1; less <= 3 && less < count; less++) most = Math.max(most, left(order, less));
  return most;
}

/**
 * The mass of the lower distribution. If m1, m2 and m3 are equal, they are multiplied by T = N1 + N2 + N3+ at once: this
 * rounds only once, and some indexes have to count the words that follow once and twice.
 */
export function massOf({ m0, m1, m2, m3 }: OrderNumbers, context: ContextCounts): number {
  if (m1 === m3 && m2 === m3) return m3 === 0 ? m0 : m0 + m3 * context.followers;
  const { followers, once, twice } = context;
  return m0 + m1 * once + m2 * twice + m3 * (followers - once - twice);
}

/** The denominator: n(h·) and what the order adds to it. */
export function totalOf({ e0, e1 }: OrderNumbers, context: ContextCounts): number {
  return context.contextCount + (e1 === 0 ? e0 : e0 + e1 * context.followers);
}

/** Whether the numbers of words that follow a context once and twice have a part in a probability. */
export function readsLowFollowers({ m1, m2, m3 }: OrderNumbers): boolean {
  return m1 !== m3 || m2 !== m3;
}

/** Whether how many words follow a context has a part in a probability. */
export function readsFollowers({ m1, m2, m3, e1 }: OrderNumbers): boolean {
  return [m1, m2, m3, e1].some((factor) => factor !== 0);
}
