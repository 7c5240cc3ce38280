import { compareNGrams } from '../ngrams/ngram-stream.ts';
import type { CountIndex, Level, Reading, TokenId, Totals } from './count-index.ts';

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
 * The counts of one corpus at one version. A question declares in one call what it needs, and then reads it synchronously:
 * an index in memory already has it, a store reads it in one request.
 */
export interface CountSource {
  /** The same object for all questions of a version. */
  readonly totals: Totals;
  /** As in `CountIndex`. */
  readonly unknown: TokenId;
  prepare(need: CountNeed): CountIndex | Promise<CountIndex>;
  /**
   * A reader for rows of at most `capacity` tokens. For a token after k - 1 others it reads the levels of `reads(k)`, with k
   * at most `order`.
   */
  reader(order: number, capacity: number, reads: (order: number) => Reading): LevelReader;
  /** The n-grams of an order by increasing ids, from `from` on (the first if that is empty), including the unigram `<s>`. */
  ngrams(order: number, from: readonly TokenId[]): Batches<readonly TokenId[]>;
  /**
   * At most `limit` n-grams of an order by decreasing n(g), those of one count by increasing ids, after one that need not
   * exist (from the first if it is undefined). The unigram `<s>` is not among them.
   */
  byCount(
    order: number,
    after: CountedNGram | undefined,
    limit: number,
  ): readonly CountedNGram[] | Promise<readonly CountedNGram[]>;
}

/** Consecutive tokens, of one sequence after the other. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** For each token, the number of tokens before it in its sequence, at most the order - 1. */
  readonly before: Uint8Array;
  /** The number of tokens. */
  readonly length: number;
}

/** Reads the levels of many tokens at a time. */
export interface LevelReader {
  /** Takes tokens, which must not change until the next row. A promise if their levels are not in memory. */
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
