import type { CountIndex, Level, TokenId } from '../index/count-index.ts';
import type { Estimator } from './estimator.ts';

/** A level with the probability that the estimator gives on it. */
export interface ExplainedLevel extends Level {
  readonly probability: number | null;
}

/** P(w|h) at every order that the context allows, highest first, as the estimator sees it. */
export function explain(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
  word: TokenId,
): ExplainedLevel[] {
  const orders = Array.from({ length: context.length + 1 }, (_, i) => i + 1);
  const levels = index.levels(context, word, orders);
  const { vocabularySize } = index.totals;
  return levels
    .map((level) => {
      const read = estimator.orders(level.order).map((order) => levels[order - 1]);
      return { ...level, probability: estimator.probability(read, vocabularySize) };
    })
    .reverse();
}
