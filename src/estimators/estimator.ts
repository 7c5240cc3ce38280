import type { ContextCounts, Level, Reading } from '../index/count-index.ts';

/** A way to turn counts into probabilities: the smoothing method, with its parameters, for one corpus. */
export interface Estimator {
  readonly name: string;
  /** The parameters in use, as answers name them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** False where its values for all words do not sum to one, and are scores. */
  readonly normalized: boolean;
  /** What it reads for words after a context of `order` - 1 tokens. */
  reads(order: number): Reading;
  /** P(w|h) from the levels that it reads, lowest first. Null where it has none. */
  probability(levels: readonly Level[]): number | null;
  /**
   * The highest P of words whose counts are at most those of `levels`; left out where that is `probability`, because
   * it never falls when a count grows.
   */
  atMost?(levels: readonly Level[]): number;
  /**
   * What P(w|h) is to P(w|lower level) for each word that never follows h; 1 where nothing follows h.
   * Left out by estimators that are not of that form, which is that of an ARPA file.
   */
  backoff?(context: ContextCounts): number;
}

/**
 * What an interpolated estimator does at one level:
 * P(w|h) = (discounted + mass · P(w|lower level)) / denominator.
 */
export interface Interpolation {
  /** What is left of the count n(hw). */
  discounted(level: Level): number;
  /** What the lower level's distribution gets. */
  mass(context: ContextCounts): number;
  /** What makes the distribution sum to one; where it is 0 the level hands over to the lower one. */
  denominator(context: ContextCounts): number;
}

/** P(w|h) by interpolation over the levels, lowest first; `base` is what every word has below the lowest. */
export function interpolate(
  { discounted, mass, denominator }: Interpolation,
  levels: readonly Level[],
  base: number,
): number {
  let lower = base;
  for (const level of levels) {
    const total = denominator(level);
    if (total > 0) lower = (discounted(level) + mass(level) * lower) / total;
  }
  return lower;
}

/** The weight of the lower level's distribution at a level: all where the level hands over. */
export function backoffWeight({ mass, denominator }: Interpolation, context: ContextCounts): number {
  const total = denominator(context);
  return total > 0 ? mass(context) / total : 1;
}

/** Every level from the lowest on, with n(g). */
export function readsAllLevels(order: number): Reading {
  return { orders: ordersTo(order), adjustedBelow: 1 };
}

/** 1, 2, … `order`. */
export function ordersTo(order: number): number[] {
  return Array.from({ length: order }, (_, i) => i + 1);
}

/** What each of m words has where nothing else is known; 0 in a corpus without words. */
export function uniform(vocabularySize: number): number {
  return vocabularySize === 0 ? 0 : 1 / vocabularySize;
}
