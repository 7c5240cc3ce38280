import type { ContextCounts, Level, Reading } from '../index/count-index.ts';
import type { Smoothing } from './numbers.ts';

/** A smoothing method with its parameters for one corpus, as plain data. */
export interface EstimatorDescription extends Smoothing {
  readonly name: string;
}

/** Computes probabilities from counts by an estimator's numbers. */
export interface Estimator extends EstimatorDescription {
  /** False if its values are scores that do not sum to one over all words. */
  readonly normalized: boolean;
  /** The levels that it needs for words after a context of `order` - 1 tokens. */
  reads(order: number): Reading;
  /** P(w|h) from the levels that it reads, lowest first; null if it is undefined. */
  probability(levels: readonly Level[]): number | null;
  /** The highest P(w|h) of any word whose counts are at most those of `levels`; null if it is undefined. */
  atMost(levels: readonly Level[]): number | null;
  /**
   * The factor b(h) in P(w|h) = b(h) · P(w|lower level), which holds for each word that never follows h; 1 if nothing
   * follows h. Undefined for estimators that do not have this form, which is that of an ARPA file.
   */
  readonly backoff?: (context: ContextCounts) => number;
}
