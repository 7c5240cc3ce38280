import type { ContextCounts, Level, Reading } from '../../index/count-index.ts';
import type { Estimator } from '../estimator.ts';
import { type Interpolation, ordersTo } from '../numbers.ts';

/** The numbers of one order in a row: D1, D2, D3+, then m0, m1, m2, m3, then e0, e1. */
const rowLength = 9;

/** Evaluates the form that `OrderNumbers` and `Interpolation` describe. */
export class InterpolatedEstimator implements Estimator {
  readonly name: string;
  readonly parameters: Estimator['parameters'];
  readonly numbers: Interpolation;
  readonly normalized = true;
  readonly backoff?: (context: ContextCounts) => number;
  /** The numbers of the orders, row after row: one flat array is read fastest. */
  readonly #rows: Float64Array;
  /** Orders below this one read numbers of continuations. */
  readonly #adjustedBelow: number;

  constructor(name: string, parameters: Estimator['parameters'], numbers: Interpolation) {
    this.name = name;
    this.parameters = parameters;
    this.numbers = numbers;
    const { lower, orders } = numbers;
    this.#rows = new Float64Array(rowLength * orders.length);
    orders.forEach(({ discounts, mass, extra }, i) => {
      this.#rows.set(discounts, rowLength * i);
      this.#rows.set(mass, rowLength * i + 3);
      this.#rows.set(extra, rowLength * i + 7);
    });
    this.#adjustedBelow = 1 + orders.findIndex(({ counts }) => counts === 'occurrences');
    // Up to order 2 the unigram is the next lower distribution.
    if (lower === 'next' || (lower === 'unigram' && orders.length <= 2)) {
      this.backoff = (context) => this.#backoff(context);
    }
  }

  reads(order: number): Reading {
    return { orders: this.#ordersRead(order), adjustedBelow: this.#adjustedBelow };
  }

  probability(levels: readonly Level[]): number | null {
    let lower: number | null = this.numbers.base;
    for (const level of levels) lower = this.#at(level, this.#left(level), lower as number);
    return lower;
  }

  atMost(levels: readonly Level[]): number | null {
    let lower: number | null = this.numbers.base;
    for (const level of levels) lower = this.#at(level, this.#leftAtMost(level), lower as number);
    return lower;
  }

  #ordersRead(order: number): number[] {
    if (this.numbers.lower === 'next') return ordersTo(order);
    return this.numbers.lower === 'none' || order === 1 ? [order] : [1, order];
  }

  /** P(w|h) at a level, of whose count `left` is left. */
  #at(level: Level, left: number, lower: number): number | null {
    const { contextCount } = level;
    if (contextCount === 0 && this.numbers.lower !== 'none') return lower;
    const total = contextCount + this.#extra(level);
    return total === 0 ? null : (left + this.#mass(level) * lower) / total;
  }

  #backoff(context: ContextCounts): number {
    const { contextCount } = context;
    return contextCount === 0 ? 1 : this.#mass(context) / (contextCount + this.#extra(context));
  }

  #left({ order, count }: Level): number {
    return count === 0
      ? 0
      : Math.max(count - this.#rows[rowLength * (order - 1) + Math.min(count, 3) - 1], 0);
  }

  /** What is left of a count can fall from 1 to 2 and from 2 to 3: the most that is left of it and of lower ones. */
  #leftAtMost(level: Level): number {
    const { order, count } = level;
    let most = this.#left(level);
    for (let less = 1; less <= 3 && less < count; less++) {
      most = Math.max(most, less - this.#rows[rowLength * (order - 1) + less - 1]);
    }
    return most;
  }

  /**
   * Where m1, m2 and m3 are equal, N1 + N2 + N3+ = T is what they are multiplied by: one product has more digits than
   * the sum of three, and how many words follow once and twice is not always known without looking.
   */
  #mass(context: ContextCounts): number {
    const row = rowLength * (context.order - 1);
    const m0 = this.#rows[row + 3];
    const m1 = this.#rows[row + 4];
    const m2 = this.#rows[row + 5];
    const m3 = this.#rows[row + 6];
    if (m1 === m2 && m2 === m3) return m1 === 0 ? m0 : m0 + m1 * context.followers;
    const { followers, once, twice } = context;
    return m0 + m1 * once + m2 * twice + m3 * (followers - once - twice);
  }

  #extra(context: ContextCounts): number {
    const row = rowLength * (context.order - 1);
    const e1 = this.#rows[row + 8];
    return e1 === 0 ? this.#rows[row + 7] : this.#rows[row + 7] + e1 * context.followers;
  }
}
