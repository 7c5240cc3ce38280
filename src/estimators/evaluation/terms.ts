import type { ContextCounts } from '../../index/count-index.ts';
import type { OrderNumbers } from '../numbers.ts';

/** What an order's discounts leave of a count. */
export function left({ discounts }: OrderNumbers, count: number): number {
  if (count === 0) return 0;
  return Math.max(count - (count === 1 ? discounts[0] : count === 2 ? discounts[1] : discounts[2]), 0);
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
export function massOf({ mass }: OrderNumbers, context: ContextCounts): number {
  const m3 = mass[3];
  if (mass[1] === m3 && mass[2] === m3) return m3 === 0 ? mass[0] : mass[0] + m3 * context.followers;
  const { followers, once, twice } = context;
  return mass[0] + mass[1] * once + mass[2] * twice + m3 * (followers - once - twice);
}

/** What stands below the line: n(h·) and what the order adds to it. */
export function totalOf({ extra }: OrderNumbers, context: ContextCounts): number {
  return context.contextCount + (extra[1] === 0 ? extra[0] : extra[0] + extra[1] * context.followers);
}
