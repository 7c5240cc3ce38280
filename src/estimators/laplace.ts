import type { ContextCounts } from '../index/count-index.ts';
import { backoffWeight, type Estimator, type Interpolation, interpolate, uniform } from './estimator.ts';
import { perOrder } from './parameters.ts';

/**
 * The chapter's Laplace smoothing (Dive into Deep Learning, "Language models and the dataset"), with one ε per order:
 *
 *     P(x)       = (n(x)    + ε₁ / m)    / (n      + ε₁)
 *     P(x'|x)    = (n(x,x') + ε₂ · P(x')) / (n(x·)  + ε₂)
 *
 * and so on: every order falls back to the unigram, which is all there is after a context that nothing follows.
 * `epsilon` has at most `order` values, the last of which goes on.
 */
export function laplace(order: number, vocabularySize: number, epsilon: readonly number[] = [1]): Estimator {
  const epsilons = perOrder('epsilon', epsilon, order);
  const epsilonOf = (context: ContextCounts) => epsilons[context.order - 1];
  const interpolation: Interpolation = {
    discounted: ({ count }) => count,
    mass: epsilonOf,
    // Where nothing follows the context, ε·P(x)/ε would lose the digits of a tiny ε.
    denominator: (context) => (context.contextCount === 0 ? 0 : context.contextCount + epsilonOf(context)),
  };
  return {
    name: 'laplace',
    parameters: { epsilon: epsilons },
    normalized: true,
    reads: (order) => ({ orders: order === 1 ? [1] : [1, order], adjustedBelow: 1 }),
    probability: (levels) => interpolate(interpolation, levels, uniform(vocabularySize)),
    // Above order 2 the next lower level is not the one that it falls back to.
    ...(order <= 2 ? { backoff: (context) => backoffWeight(interpolation, context) } : {}),
  };
}
