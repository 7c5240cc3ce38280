import type { ContextCounts, Level, Reading } from '../../index/count-index.ts';
import type { Estimator } from '../estimator.ts';
import { type Interpolation, ordersTo } from '../numbers.ts';
import { left, leftAtMost, massOf, readsFollowers, readsLowFollowers, totalOf } from './terms.ts';

/** Evaluates the form that `Interpolation` describes. */
export class InterpolatedEstimator implements Estimator {
  readonly name: string;
  readonly parameters: Estimator['parameters'];
  readonly numbers: Interpolation;
  readonly normalized = true;
  readonly backoff?: (context: ContextCounts) => number;
  /** What is read after contexts of 0, 1, 2, … tokens. */
  readonly #readings: readonly Reading[];

  constructor(name: string, parameters: Estimator['parameters'], numbers: Interpolation) {
    this.name = name;
    this.parameters = parameters;
    this.numbers = numbers;
    const { lower, orders } = numbers;
    this.#readings = orders.map((_, i) => readingOf(numbers, i + 1));
    // Up to order 2 the unigrams are the next lower order.
    if (lower === 'next' || orders.length <= 2) this.backoff = (context) => this.#backoff(context);
  }

  reads(order: number): Reading {
    return this.#readings[order - 1];
  }

  probability(levels: readonly Level[]): number {
    const { base, orders } = this.numbers;
    let lower = base;
    for (const level of levels) {
      if (level.contextCount === 0) continue;
      const order = orders[level.order - 1];
      lower = (left(order, level.count) + massOf(order, level) * lower) / totalOf(order, level);
    }
    return lower;
  }

  atMost(levels: readonly Level[]): number {
    const { base, orders } = this.numbers;
    let lower = base;
    for (const level of levels) {
      if (level.contextCount === 0) continue;
      const order = orders[level.order - 1];
      lower = (leftAtMost(order, level.count) + massOf(order, level) * lower) / totalOf(order, level);
    }
    return lower;
  }

  #backoff(context: ContextCounts): number {
    if (context.contextCount === 0) return 1;
    const order = this.numbers.orders[context.order - 1];
    return massOf(order, context) / totalOf(order, context);
  }
}

function readingOf({ lower, orders }: Interpolation, highest: number): Reading {
  const read = lower === 'next' || highest === 1 ? ordersTo(highest) : [1, highest];
  return {
    levels: read.map((order) => ({ order, counts: orders[order - 1].counts })),
    followers: read.some((order) => readsFollowers(orders[order - 1])),
    followersOnly: !read.some((order) => readsLowFollowers(orders[order - 1])),
  };
}
