import type { Estimator } from './estimator.ts';
import { checkRange } from './parameters.ts';

/**
 * Lidstone's additive smoothing: P(w|h) = (n(hw) + k) / (n(h·) + k·m) (Chen & Goodman 1998, section 2.1).
 * With k = 0 it is maximum likelihood, and null after a context that is never followed by anything.
 */
export function additive(vocabularySize: number, k = 1): Estimator {
  checkRange('k', k);
  // Where k·m is more than a double holds, all counts are made smaller alike: by a power of two, which costs no digits.
  const scale = Number.isFinite(k * vocabularySize) ? 1 : 2 ** -64;
  const added = k * scale;
  const addedToAll = added * vocabularySize;
  return {
    name: 'additive',
    parameters: { k },
    normalized: true,
    reads: (order) => ({ orders: [order], adjustedBelow: 1 }),
    probability: ([{ count, contextCount }]) => {
      const denominator = contextCount * scale + addedToAll;
      return denominator === 0 ? null : (count * scale + added) / denominator;
    },
  };
}
