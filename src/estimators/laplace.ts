import type { Level } from '../index/count-index.ts';
import { type Estimator, type Interpolation, interpolate } from './estimator.ts';
import { checkNotNegative, invalidParameter } from './parameters.ts';

/**
 * The chapter's Laplace smoothing (Dive into Deep Learning, "Language models and the dataset"), with one ε per order:
 *
 *     P(x)       = (n(x)    + ε₁ / m)    / (n      + ε₁)
 *     P(x'|x)    = (n(x,x') + ε₂ · P(x')) / (n(x·)  + ε₂)
 *
 * and so on: every order falls back to the unigram. `epsilon` has at most `order` values, the last of which goes on.
 */
export function laplace(order: number, epsilon: readonly number[] = [1]): Estimator {
  if (epsilon.length > order) {
    throw invalidParameter('epsilon', `has ${epsilon.length} values for a model of order ${order}`);
  }
  for (const value of epsilon) checkNotNegative('epsilon', value);
  const epsilons = Array.from({ length: order }, (_, i) => epsilon[Math.min(i, epsilon.length - 1)]);
  const epsilonOf = (level: Level) => epsilons[level.order - 1];
  const interpolation: Interpolation = {
    discounted: ({ count }) => count,
    mass: epsilonOf,
    denominator: (level) => level.contextCount + epsilonOf(level),
  };
  return {
    name: 'laplace',
    parameters: { epsilon: epsilons },
    orders: (order) => (order === 1 ? [1] : [1, order]),
    probability: (levels, vocabularySize) => interpolate(interpolation, levels, vocabularySize),
  };
}
