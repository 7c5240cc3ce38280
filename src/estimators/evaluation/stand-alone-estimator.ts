import type { Level, Reading } from '../../index/count-index.ts';
import type { Estimator } from '../estimator.ts';
import type { StandAlone } from '../numbers.ts';
import { left, massOf, readsFollowers, totalOf } from './terms.ts';

/** Evaluates the form that `StandAlone` describes. */
export class StandAloneEstimator implements Estimator {
  readonly name: string;
  readonly parameters: Estimator['parameters'];
  readonly numbers: StandAlone;
  readonly normalized = true;

  constructor(name: string, parameters: Estimator['parameters'], numbers: StandAlone) {
    this.name = name;
    this.parameters = parameters;
    this.numbers = numbers;
  }

  reads(order: number): Reading {
    const { counts } = this.numbers.order;
    return { levels: [{ order, counts }], followers: readsFollowers(this.numbers.order) };
  }

  probability([level]: readonly Level[]): number | null {
    const { order } = this.numbers;
    const total = totalOf(order, level);
    return total === 0 ? null : (left(order, level.count) + massOf(order, level)) / total;
  }

  /** It never falls when a count grows. */
  atMost(levels: readonly Level[]): number | null {
    return this.probability(levels);
  }
}
