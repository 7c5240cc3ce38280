import { LRUCache } from 'lru-cache';
import { sortPairs } from '../ngrams/sort-pairs.ts';
import type { ContextCounts, Level, RankedContinuations, TokenId } from './count-index.ts';

/** The memory for all ranked lists of a thread, in bytes, unless a single one is larger. */
const defaultBytes = 32 * 2 ** 20;

/** The approximate size of a list in bytes without its words and counts. */
const listBytes = 500;

/**
 * The ranked lists of all indexes of a thread, within a limit: the least recently used are evicted. A list that is larger than all may be together is kept alone, so that the next question need not rank it again.
 */
export class RankingMemory {
  readonly #lists: LRUCache<string, { ranking: RankedContinuations; owner: RankingCache }>;
  #owners = 0;

  constructor(maxBytes = defaultBytes) {
    this.#lists = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ ranking }) => Math.min(ranking.bytes + listBytes, maxBytes),
      dispose: ({ owner }, key) => owner.dropped(key),
    });
  }

  /** The memory used by the lists; one that is larger than the limit counts as the limit. */
  get bytes(): number {
    return this.#lists.calculatedSize;
  }

  /** A cache for the lists of one index. */
  cache(): RankingCache {
    return new RankingCache(this.#lists, this.#owners++);
  }
}

/** The ranked lists of one index, in the memory of all. */
export class RankingCache {
  readonly #lists: LRUCache<string, { ranking: RankedContinuations; owner: RankingCache }>;
  readonly #prefix: string;
  readonly #keys = new Set<string>();

  constructor(
    lists: LRUCache<string, { ranking: RankedContinuations; owner: RankingCache }>,
    number: number,
  ) {
    this.#lists = lists;
    this.#prefix = `${number}:`;
  }

  /** The list of a key, created by `rank` if it is not cached. */
  get(key: string, rank: () => RankedContinuations): RankedContinuations {
    return this.find(key) ?? this.keep(key, rank());
  }

  /** The list of a key; undefined if it is not cached. */
  find(key: string): RankedContinuations | undefined {
    return this.#lists.get(this.#prefix + key)?.ranking;
  }

  /** Caches a list under its key. */
  keep(key: string, ranking: RankedContinuations): RankedContinuations {
    const whole = this.#prefix + key;
    this.#keys.add(whole);
    this.#lists.set(whole, { ranking, owner: this });
    return ranking;
  }

  /** Called when a list has been dropped. */
  dropped(key: string): void {
    this.#keys.delete(key);
  }

  /** Drops all lists of this index. */
  clear(): void {
    for (const key of [...this.#keys]) this.#lists.delete(key);
  }
}

/** Counts in decreasing order, with their words; ties by increasing id. */
export interface RankedWords {
  readonly words: Uint32Array;
  readonly counts: Uint32Array | Float64Array;
}

/** Sorts words, given with their counts, by decreasing count and then by increasing id. */
export function rankWords(words: ArrayLike<TokenId>, counts: ArrayLike<number>): RankedWords {
  const { length } = words;
  let most = 0;
  for (let i = 0; i < length; i++) if (counts[i] > most) most = counts[i];
  const ranked = new Uint32Array(words);
  const below = new Float64Array(length);
  for (let i = 0; i < length; i++) below[i] = most - counts[i];
  sortPairs(below, ranked);
  const sorted = countsArray(length, most);
  for (let i = 0; i < length; i++) sorted[i] = most - below[i];
  return { words: ranked, counts: sorted };
}

/** An array for counts up to `most`. */
export function countsArray(
  length: number,
  most: number,
): Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return most < 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
}

/** The ranked list of sorted words; `countOf` returns the count of any word. */
export function rankedContinuations(
  { order, contextCount }: Pick<ContextCounts, 'order' | 'contextCount'>,
  { words, counts }: RankedWords,
  countOf: (word: TokenId) => number,
): RankedContinuations {
  return {
    order,
    contextCount,
    followers: words.length,
    once: occurrencesOf(1, counts),
    twice: occurrencesOf(2, counts),
    length: words.length,
    bytes: words.byteLength + counts.byteLength,
    word: (rank) => words[rank],
    count: (rank) => counts[rank],
    countOf,
  };
}

/** Ranks the words after a context, given with their counts; `countOf` returns the count of any word. */
export function rankContinuations(
  about: Pick<ContextCounts, 'order' | 'contextCount'>,
  words: ArrayLike<TokenId>,
  counts: ArrayLike<number>,
  countOf: (word: TokenId) => number,
): RankedContinuations {
  return rankedContinuations(about, rankWords(words, counts), countOf);
}

function occurrencesOf(value: number, counts: ArrayLike<number>): number {
  let occurrences = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] === value) occurrences++;
  return occurrences;
}

/** What ranked lists say about a word, whose count in each list is given: its levels, in the order of the lists. */
export function levelsIn(
  lists: readonly RankedContinuations[],
  countIn: (list: RankedContinuations) => number,
): Level[] {
  return lists.map((list) => ({
    order: list.order,
    contextCount: list.contextCount,
    followers: list.followers,
    once: list.once,
    twice: list.twice,
    count: countIn(list),
  }));
}
