import { BestWords, type ScoredWord } from '../best-words.ts';

/** The words of one part of a mixture after a context, most probable first. */
export interface RankedPart {
  readonly weight: number;
  /** The next words, with their probabilities in the part; fewer than requested only at the end. */
  next(count: number): Promise<readonly ScoredWord[]>;
}

/** The probabilities of a word in the parts, as far as they are known. */
export type KnownShares = readonly (number | undefined)[];

/** Σᵢ λᵢ Pᵢ. Every probability is added up in this order, so that it grows with each Pᵢ, rounded as it is. */
export function mixed(weights: readonly number[], probabilities: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * probabilities[i];
  return sum;
}

/** The number of words that are first read of each part, beyond those that are wanted. */
const someWords = 4;

/**
 * The k best words of a mixture, exactly as if all words of all parts were sorted (ties by increasing id), by the
 * threshold algorithm (Fagin, Lotem & Naor 2001, "Optimal aggregation algorithms for middleware"): words are read from
 * the ranked lists of the parts in step, each is scored in all parts when it is first met, and the search ends when k
 * words score more than a word could that is in no list so far. Such a word has at most the probability of the last
 * word read of each list, and none in a list that has been read to its end. `scoresOf` gives the scores of words in the
 * mixture, of which the probabilities in some parts are known already, and `isWanted` leaves words out.
 */
export async function bestOfParts(
  parts: readonly RankedPart[],
  k: number,
  scoresOf: (words: readonly number[], known: readonly KnownShares[]) => Promise<readonly number[]>,
  isWanted: (word: ScoredWord) => boolean,
): Promise<ScoredWord[]> {
  const best = new BestWords(k);
  const met = new Set<number>();
  const weights = parts.map(({ weight }) => weight);
  const bounds = parts.map(() => Number.POSITIVE_INFINITY);
  const hasEnded = parts.map(() => false);
  for (let count = k + someWords; ; count *= 2) {
    const lists = await Promise.all(
      parts.map((part, i) => (hasEnded[i] ? Promise.resolve([]) : part.next(count))),
    );
    const found = new Map<number, (number | undefined)[]>();
    for (const [i, list] of lists.entries()) {
      hasEnded[i] = list.length < count;
      bounds[i] = hasEnded[i] ? 0 : list[list.length - 1].score;
      for (const { word, score } of list) {
        if (met.has(word)) continue;
        const shares = found.get(word) ?? new Array<number | undefined>(parts.length);
        shares[i] = score;
        found.set(word, shares);
      }
    }
    const words = [...found.keys()];
    const scores = await scoresOf(words, [...found.values()]);
    for (const [i, word] of words.entries()) {
      met.add(word);
      const scored = { word, score: scores[i] };
      if (isWanted(scored)) best.offer(scored);
    }
    // An unmet word could have any id.
    if (hasEnded.every(Boolean) || !best.takes(mixed(weights, bounds), () => -1)) return best.sorted();
  }
}

/** The k best of words with their scores. */
export function bestOf(
  words: readonly number[],
  scores: readonly number[],
  k: number,
  isWanted: (word: ScoredWord) => boolean,
): ScoredWord[] {
  const best = new BestWords(k);
  for (const [i, word] of words.entries()) {
    const scored = { word, score: scores[i] };
    if (isWanted(scored)) best.offer(scored);
  }
  return best.sorted();
}
