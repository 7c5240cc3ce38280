import type { Level } from '../index/count-index.ts';

/** A way to turn counts into probabilities. */
export interface Estimator {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
  /** Which levels of a model of this order it reads, lowest first. */
  orders(order: number): readonly number[];
  /**
   * P(w|h) from the levels of `orders`, lowest first, in a vocabulary of `vocabularySize` words; never falls when a
   * count grows. Null where the estimator has none.
   */
  probability(levels: readonly Level[], vocabularySize: number): number | null;
}

/**
 * What an interpolated estimator does at one level:
 * P(w|h) = (discounted + mass · P(w|lower level)) / denominator.
 */
export interface Interpolation {
  /** What is left of the count n(hw). */
  discounted(level: Level): number;
  /** What the lower level's distribution gets. */
  mass(level: Level, vocabularySize: number): number;
  /** What makes the distribution sum to one; where it is 0 the level hands over to the lower one. */
  denominator(level: Level, vocabularySize: number): number;
}

/** P(w|h) by interpolation over the levels, lowest first; below the lowest every word has 1/m. */
export function interpolate(
  { discounted, mass, denominator }: Interpolation,
  levels: readonly Level[],
  vocabularySize: number,
): number {
  let lower = vocabularySize === 0 ? 0 : 1 / vocabularySize;
  for (const level of levels) {
    const total = denominator(level, vocabularySize);
    if (total > 0) lower = (discounted(level) + mass(level, vocabularySize) * lower) / total;
  }
  return lower;
}
