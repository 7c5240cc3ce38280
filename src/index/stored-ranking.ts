import { spend } from '../platform/turn.ts';
import type { Continuations } from '../store/store.ts';
import type { ContextCounts, RankedContinuations, TokenId } from './count-index.ts';
import { countsArray, rankContinuations } from './ranking.ts';
import { indexOf } from './search.ts';

/** The approximate time to rank a word, in microseconds. */
const rankTime = 0.1;

/** The ranked continuations of a context in a store, together with the words by increasing id. */
export interface StoredRanking extends RankedContinuations {
  readonly wordsById: Uint32Array;
}

/** Ranks the words that follow a context in a store. */
export function rankStored(
  about: Pick<ContextCounts, 'order' | 'contextCount'>,
  { words, counts }: Continuations,
): StoredRanking {
  spend(rankTime * words.length);
  let most = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > most) most = counts[i];
  const countsById = countsArray(counts.length, most);
  countsById.set(counts);
  const ranking = rankContinuations(about, words, countsById, (word: TokenId) => {
    const at = indexOf(words, word, 0, words.length);
    return at === undefined ? 0 : countsById[at];
  });
  const bytes = ranking.bytes + words.byteLength + countsById.byteLength;
  return { ...ranking, bytes, wordsById: words };
}
