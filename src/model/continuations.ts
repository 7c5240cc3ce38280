import type { Estimator } from '../estimators/estimator.ts';
import type { CountIndex, Level, RankedContinuations, TokenId } from '../index/count-index.ts';
import type { CountSource } from '../index/count-source.ts';
import { spend } from '../platform/turn.ts';
import { BestWords, comesBefore, type ScoredWord } from './best-words.ts';

/** One of the most probable next words. */
export interface Continuation {
  word: TokenId;
  probability: number;
  /** n(hw) at the highest order, as the estimator counts it; omitted by models without counts. */
  count?: number;
}

/** The requested words. */
export interface Selection {
  /** The number of words. */
  k: number;
  /** If given, only those of these words that occur. */
  among?: ReadonlySet<TokenId> | undefined;
  /** If given, only words after this one in the list of all words. */
  after?: ScoredWord | undefined;
}

/** The approximate time to visit a word, in microseconds. */
const meetingTime = 1;

/** Up to this many words, scoring each is cheaper than reading the lists until they have appeared. */
const fewWords = 2000;

/**
 * The k words of highest P(w|h), exactly as if the whole vocabulary were sorted (ties by increasing id), without
 * reading all of it: the threshold algorithm (Fagin, Lotem & Naor 2003) over the ranked continuations of each level.
 * Empty if the estimator has no probability.
 */
export function topContinuations(
  estimator: Estimator,
  counts: Pick<CountSource, 'prepare'>,
  context: readonly TokenId[],
  selection: Selection,
): Continuation[] | Promise<Continuation[]> {
  const { among } = selection;
  const reading = estimator.reads(context.length + 1);
  const asked = among !== undefined && among.size <= fewWords ? [...among] : undefined;
  const searchIn = (index: CountIndex) => {
    const search = new Search(estimator, index.rankings(context, reading), selection);
    if (!search.isPossible) return [];
    if (asked !== undefined) {
      for (const word of asked) if (index.hasWord(word)) search.meet(word);
      return search.best();
    }
    if (search.walk()) return search.best();
    const all = counts.prepare({ allWords: true });
    return all instanceof Promise ? all.then((all) => search.meetRest(all)) : search.meetRest(all);
  };
  const index = counts.prepare({ rankings: [{ context, reading }], words: asked ?? [] });
  return index instanceof Promise ? index.then(searchIn) : searchIn(index);
}

/** How a word is counted in a list. */
type CountIn = (list: RankedContinuations) => number;

/** A search for the most probable words. */
class Search {
  readonly #estimator: Estimator;
  readonly #levels: readonly CandidateLevel[];
  readonly #lists: readonly RankedContinuations[];
  readonly #selection: Selection;
  readonly #best: BestWords;
  readonly #seen = new Set<TokenId>();

  constructor(estimator: Estimator, lists: readonly RankedContinuations[], selection: Selection) {
    this.#estimator = estimator;
    this.#lists = lists;
    this.#levels = lists.map((list) => new CandidateLevel(list));
    this.#selection = selection;
    this.#best = new BestWords(selection.k);
  }

  /** Whether the estimator has a probability after the context. */
  get isPossible(): boolean {
    return this.#score(() => 0) !== null;
  }

  /** The best of the words visited so far. */
  best(): Continuation[] {
    const highest = this.#lists[this.#lists.length - 1];
    return this.#best
      .sorted()
      .map(({ word, score }) => ({ word, probability: score, count: highest.countOf(word) }));
  }

  /** Scores a word once. `known` is a list that has it, at a rank. */
  meet(word: TokenId, known?: RankedContinuations, rank = 0): void {
    if (this.#seen.has(word)) return;
    this.#seen.add(word);
    spend(meetingTime);
    const { among, after } = this.#selection;
    if (among !== undefined && !among.has(word)) return;
    const countIn = (list: RankedContinuations) => (list === known ? list.count(rank) : list.countOf(word));
    const candidate = { word, score: this.#score(countIn) as number };
    if (after === undefined || comesBefore(after, candidate)) this.#best.offer(candidate);
  }

  /** Visits the words of the lists; true if none of the others can be among the best. */
  walk(): boolean {
    const lists = this.#lists;
    const longest = Math.max(...lists.map(({ length }) => length));
    for (let rank = 0; rank < longest; rank++) {
      for (const list of lists) if (rank < list.length) this.meet(list.word(rank), list, rank);
      const next = (list: RankedContinuations) => (rank + 1 < list.length ? list.count(rank + 1) : 0);
      const highest = this.#bound(next);
      if (!this.#best.takes(highest, () => this.#leastTiedId(rank + 1, next, highest))) return true;
    }
    // None can have a lower id.
    return !this.#best.takes(
      this.#bound(() => 0),
      () => 0,
    );
  }

  /** Visits the words that are in no list, until no remaining word can be among the best. */
  meetRest(index: CountIndex): Continuation[] {
    const rest = this.#bound(() => 0);
    for (const word of index.words()) {
      if (!this.#best.takes(rest, () => word)) break;
      this.meet(word);
    }
    return this.best();
  }

  #score(countIn: CountIn): number | null {
    for (const level of this.#levels) level.count = countIn(level.list);
    return this.#estimator.probability(this.#levels);
  }

  /** The highest score of words whose counts are at most these. */
  #bound(countIn: CountIn): number {
    for (const level of this.#levels) level.count = countIn(level.list);
    return this.#estimator.atMost(this.#levels) as number;
  }

  /**
   * The lowest id of a word that is in no list before `rank` and scores exactly `highest`. If one count less would score
   * less, such a word has the list's next count, and equal counts are ranked by increasing id.
   */
  #leastTiedId(rank: number, next: CountIn, highest: number): TokenId {
    let least = 0;
    for (const list of this.#lists) {
      if (rank >= list.length) continue;
      const isStrict = this.#bound((other) => (other === list ? next(other) - 1 : next(other))) < highest;
      if (isStrict) least = Math.max(least, list.word(rank));
    }
    return least;
  }
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
