import type { ArpaIndex, Contexts } from '../../index/arpa/arpa-index.ts';
import { NONE } from '../../index/arpa/arpa-table.ts';
import type { TokenId } from '../../index/count-index.ts';
import { spend } from '../../platform/turn.ts';
import { BestWords, comesBefore } from '../best-words.ts';
import type { Continuation, Selection } from '../continuations.ts';

/** The approximate time to visit a word, in microseconds. */
const visitTime = 0.1;

/** Up to this many words, looking up each is cheaper than visiting those that the file lists after the context. */
const fewWords = 2000;

/**
 * The k words of highest P(w|h), exactly as if the whole vocabulary were sorted (ties by increasing id): of the words
 * that are listed after the context or a shorter one each, and of the others, whose probability is that of their
 * unigram times one factor, the first of the unigrams by probability.
 */
export function listedContinuations(
  index: ArpaIndex,
  context: readonly TokenId[],
  { k, among, after }: Selection,
): Continuation[] {
  const contexts = index.contextsOf(context);
  const best = new BestWords(k);
  const offer = (word: TokenId, score: number) => {
    const candidate = { word, score };
    if (after === undefined || comesBefore(after, candidate)) best.offer(candidate);
  };
  if (among !== undefined && among.size <= fewWords) {
    spend(among.size);
    for (const word of among)
      if (index.hasWord(word)) offer(word, 10 ** index.logProbability(contexts, word));
  } else {
    const isWanted = (word: TokenId) => among === undefined || among.has(word);
    const { seen, backoff } = visitFollowers(index, contexts, (word, score) => {
      if (isWanted(word)) offer(word, score);
    });
    const { logProbabilities } = index.levels[0];
    for (const word of index.table.ranked) {
      spend(visitTime);
      const score = 10 ** (logProbabilities[word] + backoff);
      if (!best.takes(score, () => word)) break;
      if (!seen.has(word) && isWanted(word)) offer(word, score);
    }
  }
  return best.sorted().map(({ word, score }) => ({ word, probability: score }));
}

/**
 * Visits each word that is listed after a context or a shorter one but the empty one, with its probability. Returns
 * these words, and log10 of the factor by which the unigrams of the others are multiplied.
 */
export function visitFollowers(
  index: ArpaIndex,
  { nodes, length }: Contexts,
  visit: (word: TokenId, probability: number) => void,
): { seen: ReadonlySet<TokenId>; backoff: number } {
  const seen = new Set<TokenId>();
  let backoff = 0;
  for (let before = length; before > 0; before--) {
    const node = nodes[before];
    if (node !== NONE) {
      const { children } = index.levels[before - 1];
      const { words, logProbabilities } = index.levels[before];
      const end = children[node + 1];
      spend(visitTime * (end - children[node]));
      for (let child = children[node]; child < end; child++) {
        const word = words[child];
        const listed = logProbabilities[child];
        if (Number.isNaN(listed) || seen.has(word) || !index.hasWord(word)) continue;
        seen.add(word);
        visit(word, 10 ** (listed + backoff));
      }
    }
    backoff += index.backoffOf(node, before);
  }
  return { seen, backoff };
}
