import { type CorpusTotals, orderNumbers, type Smoothing } from './numbers.ts';
import { checkRange } from './parameters.ts';

/**
 * Additive smoothing (Lidstone; Chen & Goodman 1998, section 2.1): every count is `k` higher, at each order alone.
 *
 *     P(w|h) = (n(hw) + k) / (n(h·) + k·m)
 *
 * With k = 0 it is maximum likelihood, which has no probability after a context that nothing follows.
 */
export function additive({ totals: { vocabularySize } }: CorpusTotals, k = 1): Smoothing {
  checkRange('k', k);
  // Where k·m is more than a double holds, the counts are lost beside k: a power of two off both costs no digits.
  const added = Number.isFinite(k * vocabularySize) ? k : k * 2 ** -64;
  return {
    parameters: { k },
    numbers: {
      form: 'stand-alone',
      order: orderNumbers({
        counts: 'occurrences',
        discounts: [0, 0, 0],
        mass: [added, 0, 0, 0],
        extra: [added * vocabularySize, 0],
      }),
    },
  };
}
