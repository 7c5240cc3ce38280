import type { ArpaIndex } from '../../index/arpa/arpa-index.ts';
import type { TokenId } from '../../index/count-index.ts';
import { drawUntil, type WordGroup } from '../distribution.ts';
import { visitFollowers } from './listed-continuations.ts';

/**
 * P(w|h) of the whole vocabulary, most probable first. Unigrams of one probability are a group, without those listed
 * after h.
 */
export function listedDistribution(index: ArpaIndex, context: readonly TokenId[]): WordGroup[] {
  const groups: WordGroup[] = [];
  const { seen, backoff } = visitFollowers(index, index.contextsOf(context), (word, probability) => {
    groups.push({ probability, size: 1, pick: () => word });
  });
  const { logProbabilities } = index.levels[0];
  const { ranked } = index.table;
  const taken = new Map<number, number>();
  for (const word of seen) {
    const listed = logProbabilities[word];
    taken.set(listed, (taken.get(listed) ?? 0) + 1);
  }
  for (let start = 0; start < ranked.length; ) {
    const listed = logProbabilities[ranked[start]];
    let end = start + 1;
    while (end < ranked.length && logProbabilities[ranked[end]] === listed) end++;
    const size = end - start - (taken.get(listed) ?? 0);
    if (size > 0) {
      const words = ranked.subarray(start, end);
      groups.push({ probability: 10 ** (listed + backoff), size, pick: (draw) => others(words, seen, draw) });
    }
    start = end;
  }
  return groups.sort((a, b) => b.probability - a.probability);
}

/** One of the words that have not been seen; there must be one. */
function others(
  words: Uint32Array,
  seen: ReadonlySet<TokenId>,
  draw: Parameters<WordGroup['pick']>[0],
): TokenId {
  return drawUntil(
    () => words[draw(words.length)],
    (word) => !seen.has(word),
  );
}
