import type { Smoothing } from './numbers.ts';
import { checkRange } from './parameters.ts';

/**
 * Stupid back-off (Brants et al. 2007, section 4): scores, not probabilities.
 *
 *     S(w|h) = n(hw) / n(h·)    where hw was seen
 *            = α · S(w|h')      elsewhere
 *
 * and S(w) = n(w) / n.
 */
export function stupidBackoff(alpha = 0.4): Smoothing {
  checkRange('alpha', alpha, 1);
  return { parameters: { alpha }, numbers: { form: 'scaled back-off', factor: alpha } };
}
