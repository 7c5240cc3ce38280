import type { Estimator } from './estimator.ts';
import { checkNotNegative } from './parameters.ts';

/**
 * Lidstone's additive smoothing: P(w|h) = (n(hw) + k) / (n(h·) + k·m) (Chen & Goodman 1998, section 2.1).
 * With k = 0 it is maximum likelihood, and null after a context that is never followed by anything.
 */
export function additive(k = 1): Estimator {
  checkNotNegative('k', k);
  return {
    name: 'additive',
    parameters: { k },
    orders: (order) => [order],
    probability: ([{ count, contextCount }], vocabularySize) => {
      const denominator = contextCount + k * vocabularySize;
      return denominator === 0 ? null : (count + k) / denominator;
    },
  };
}
