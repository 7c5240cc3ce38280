import type { Level } from '../index/count-index.ts';
import { type Estimator, readsAllLevels } from './estimator.ts';
import { checkRange } from './parameters.ts';

/**
 * Stupid back-off (Brants et al. 2007, section 4): scores, not probabilities.
 *
 *     S(w|h) = n(hw) / n(h·)    where hw was seen
 *            = α · S(w|h')      elsewhere
 *
 * and S(w) = n(w) / n.
 */
export function stupidBackoff(alpha = 0.4): Estimator {
  checkRange('alpha', alpha, 1);
  const score = ({ count, contextCount }: Level) => (contextCount === 0 ? 0 : count / contextCount);
  return {
    name: 'stupid-backoff',
    parameters: { alpha },
    normalized: false,
    reads: readsAllLevels,
    probability: ([unigram, ...longer]) =>
      longer.reduce((lower, level) => (level.count > 0 ? score(level) : alpha * lower), score(unigram)),
    atMost: ([unigram, ...longer]) =>
      longer.reduce((lower, level) => Math.max(score(level), alpha * lower), score(unigram)),
  };
}
