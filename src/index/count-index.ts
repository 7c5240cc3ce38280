/** A token's id in its corpus; `UNSEEN` for a word that the corpus has never had. */
export type TokenId = number;

/** Stands for a word outside the vocabulary: no n-gram with it has a count. */
export const UNSEEN: TokenId = -1;

/**
 * What the counts say about one word w after one context h; the estimators' only food.
 * A model of order N sees levels 1 (h is empty) to N.
 */
export interface Level {
  /** Length of the n-gram hw. */
  readonly order: number;
  /** n(hw). */
  readonly count: number;
  /** n(h·) = Σ_w n(hw); at order 1 the number n of tokens. */
  readonly contextCount: number;
}

/**
 * The words seen after one context h, in falling order of n(hw), ties by rising id.
 * `rank` runs from 0 to `length` - 1.
 */
export interface RankedContinuations {
  /** Length of the n-grams hw. */
  readonly order: number;
  /** n(h·). */
  readonly contextCount: number;
  /** How many distinct words follow h. */
  readonly length: number;
  word(rank: number): TokenId;
  count(rank: number): number;
  /** n(hw), 0 where w never follows h. */
  countOf(word: TokenId): number;
}

/** The numbers that belong to the whole corpus. */
export interface Totals {
  readonly version: number;
  /** n, the number of tokens (`<s>` is not one). */
  readonly tokens: number;
  /** m, the number of distinct tokens that can be a next word (`<s>` cannot). */
  readonly vocabularySize: number;
}

/**
 * The counts of one corpus at one version, as estimators need them. Contexts are given whole, oldest word first;
 * level k uses the last k - 1 words. A context shorter than k - 1 words has no level k.
 */
export interface CountIndex {
  readonly totals: Totals;
  /** The levels of the given orders (ascending) for `word` after `context`, in the same order. */
  levels(context: readonly TokenId[], word: TokenId, orders: readonly number[]): Level[];
  /** The ranked continuations of the given orders (ascending), in the same order. */
  rankings(context: readonly TokenId[], orders: readonly number[]): RankedContinuations[];
  /** Every word that can come next, by rising id. */
  words(): Iterable<TokenId>;
}
