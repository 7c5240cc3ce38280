import { type Level, occurrencesAt, type Reading } from '../../index/count-index.ts';
import type { Estimator } from '../estimator.ts';
import { ordersTo, type ScaledBackoff } from '../numbers.ts';

/** Evaluates the form that `ScaledBackoff` describes. */
export class ScaledBackoffEstimator implements Estimator {
  readonly name: string;
  readonly parameters: Estimator['parameters'];
  readonly numbers: ScaledBackoff;
  readonly normalized = false;

  constructor(name: string, parameters: Estimator['parameters'], numbers: ScaledBackoff) {
    this.name = name;
    this.parameters = parameters;
    this.numbers = numbers;
  }

  reads(order: number): Reading {
    return occurrencesAt(ordersTo(order));
  }

  probability(levels: readonly Level[]): number {
    let score = 0;
    for (const level of levels) score = level.count > 0 ? relative(level) : this.numbers.factor * score;
    return score;
  }

  /** A score can fall where a longer n-gram is seen: it may be less than the factor times the lower order's. */
  atMost(levels: readonly Level[]): number {
    let score = 0;
    for (const level of levels) score = Math.max(relative(level), this.numbers.factor * score);
    return score;
  }
}

function relative({ count, contextCount }: Level): number {
  return contextCount === 0 ? 0 : count / contextCount;
}
