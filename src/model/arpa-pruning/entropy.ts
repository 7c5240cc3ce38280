/** A context h of a back-off model, before n-grams are left out. */
export interface ContextMass {
  /** P(h), the probability of the words of h one after the other. */
  readonly probability: number;
  /** The back-off weight α(h). */
  readonly backoff: number;
  /** 1 - Σ P(v|h') over the words v whose n-grams hv the model has, h' being h without its first word. */
  readonly lowerLeft: number;
}

/**
 * By how much the perplexity of a back-off model increases, as a part of it, if the n-gram hw is left out and the
 * back-off weight of h becomes α'(h), so that the probabilities after h add up to one again (Stolcke 1998, equations 3
 * to 6; SRILM's `ngram -prune`):
 *
 *     D  = -P(h) · { P(w|h) · [log P(w|h') + log α'(h) - log P(w|h)] + [log α'(h) - log α(h)] · left }
 *     α' = (left + P(w|h)) / (lower left + P(w|h'))
 *     perplexity' / perplexity - 1 = exp(D) - 1
 *
 * where left = 1 - Σ P(v|h) = α(h) · lower left is what all words without an n-gram hv share. `probability` is P(w|h),
 * and `lower` is P(w|h').
 */
export function perplexityIncrease(
  { probability: ofContext, backoff, lowerLeft }: ContextMass,
  probability: number,
  lower: number,
): number {
  const left = backoff * lowerLeft;
  const backoffWithout = (left + probability) / (lowerLeft + lower);
  const ofWord = probability * (Math.log(lower * backoffWithout) - Math.log(probability));
  const ofOthers = left === 0 ? 0 : left * (Math.log(backoffWithout) - Math.log(backoff));
  return Math.expm1(-ofContext * (ofWord + ofOthers));
}

/** What is left of 1 after probabilities whose sum is computed, and may exceed 1 by a rounding error. */
export function leftOfOne(sum: number): number {
  return Math.max(1 - sum, 0);
}
