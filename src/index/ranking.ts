import type { RankedContinuations, TokenId } from './count-index.ts';

/** Ranks the words after a context, given by rising id with their counts. */
export function rankContinuations(
  order: number,
  contextCount: number,
  words: ArrayLike<TokenId>,
  counts: ArrayLike<number>,
): RankedContinuations {
  const { length } = words;
  const ranks = ranksByCount(counts);
  const at = (rank: number) => ranks[rank] % length;
  return {
    order,
    contextCount,
    length,
    word: (rank) => words[at(rank)],
    count: (rank) => counts[at(rank)],
    countOf: (word) => {
      const index = indexOf(words, word);
      return index === undefined ? 0 : counts[index];
    },
  };
}

/**
 * For each rank a number that is the word's index modulo the number of words. Count and index are packed into one
 * number, so that a typed array's numeric sort (falling count, then rising index) needs no comparison function.
 */
function ranksByCount(counts: ArrayLike<number>): Float64Array {
  const { length } = counts;
  let most = 0;
  for (let i = 0; i < length; i++) if (counts[i] > most) most = counts[i];
  const packed = new Float64Array(length);
  for (let i = 0; i < length; i++) packed[i] = (most - counts[i]) * length + i;
  return packed.sort();
}

function indexOf(words: ArrayLike<TokenId>, word: TokenId): number | undefined {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low < words.length && words[low] === word ? low : undefined;
}
