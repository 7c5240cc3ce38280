import type { ContextCounts, Level, Reading } from '../index/count-index.ts';
import type { Smoothing } from './numbers.ts';

/** What an estimator is: a smoothing method with its parameters, for one corpus. Plain data. */
export interface EstimatorDescription extends Smoothing {
  readonly name: string;
}

/** Turns counts into probabilities by an estimator's numbers. */
export interface Estimator extends EstimatorDescription {
  /** False where its values for all words do not sum to one: they are scores. */
  readonly normalized: boolean;
  /** What it reads for words after a context of `order` - 1 tokens. */
  reads(order: number): Reading;
  /** P(w|h) from the levels that it reads, lowest first. Null where it has none. */
  probability(levels: readonly Level[]): number | null;
  /** The highest P(w|h) of words whose counts are at most those of `levels`. Null where it has none. */
  atMost(levels: readonly Level[]): number | null;
  /**
   * The factor b(h) in P(w|h) = b(h) · P(w|lower level), which holds for each word that never follows h; 1 where
   * nothing follows h. Left out by estimators that are not of that form, which is that of an ARPA file.
   */
  readonly backoff?: (context: ContextCounts) => number;
}
