import { type Level, occurrencesAt, type Reading } from '../../index/count-index.ts';
import type { Estimator } from '../estimator.ts';
import { type Mixture, ordersTo } from '../numbers.ts';

/** Evaluates the form that `Mixture` describes. */
export class MixtureEstimator implements Estimator {
  readonly name: string;
  readonly parameters: Estimator['parameters'];
  readonly numbers: Mixture;
  readonly normalized = true;

  constructor(name: string, parameters: Estimator['parameters'], numbers: Mixture) {
    this.name = name;
    this.parameters = parameters;
    this.numbers = numbers;
  }

  reads(order: number): Reading {
    return occurrencesAt(ordersTo(order));
  }

  probability(levels: readonly Level[]): number {
    const { orders } = this.numbers;
    let seen = 0;
    while (seen < levels.length && levels[seen].contextCount > 0) seen++;
    if (seen === 0) return 0;
    const last = seen - 1;
    let weighted = 0;
    for (let i = 0; i < last; i++) weighted += orders[i].weight * (levels[i].count / levels[i].contextCount);
    weighted += orders[last].rest * (levels[last].count / levels[last].contextCount);
    return weighted / orders[last].whole;
  }

  /** It never falls when a count grows. */
  atMost(levels: readonly Level[]): number {
    return this.probability(levels);
  }
}
