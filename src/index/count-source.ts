import type { CountIndex, Level, Reading, TokenId, Totals } from './count-index.ts';

/** What a question reads of the counts. */
export interface CountNeed {
  /** `levels` is called with these. */
  readonly levels?: readonly { context: readonly TokenId[]; word: TokenId; reading: Reading }[];
  /** `rankings` is called with these. */
  readonly rankings?: readonly { context: readonly TokenId[]; reading: Reading }[];
  /** `hasWord` is called with these. */
  readonly words?: ArrayLike<TokenId>;
  /** Whether `words` is called, and `hasWord` with any token. */
  readonly allWords?: boolean;
  /** `lowCountsOfCounts` is called with these. */
  readonly lowCounts?: readonly { order: number; adjusted: boolean }[];
}

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

/** Some items at a time, which are there at once or have to be waited for. */
export type Batches<Item> = Iterable<readonly Item[]> | AsyncIterable<readonly Item[]>;

/**
 * The counts of one corpus at one version. A question says in one call what it needs of them, and then reads it at once:
 * an index in memory has it there already, a store reads it in one request.
 */
export interface CountSource {
  /** The same object for all questions of a version. */
  readonly totals: Totals;
  /** As of `CountIndex`. */
  readonly unknown: TokenId;
  prepare(need: CountNeed): CountIndex | Promise<CountIndex>;
  /**
   * A reader for rows of at most `capacity` tokens. What it reads for a token after k - 1 others is what `reads` names
   * for k, at most for `order`.
   */
  reader(order: number, capacity: number, reads: (order: number) => Reading): LevelReader;
  /** The n-grams of an order by rising ids, from `from` on (from the first where that is empty); `<s>` alone is one. */
  ngrams(order: number, from: readonly TokenId[]): Batches<readonly TokenId[]>;
  /** Of `ngrams`, those with an n(g) in a range; without `<s>` alone. */
  counted(order: number, from: readonly TokenId[], range: CountRange): Batches<CountedNGram>;
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
  /** Takes tokens, which may not change until the next row. A promise where their levels have to be waited for. */
  read(row: TokenRow): void | Promise<void>;
  /** The levels of the row's token i after the tokens before it, valid until the next call. */
  at(i: number): readonly Level[];
}

/**
 * The ids under which words are counted: words that are not counted get the id `unknown`; `<s>`, which is not a word, keeps
 * its own. If the corpus does not count `<unk>`, the ids are returned unchanged.
 */
export function countedIds(
  source: Pick<CountSource, 'unknown' | 'prepare'>,
  ids: readonly TokenId[],
  sequenceStart: TokenId | undefined,
): readonly TokenId[] | Promise<readonly TokenId[]> {
  const { unknown } = source;
  if (unknown < 0) return ids;
  const replaced = (index: Pick<CountIndex, 'hasWord'>) =>
    ids.map((id) => (id === sequenceStart || index.hasWord(id) ? id : unknown));
  const index = source.prepare({ words: ids });
  return index instanceof Promise ? index.then(replaced) : replaced(index);
}
