import { compareNGrams } from '../ngrams/ngram-stream.ts';
import type { CountIndex, Reading, TokenId, Totals } from './count-index.ts';

/** The counts that a question reads. */
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

/** Negative, zero or positive as `a` comes before, with or after `b` among n-grams of one order by count. */
export function compareByCount(a: CountedNGram, b: CountedNGram): number {
  return b.count - a.count || compareNGrams(a.ngram, b.ngram, a.ngram.length);
}

/** Items in batches, available at once or asynchronously. */
export type Batches<Item> = Iterable<readonly Item[]> | AsyncIterable<readonly Item[]>;

/**
 * The counts of one corpus at one version. A question declares in one call what it needs, and then reads it
 * synchronously: an index in memory already has it, a store reads it in one request.
 */
export interface CountSource {
  /** The same object for all questions of a version. */
  readonly totals: Totals;
  /** As in `CountIndex`. */
  readonly unknown: TokenId;
  prepare(need: CountNeed): CountIndex | Promise<CountIndex>;
  /** A reader for rows of tokens. Throws a programming error if the source does not have what it reads. */
  reader(shape: RowShape): RowReader;
  /**
   * The n-grams of an order by increasing ids, from `from` on (the first if that is empty), including the unigram
   * `<s>`.
   */
  ngrams(order: number, from: readonly TokenId[]): Batches<readonly TokenId[]>;
  /**
   * At most `limit` n-grams of an order by decreasing n(g), those of one count by increasing ids, after one that need
   * not exist (from the first if it is undefined). The unigram `<s>` is not among them.
   */
  byCount(
    order: number,
    after: CountedNGram | undefined,
    limit: number,
  ): readonly CountedNGram[] | Promise<readonly CountedNGram[]>;
}

/** Consecutive tokens, of one sequence after the other. */
export interface TokenRow {
  /** When the row is read, words that are not counted get the id `unknown`. */
  readonly ids: Int32Array;
  /** For each token, the number of tokens before it in its sequence, at most the order - 1. */
  readonly before: Uint8Array;
  /**
   * 1 for words whose counts are read; the other tokens are only contexts, given by the ids under which they are
   * counted.
   */
  readonly isWord: Uint8Array;
  /** The number of tokens. */
  readonly length: number;
}

/** The rows that a reader reads. */
export interface RowShape {
  readonly order: number;
  /** The maximum number of tokens of a row. */
  readonly capacity: number;
  /** The levels to read for words after a context of `order` - 1 tokens. At each order the same is counted for all. */
  reads(order: number): Reading;
  /** Whether `seen` is read. */
  readonly seen: boolean;
}

/** Reads the counts of many tokens at a time, into columns: what belongs to token i of a row is at index i. */
export interface RowReader {
  /** The counts at each order, order 1 first. */
  readonly levels: readonly LevelColumns[];
  /** 1 for words that the corpus has: if it counts `<unk>`, the counts of the others are those of `<unk>`. */
  readonly inVocabulary: Uint8Array;
  /** If requested, the length of the longest n-gram of the corpus that ends with each word; 0 if there is none. */
  readonly seen: Uint8Array;
  /** Reads a row into the columns. A promise if its counts are not in memory. */
  read(row: TokenRow): void | Promise<void>;
}

/**
 * The fields of `Level` for each word of a row at one order, as far as the readings have them. `contextCount` is 0
 * where the level is not read or does not exist.
 */
export interface LevelColumns {
  readonly count: Float64Array;
  readonly contextCount: Float64Array;
  readonly followers: Float64Array;
  readonly once: Float64Array;
  readonly twice: Float64Array;
}

/** The columns of the levels up to an order, for `capacity` tokens. */
export function levelColumns(order: number, capacity: number): LevelColumns[] {
  return Array.from({ length: order }, () => ({
    count: new Float64Array(capacity),
    contextCount: new Float64Array(capacity),
    followers: new Float64Array(capacity),
    once: new Float64Array(capacity),
    twice: new Float64Array(capacity),
  }));
}

/**
 * The ids under which words are counted: words that are not counted get the id `unknown`; `<s>`, which is not a word,
 * keeps its own. If the corpus does not count `<unk>`, the ids are returned unchanged.
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
