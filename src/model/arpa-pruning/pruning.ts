import type { ContextCounts } from '../../index/count-index.ts';

/** What is left out of an ARPA file. */
export interface Pruning {
  /**
   * Of each order, order 1 first, the highest count of n-grams that are left out; the last one also applies to higher
   * orders. They do not decrease, so that the prefix and the suffix of an n-gram that is kept are kept too.
   */
  readonly thresholds: readonly number[];
  /** The words of which all n-grams are made that are kept; undefined for all words. */
  readonly vocabulary?: LimitedVocabulary | undefined;
  /**
   * The highest relative increase of the perplexity by an n-gram that is left out; undefined if none is for this
   * reason.
   */
  readonly entropy?: number | undefined;
}

/** The most frequent words, ties by id; or a list of words, one per line. */
export type LimitedVocabulary = { readonly top: number } | { readonly list: Uint8Array };

/**
 * Which n-grams are kept, as plain data for threads: those whose words are kept and which occur more than `thresholds[k
 * - 1]` times, where k is their order; every n-gram of order 1 whose word is kept.
 */
export interface Selection {
  readonly thresholds: readonly number[];
  /** 1 for each token that is kept, by id, in memory that threads share. */
  readonly words: Uint8Array;
  /** The counts of the unigrams that are left out, as the model counts them. */
  readonly prunedUnigrams: ContextCounts;
}

/** Counts added up one by one. */
export class CountSums implements ContextCounts {
  readonly order: number;
  contextCount = 0;
  followers = 0;
  once = 0;
  twice = 0;

  constructor(order: number) {
    this.order = order;
  }

  add(count: number): void {
    this.contextCount += count;
    this.followers++;
    if (count === 1) this.once++;
    else if (count === 2) this.twice++;
  }

  /** The sums as plain data. */
  toPlain(): ContextCounts {
    const { order, contextCount, followers, once, twice } = this;
    return { order, contextCount, followers, once, twice };
  }

  clear(): void {
    this.contextCount = 0;
    this.followers = 0;
    this.once = 0;
    this.twice = 0;
  }
}

/** The threshold of each order up to `order`. */
export function thresholdsTo(order: number, { thresholds }: Pruning): number[] {
  const last = thresholds.at(-1) ?? 0;
  return Array.from({ length: order }, (_, i) => thresholds[i] ?? last);
}

/** Whether all n-grams are kept as long as no entropy says otherwise. */
export function keepsAll({ thresholds, vocabulary }: Pruning): boolean {
  return vocabulary === undefined && thresholds.every((threshold) => threshold === 0);
}

/** The uniform probability `base` of some words when `pruned` of them are left out. */
export function baseWithout(base: number, pruned: number): number {
  return pruned === 0 ? base : 1 / (Math.round(1 / base) - pruned);
}
