import type { Estimator } from '../estimators/estimator.ts';
import { ordersTo } from '../estimators/numbers.ts';
import type { CountIndex, TokenId } from '../index/count-index.ts';

/** A level with the probability that the estimator gives on it. */
export interface ExplainedLevel {
  readonly order: number;
  readonly count: number;
  readonly contextCount: number;
  readonly probability: number | null;
}

/** P(w|h) at every order that the context allows, highest first, as the estimator sees it. */
export function explain(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
  word: TokenId,
): ExplainedLevel[] {
  const order = context.length + 1;
  const { adjustedBelow } = estimator.reads(order);
  const levels = index.levels(context, word, { orders: ordersTo(order), adjustedBelow });
  return levels
    .map((level) => {
      const read = estimator.reads(level.order).orders.map((order) => levels[order - 1]);
      const { order, count, contextCount } = level;
      return { order, count, contextCount, probability: estimator.probability(read) };
    })
    .reverse();
}
