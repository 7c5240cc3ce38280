import type { Estimator } from './estimator.ts';
import { checkRange } from './parameters.ts';

/**
 * Lidstone's additive smoothing: P(w|h) = (n(hw) + k) / (n(h·) + k·m) (Chen & Goodman 1998, section 2.1).
 * With k = 0 it is maximum likelihood, and null after a context that is never followed by anything.
 */
export function additive(vocabularySize: number, k = 1): Estimator {
  checkRange('k', k);
  return {
    name: 'additive',
    parameters: { k },
    normalized: true,
    reads: (order) => ({ orders: [order], adjustedBelow: 1 }),
    probability: ([{ count, contextCount }]) => {
      const denominator = contextCount + k * vocabularySize;
      return denominator === 0 ? null : (count + k) / denominator;
    },
  };
}
