import { type TokenId, UNSEEN } from '../store/store.ts';

export { type TokenId, UNSEEN };

/** The counts of a context h and the words after it. */
export interface ContextCounts {
  /** Length of the n-grams hw. */
  readonly order: number;
  /** n(h·) = Σ_w n(hw); at order 1 the number n of tokens. */
  readonly contextCount: number;
  /** N1+(h·), the number of distinct words that follow h; Witten and Bell's T(h). */
  readonly followers: number;
  /** N1(h·), the number of words that follow it once. */
  readonly once: number;
  /** N2(h·), the number of words that follow it twice. */
  readonly twice: number;
}

/**
 * The counts of one word w after one context h: the only input of the estimators. A model of order N sees levels 1 (h
 * is empty) to N.
 */
export interface Level extends ContextCounts {
  /** n(hw). */
  readonly count: number;
}

/**
 * The words seen after one context h, in decreasing order of n(hw), ties by increasing id. `rank` runs from 0 to
 * `length` - 1.
 */
export interface RankedContinuations extends ContextCounts {
  /** As `followers`. */
  readonly length: number;
  /** The memory used by its words and counts. */
  readonly bytes: number;
  word(rank: number): TokenId;
  count(rank: number): number;
  /** n(hw); 0 if w never follows h. */
  countOf(word: TokenId): number;
}

/**
 * What is counted of an n-gram g: how often it occurs, n(g); or its continuations, a(g) (Chen & Goodman 1998, section
 * 2.7; Heafield et al. 2013, section 3, who call them adjusted counts): the number N1+(·g) of distinct tokens before g,
 * where the start of a document is one more; for a g that begins with `<s>`, which nothing precedes, n(g).
 */
export type CountedAs = 'occurrences' | 'continuations';

/** The levels to read, and what is counted in them. */
export interface Reading {
  /** By increasing order. */
  readonly levels: readonly LevelReading[];
  /** Whether `followers`, `once` and `twice` are read in addition to the counts. */
  readonly followers: boolean;
  /** Whether `once` and `twice` are not read: some indexes have to count these. */
  readonly followersOnly?: boolean;
}

export interface LevelReading {
  readonly order: number;
  readonly counts: CountedAs;
}

/** The reading of occurrences at these orders, given in ascending order. */
export function occurrencesAt(orders: readonly number[], followers = false): Reading {
  return { levels: orders.map((order) => ({ order, counts: 'occurrences' })), followers };
}

/** The totals of a corpus. */
export interface Totals {
  readonly version: number;
  /** n, the number of tokens (`<s>` is not one). */
  readonly tokens: number;
  /** m, the number of distinct tokens that can be a next word (`<s>` cannot). */
  readonly vocabularySize: number;
  /** The number of distinct n-grams of each order, order 1 first, without the unigram `<s>`. */
  readonly distinct: readonly number[];
}

/** n1, n2, n3, n4: the numbers of distinct n-grams of an order with the counts 1, 2, 3 and 4. */
export type LowCountsOfCounts = readonly [number, number, number, number];

/**
 * The counts of one corpus at one version, as estimators read them: synchronously, since everything that they need has
 * been prepared (`CountSource`). Contexts are given completely, oldest word first; level k uses the last k - 1 words. A
 * context shorter than k - 1 words has no level k. Throws a programming error for anything that was not prepared.
 */
export interface CountIndex {
  readonly totals: Totals;
  /**
   * The id under which words that are not counted are looked up: that of `<unk>` if it is counted, so that it
   * represents all of them, as a word and in contexts; otherwise `UNSEEN`.
   */
  readonly unknown: TokenId;
  /** The levels that `reading` names for `word` after `context`, in its order. */
  levels(context: readonly TokenId[], word: TokenId, reading: Reading): readonly Level[];
  /** Whether a token can be a next word: whether it has a count. */
  hasWord(id: TokenId): boolean;
  /** The ranked continuations that `reading` names, in its order. */
  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[];
  /** Of n(g), or of a(g) if `adjusted`; without the unigram `<s>`, which is not a word. */
  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts;
  /** Every word that can come next, by increasing id. */
  words(): Iterable<TokenId>;
}

/** The tokens of the level of an order: the last `order` - 1 of a context. */
export function historyOf(context: readonly TokenId[], order: number): readonly TokenId[] {
  return context.slice(context.length - (order - 1));
}
