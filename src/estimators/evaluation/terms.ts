import type { ContextCounts } from '../../index/count-index.ts';
import type { OrderNumbers } from '../numbers.ts';

/** What an order's discounts leave of a count. */
export function left(order: OrderNumbers, count: number): number {
  return Math.max(count - (count < 2 ? order.d1 : count === 2 ? order.d2 : order.d3), 0);
}

/** The most that is left of a count up to this one: what is left can fall from 1 to 2 and from 2 to 3. */
export function leftAtMost(order: OrderNumbers, count: number): number {
  let most = left(order, count);
  for (let less = 1; less <= 3 && less < count; less++) most = Math.max(most, left(order, less));
  return most;
}

/**
 * What the lower distribution gets. Where m1, m2 and m3 are equal they are multiplied by T = N1 + N2 + N3+ at once:
 * that rounds once, and not every index knows without counting how many words follow once and twice.
 */
export function massOf({ m0, m1, m2, m3 }: OrderNumbers, context: ContextCounts): number {
  if (m1 === m3 && m2 === m3) return m3 === 0 ? m0 : m0 + m3 * context.followers;
  const { followers, once, twice } = context;
  return m0 + m1 * once + m2 * twice + m3 * (followers - once - twice);
}

/** What stands below the line: n(h·) and what the order adds to it. */
export function totalOf({ e0, e1 }: OrderNumbers, context: ContextCounts): number {
  return context.contextCount + (e1 === 0 ? e0 : e0 + e1 * context.followers);
}
