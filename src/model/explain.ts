import type { Estimator } from '../estimators/estimator.ts';
import { ordersTo } from '../estimators/numbers.ts';
import type { CountIndex, Reading, TokenId } from '../index/count-index.ts';

/** A level with the probability that the estimator gives on it. */
export interface ExplainedLevel {
  readonly order: number;
  readonly count: number;
  readonly contextCount: number;
  readonly probability: number | null;
}

/** A level of a model whose probabilities and back-off weights are listed. */
export interface ListedLevel {
  readonly order: number;
  /** Whether the n-gram has a probability of its own. */
  readonly isListed: boolean;
  /** The back-off weight of the context, 1 if it has none of its own; null at order 1. */
  readonly backoff: number | null;
  readonly probability: number;
}

/** Why a word has its probability: every order that the context allows, highest first. */
export type Explanation =
  | { readonly of: 'counts'; readonly levels: readonly ExplainedLevel[] }
  | ListedExplanation
  | { readonly of: 'mixture'; readonly parts: readonly ExplainedPart[] };

/** What a part of a mixture contributes to a probability: `weight` times its own. */
export interface ExplainedPart {
  readonly corpus: string;
  readonly weight: number;
  readonly inVocabulary: boolean;
  /** 0 if another part has the word and this one does not; null if it is undefined. */
  readonly probability: number | null;
}

export interface ListedExplanation {
  readonly of: 'listed';
  readonly levels: readonly ListedLevel[];
}

/** The counts that `explain` needs after a context of `order` - 1 tokens: every level, as the estimator counts it. */
export function explainedReading(estimator: Estimator, order: number): Reading {
  const readings = ordersTo(order).map((order) => estimator.reads(order));
  return {
    levels: readings.map(({ levels }) => levels[levels.length - 1]),
    followers: readings.some(({ followers }) => followers),
  };
}

/** P(w|h) at every order that the context allows, highest first, as the estimator sees it. */
export function explain(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
  word: TokenId,
): ExplainedLevel[] {
  const levels = index.levels(context, word, explainedReading(estimator, context.length + 1));
  return levels
    .map((level) => {
      const read = estimator.reads(level.order).levels.map(({ order }) => levels[order - 1]);
      const { order, count, contextCount } = level;
      return { order, count, contextCount, probability: estimator.probability(read) };
    })
    .reverse();
}
