/** A token's id in its corpus; `UNSEEN` for a word that the corpus has never had. */
export type TokenId = number;

/** Stands for a word outside the vocabulary: no n-gram with it has a count. */
export const UNSEEN: TokenId = -1;

/** The id of `<unk>` in every corpus. */
export const UNKNOWN: TokenId = 0;

/** What the counts say about a context h, for the words after it. */
export interface ContextCounts {
  /** Length of the n-grams hw. */
  readonly order: number;
  /** n(h·) = Σ_w n(hw); at order 1 the number n of tokens. */
  readonly contextCount: number;
  /** N1+(h·), how many distinct words follow h; Witten and Bell's T(h). */
  readonly followers: number;
  /** N1(h·), how many of them follow it once. */
  readonly once: number;
  /** N2(h·), how many of them follow it twice. */
  readonly twice: number;
}

/**
 * What the counts say about one word w after one context h; the estimators' only food.
 * A model of order N sees levels 1 (h is empty) to N.
 */
export interface Level extends ContextCounts {
  /** n(hw). */
  readonly count: number;
}

/**
 * The words seen after one context h, in falling order of n(hw), ties by rising id.
 * `rank` runs from 0 to `length` - 1.
 */
export interface RankedContinuations extends ContextCounts {
  /** As `followers`. */
  readonly length: number;
  /** How much memory its words and counts take. */
  readonly bytes: number;
  word(rank: number): TokenId;
  count(rank: number): number;
  /** n(hw), 0 where w never follows h. */
  countOf(word: TokenId): number;
}

/**
 * Which levels are read and what is counted in them. In the levels of an order below `adjustedBelow`, adjusted counts
 * a(g) take the place of n(g) (Chen & Goodman 1998, section 2.7; Heafield et al. 2013, section 3): the number N1+(·g)
 * of distinct tokens before g, where the start of a document is one more; for a g that begins with `<s>`, which nothing
 * precedes, n(g).
 */
export interface Reading {
  /** The levels' orders, ascending. */
  readonly orders: readonly number[];
  /** 1 where every level has n(g). */
  readonly adjustedBelow: number;
}

/** The numbers that belong to the whole corpus. */
export interface Totals {
  readonly version: number;
  /** n, the number of tokens (`<s>` is not one). */
  readonly tokens: number;
  /** m, the number of distinct tokens that can be a next word (`<s>` cannot). */
  readonly vocabularySize: number;
  /** How many distinct n-grams each order has, order 1 first; `<s>` alone is not one. */
  readonly distinct: readonly number[];
}

/** n1, n2, n3, n4: how many distinct n-grams of an order have the count 1, 2, 3 and 4. */
export type LowCountsOfCounts = readonly [number, number, number, number];

/** An n-gram and n(g). */
export interface CountedNGram {
  readonly ngram: readonly TokenId[];
  readonly count: number;
}

/** The counts from `least` to `most`. */
export interface CountRange {
  readonly least: number;
  readonly most: number;
  /** How many n-grams have one of them, which says how they are best looked for. */
  readonly ngrams: number;
}

/** Tokens in a row, of one sequence after the other. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** How many tokens before each belong to its sequence, at most the order - 1. */
  readonly before: Uint8Array;
  /** How many tokens there are. */
  readonly length: number;
}

/** Reads the levels of many tokens at a time. */
export interface LevelReader {
  /** Takes tokens, which may not change until the next row. */
  read(row: TokenRow): void;
  /** The levels of the row's token i after the tokens before it, valid until the next call. */
  at(i: number): readonly Level[];
}

/**
 * The counts of one corpus at one version, as estimators need them. Contexts are given whole, oldest word first;
 * level k uses the last k - 1 words. A context shorter than k - 1 words has no level k.
 */
export interface CountIndex {
  readonly totals: Totals;
  /**
   * The id under which it counts words that it does not have: that of `<unk>` where that is counted, so that it stands for
   * each of them, as a word and in contexts; else `UNSEEN`.
   */
  readonly unknown: TokenId;
  /** The levels that `reading` names for `word` after `context`, in the order of its `orders`. */
  levels(context: readonly TokenId[], word: TokenId, reading: Reading): readonly Level[];
  /**
   * A reader for rows of at most `capacity` tokens. What it reads for a token after k - 1 others is what `reads` names
   * for k, at most for `order`.
   */
  reader(order: number, capacity: number, reads: (order: number) => Reading): LevelReader;
  /** Whether a token can be a next word: whether it has a count. */
  hasWord(id: TokenId): boolean;
  /** Those of the tokens that can be a next word. */
  wordsAmong(ids: readonly TokenId[]): TokenId[];
  /** The ranked continuations that `reading` names, in the order of its `orders`. */
  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[];
  /** Of n(g), or of a(g) where `adjusted`; `<s>` alone, which is no word, is left out. */
  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts;
  /** Every word that can come next, by rising id. */
  words(): Iterable<TokenId>;
  /** The n-grams of an order by rising ids, from `from` on (from the first where that is empty); `<s>` alone is one. */
  ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]>;
  /** Of `ngrams`, those with an n(g) in a range; `<s>` alone is none. */
  counted(order: number, from: readonly TokenId[], range: CountRange): Iterable<CountedNGram>;
}

/** A context with the ids under which the counts have its tokens; `<s>`, which is no word, keeps its own. */
export function countedContext(
  index: Pick<CountIndex, 'unknown' | 'hasWord'>,
  context: readonly TokenId[],
  sequenceStart: TokenId | undefined,
): readonly TokenId[] {
  const { unknown } = index;
  if (unknown === UNSEEN) return context;
  return context.map((id) => (id === sequenceStart || index.hasWord(id) ? id : unknown));
}

/** The tokens of the level of an order: the last `order` - 1 of a context. */
export function historyOf(context: readonly TokenId[], order: number): readonly TokenId[] {
  return context.slice(context.length - (order - 1));
}
