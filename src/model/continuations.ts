import type { Estimator } from '../estimators/estimator.ts';
import type { CountIndex, Level, RankedContinuations, TokenId } from '../index/count-index.ts';
import { spend } from '../platform/turn.ts';
import { BestWords, comesBefore, type ScoredWord } from './best-words.ts';

/** One of the most probable next words. */
export interface Continuation {
  word: TokenId;
  probability: number;
  /** n(hw) at the highest order, as the estimator counts it. */
  count: number;
}

/** Which of the words are asked for. */
export interface Selection {
  /** How many. */
  k: number;
  /** Only these words, as far as they occur. */
  among?: ReadonlySet<TokenId> | undefined;
  /** Only those that come after this one in the list of all. */
  after?: ScoredWord | undefined;
}

/** About how long it takes to meet a word, in microseconds. */
const meetingTime = 1;

/** Up to how many words it is cheaper to score each than to walk the lists until they have turned up. */
const fewWords = 2000;

/**
 * The k words of highest P(w|h), exactly as if the whole vocabulary were sorted (ties by rising id), without walking
 * it: the threshold algorithm (Fagin, Lotem & Naor 2003) over the ranked continuations of each level.
 * Empty where the estimator has no probability.
 */
export function topContinuations(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
  { k, among, after }: Selection,
): Continuation[] {
  const lists = index.rankings(context, estimator.reads(context.length + 1));
  const levels = lists.map((list) => new CandidateLevel(list));
  const score = (countIn: (list: RankedContinuations) => number) => {
    for (const level of levels) level.count = countIn(level.list);
    return estimator.probability(levels);
  };
  const bound = (countIn: (list: RankedContinuations) => number) => {
    for (const level of levels) level.count = countIn(level.list);
    return estimator.atMost(levels) as number;
  };
  if (score(() => 0) === null) return [];

  const best = new BestWords(k);
  const seen = new Set<TokenId>();
  const meet = (word: TokenId) => {
    if (seen.has(word)) return;
    seen.add(word);
    spend(meetingTime);
    if (among !== undefined && !among.has(word)) return;
    const candidate = { word, score: score((list) => list.countOf(word)) as number };
    if (after === undefined || comesBefore(after, candidate)) best.offer(candidate);
  };
  if (among !== undefined && among.size <= fewWords) {
    for (const word of among) if (index.hasWord(word)) meet(word);
  } else walk(lists, bound, best, meet, index);

  const highest = lists[lists.length - 1];
  return best.sorted().map(({ word, score }) => ({ word, probability: score, count: highest.countOf(word) }));
}

/** A level of a list, for one candidate after the other. */
class CandidateLevel implements Level {
  readonly order: number;
  readonly contextCount: number;
  readonly followers: number;
  readonly once: number;
  readonly twice: number;
  count = 0;
  readonly list: RankedContinuations;

  constructor(list: RankedContinuations) {
    this.list = list;
    this.order = list.order;
    this.contextCount = list.contextCount;
    this.followers = list.followers;
    this.once = list.once;
    this.twice = list.twice;
  }
}

/** The highest score of words whose counts are at most these. */
type Bound = (countIn: (list: RankedContinuations) => number) => number;

/** Meets words until none that is left can be among the best. */
function walk(
  lists: readonly RankedContinuations[],
  bound: Bound,
  best: BestWords,
  meet: (word: TokenId) => void,
  index: CountIndex,
): void {
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let rank = 0; rank < longest; rank++) {
    for (const list of lists) if (rank < list.length) meet(list.word(rank));
    const next = (list: RankedContinuations) => (rank + 1 < list.length ? list.count(rank + 1) : 0);
    const highest = bound(next);
    if (!best.takes(highest, () => leastTiedId(lists, rank + 1, bound, next, highest))) return;
  }
  const rest = bound(() => 0);
  for (const word of index.words()) {
    if (!best.takes(rest, () => word)) return;
    meet(word);
  }
}

/**
 * The least id of a word that stands in no list before `rank` and yet scores exactly `highest`. Where one count less
 * would score less, such a word has the list's next count, and equal counts are ranked by rising id.
 */
function leastTiedId(
  lists: readonly RankedContinuations[],
  rank: number,
  bound: Bound,
  next: (list: RankedContinuations) => number,
  highest: number,
): TokenId {
  let least = 0;
  for (const list of lists) {
    if (rank >= list.length) continue;
    const isStrict = bound((other) => (other === list ? next(other) - 1 : next(other))) < highest;
    if (isStrict) least = Math.max(least, list.word(rank));
  }
  return least;
}
