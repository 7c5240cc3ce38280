import { LRUCache } from 'lru-cache';
import type { ContextCounts, RankedContinuations, TokenId } from './count-index.ts';

/** The most words that the ranked lists kept in memory for one corpus hold together. */
const cachedWords = 2_000_000;

/** Ranked lists that were asked for lately, by a key of the caller's. */
export class RankingCache {
  readonly #rankings = new LRUCache<string, RankedContinuations>({
    maxSize: cachedWords,
    sizeCalculation: (ranking) => ranking.length + 1,
  });

  get(key: string, rank: () => RankedContinuations): RankedContinuations {
    const known = this.#rankings.get(key);
    if (known !== undefined) return known;
    const ranking = rank();
    this.#rankings.set(key, ranking);
    return ranking;
  }

  clear(): void {
    this.#rankings.clear();
  }
}

/** Ranks the words after a context, given with their counts; `countOf` is what the ranking says for any word. */
export function rankContinuations(
  { order, contextCount }: Pick<ContextCounts, 'order' | 'contextCount'>,
  words: ArrayLike<TokenId>,
  counts: ArrayLike<number>,
  countOf: (word: TokenId) => number,
): RankedContinuations {
  const { length } = words;
  let most = 0;
  let highest = 0;
  for (let i = 0; i < length; i++) {
    if (counts[i] > most) most = counts[i];
    if (words[i] > highest) highest = words[i];
  }
  // Count and word in one number, for falling count and then rising id. Doubles that are not negative sort as their bits
  // do, and the engine sorts integers twice as fast as it does doubles.
  const ids = highest + 1;
  const packed = new Float64Array(length);
  for (let i = 0; i < length; i++) packed[i] = (most - counts[i]) * ids + words[i];
  new BigUint64Array(packed.buffer).sort();
  return {
    order,
    contextCount,
    followers: length,
    once: occurrencesOf(1, counts),
    twice: occurrencesOf(2, counts),
    length,
    word: (rank) => packed[rank] % ids,
    count: (rank) => most - Math.floor(packed[rank] / ids),
    countOf,
  };
}

function occurrencesOf(value: number, counts: ArrayLike<number>): number {
  let occurrences = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] === value) occurrences++;
  return occurrences;
}

/** Where `word` stands among sorted `words` from `start` to `end` (not included). */
export function indexOf(
  words: ArrayLike<TokenId>,
  word: TokenId,
  start: number,
  end: number,
): number | undefined {
  const at = firstNotBefore(words, word, start, end);
  return at < end && words[at] === word ? at : undefined;
}

/** The first place from `start` on whose word is not before `word`; `end` where there is none. */
export function firstNotBefore(words: ArrayLike<TokenId>, word: TokenId, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
