import type { CountIndex, RankedContinuations, TokenId } from '../index/count-index.ts';
import { BestWords } from './best-words.ts';
import type { Estimator } from './estimator.ts';

/** One of the most probable next words. */
export interface Continuation {
  word: TokenId;
  probability: number;
  /** n(hw) at the highest order. */
  count: number;
}

/** Up to how many words it is cheaper to score each than to walk the lists until they have turned up. */
const fewWords = 2000;

/**
 * The k words of highest P(w|h), of all or only `among` some, exactly as if the whole vocabulary were sorted (ties by
 * rising id), without walking it: the threshold algorithm (Fagin, Lotem & Naor 2003) over the ranked continuations of
 * each level. The context has order - 1 tokens. Empty where the estimator has no probability.
 */
export function topContinuations(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
  order: number,
  k: number,
  among?: ReadonlySet<TokenId>,
): Continuation[] {
  const { vocabularySize } = index.totals;
  const lists = index.rankings(context, estimator.orders(order));
  const score = (countIn: (list: RankedContinuations) => number) =>
    estimator.probability(
      lists.map((list) => ({ order: list.order, contextCount: list.contextCount, count: countIn(list) })),
      vocabularySize,
    ) as number;
  if (score(() => 0) === null) return [];

  const best = new BestWords(k);
  const seen = new Set<TokenId>();
  const meet = (word: TokenId) => {
    if (seen.has(word)) return;
    seen.add(word);
    if (among === undefined || among.has(word))
      best.offer(
        word,
        score((list) => list.countOf(word)),
      );
  };
  if (among !== undefined && among.size <= fewWords) for (const word of among) meet(word);
  else walk(lists, score, best, meet, index);

  const highest = lists[lists.length - 1];
  return best.sorted().map(({ word, score }) => ({ word, probability: score, count: highest.countOf(word) }));
}

/** Meets words until none that is left can be among the best. */
function walk(
  lists: readonly RankedContinuations[],
  score: (countIn: (list: RankedContinuations) => number) => number,
  best: BestWords,
  meet: (word: TokenId) => void,
  index: CountIndex,
): void {
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let rank = 0; rank < longest; rank++) {
    for (const list of lists) if (rank < list.length) meet(list.word(rank));
    const next = (list: RankedContinuations) => (rank + 1 < list.length ? list.count(rank + 1) : 0);
    const bound = score(next);
    if (!best.takes(bound, () => leastTiedId(lists, rank + 1, score, next, bound))) return;
  }
  const rest = score(() => 0);
  for (const word of index.words()) {
    if (!best.takes(rest, () => word)) return;
    meet(word);
  }
}

/**
 * The least id of a word that stands in no list before `rank` and yet scores exactly `bound`. Where one count less
 * would score less, such a word has the list's next count, and equal counts are ranked by rising id.
 */
function leastTiedId(
  lists: readonly RankedContinuations[],
  rank: number,
  score: (countIn: (list: RankedContinuations) => number) => number,
  next: (list: RankedContinuations) => number,
  bound: number,
): TokenId {
  let least = 0;
  for (const list of lists) {
    if (rank >= list.length) continue;
    const isStrict = score((other) => (other === list ? next(other) - 1 : next(other))) < bound;
    if (isStrict) least = Math.max(least, list.word(rank));
  }
  return least;
}
