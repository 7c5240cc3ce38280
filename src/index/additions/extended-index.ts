import { compareNGrams } from '../../ngrams/ngram-stream.ts';
import { spend } from '../../platform/turn.ts';
import { unknownId } from '../../text/reserved.ts';
import {
  type CountedAs,
  type CountIndex,
  historyOf,
  type Level,
  type LevelReading,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
  UNSEEN,
} from '../count-index.ts';
import {
  type CountedNGram,
  type CountSource,
  compareByCount,
  type RowReader,
  type RowShape,
} from '../count-source.ts';
import {
  type RankedWords,
  type RankingCache,
  RankingMemory,
  rankContinuations,
  rankedContinuations,
} from '../ranking.ts';
import { NONE } from '../resident/children.ts';
import { type CountTrie, countOf } from '../resident/count-trie.ts';
import { nodeOf } from '../resident/nodes.ts';
import type { ResidentIndex } from '../resident/resident-index.ts';
import { ResidentVocabulary } from '../resident/resident-vocabulary.ts';
import {
  type Additions,
  addedChild,
  addedNGrams,
  addedNode,
  bytesOfAdditions,
  differenceOf,
  type LevelDifference,
} from './additions.ts';
import { ExtendedReader } from './extended-reader.ts';

/** A trie with what is added to its counts. */
export interface ExtendedTrie {
  readonly trie: CountTrie;
  readonly additions: Additions;
}

/** About how long it takes to rank a word, in microseconds. */
const rankTime = 0.1;

/** About how long it takes to look up an added n-gram and to sort it among the others, in microseconds. */
const listTime = 2;

/**
 * The counts of a version of a corpus to which only documents were added since that of an index in memory: of this
 * index, to which the differences are added.
 */
export class ExtendedIndex implements CountSource, CountIndex {
  readonly totals: Totals;
  readonly unknown: TokenId;
  /** The memory used by all its arrays, including those of the index that it extends. */
  readonly bytes: number;
  readonly base: ResidentIndex;
  readonly additions: Additions;
  /** No trie has its counts. */
  readonly trie = undefined;
  readonly extended: ExtendedTrie;
  readonly vocabulary: ResidentVocabulary;
  readonly #rankings: RankingCache;
  /** The added n-grams of each order by count, once they were requested. */
  readonly #byCount: (readonly CountedNGram[])[] = [];
  readonly #ranked: { readonly [counts in CountedAs]: RankedContinuations | undefined };

  /** `memory` keeps its ranked lists but for those of the unigrams, which the additions have. */
  constructor(base: ResidentIndex, additions: Additions, memory = new RankingMemory()) {
    const { version, tokens, newNGrams, ranked } = additions;
    this.totals = {
      version,
      tokens: base.totals.tokens + tokens,
      vocabularySize: base.totals.vocabularySize + newNGrams[0],
      distinct: base.totals.distinct.map((distinct, i) => distinct + newNGrams[i]),
    };
    this.base = base;
    this.extended = { trie: base.trie, additions };
    this.additions = additions;
    this.bytes = base.bytes + bytesOfAdditions(additions);
    const unknown = unknownId(base.trie.settings);
    this.unknown = this.hasWord(unknown) ? unknown : UNSEEN;
    this.vocabulary = new ResidentVocabulary(base.trie.vocabulary, additions.vocabulary);
    this.#rankings = memory.cache();
    this.#ranked = {
      occurrences: ranked.occurrences && this.#rankedUnigrams(ranked.occurrences, 'occurrences'),
      continuations: ranked.continuations && this.#rankedUnigrams(ranked.continuations, 'continuations'),
    };
  }

  /** Drops its ranked lists; those of the index that it extends stay. */
  release(): void {
    this.#rankings.clear();
  }

  /** Everything is in memory. */
  prepare(): CountIndex {
    return this;
  }

  levels(context: readonly TokenId[], word: TokenId, reading: Reading): readonly Level[] {
    const levels = this.base.levels(context, word, reading);
    return levels.map((level, i) => {
      const { order } = level;
      const parent = addedNode(this.additions, historyOf(context, order));
      const node = this.#isWord(word) ? addedChild(this.additions, order - 1, parent, word) : NONE;
      return new ExtendedLevel(level, differenceOf(this.additions, reading.levels[i], parent, node));
    });
  }

  reader(shape: RowShape): RowReader {
    return new ExtendedReader(this, shape);
  }

  hasWord(id: TokenId): boolean {
    return this.base.hasWord(id) || (this.#isWord(id) && addedNode(this.additions, [id]) !== NONE);
  }

  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[] {
    return reading.levels.map((level) => {
      const { order, counts } = level;
      if (order === 1) return this.#ranked[counts] as RankedContinuations;
      const history = historyOf(context, order);
      const parent = addedNode(this.additions, history);
      if (parent === NONE) return this.#baseRanking(level, history);
      return this.#rankings.get(`${counts}:${history}`, () => this.#rank(level, history, parent));
    });
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    const counts = adjusted ? 'continuations' : 'occurrences';
    const [n1, n2, n3, n4] = this.base.lowCountsOfCounts(order, adjusted);
    const [d1, d2, d3, d4] = this.additions.levels[order - 1].lowCounts[counts] as LowCountsOfCounts;
    return [n1 + d1, n2 + d2, n3 + d3, n4 + d4];
  }

  *ngrams(order: number, from: readonly TokenId[]): Iterable<readonly (readonly TokenId[])[]> {
    const isNew = (ngram: readonly TokenId[]) =>
      nodeOf(this.base.trie, ngram) === NONE && compareNGrams(ngram, from, from.length) >= 0;
    const added = addedNGrams(this.additions, order).filter(isNew);
    let next = 0;
    for (const batch of this.base.ngrams(order, from)) {
      const merged = [...batch];
      const last = batch[batch.length - 1];
      while (next < added.length && compareNGrams(added[next], last, order) < 0) merged.push(added[next++]);
      yield merged.sort((a, b) => compareNGrams(a, b, order));
    }
    if (next < added.length) yield added.slice(next);
  }

  byCount(order: number, after: CountedNGram | undefined, limit: number): readonly CountedNGram[] {
    const isLater = (ngram: CountedNGram) => after === undefined || compareByCount(ngram, after) > 0;
    const added = this.#addedByCount(order).filter(isLater).slice(0, limit);
    return [...this.#unchangedByCount(order, after, limit), ...added].sort(compareByCount).slice(0, limit);
  }

  /** The n-grams of `byCount` that were not added. */
  #unchangedByCount(order: number, after: CountedNGram | undefined, limit: number): CountedNGram[] {
    const found: CountedNGram[] = [];
    for (let from = after; ; ) {
      const page = this.base.byCount(order, from, limit);
      for (const counted of page) if (addedNode(this.additions, counted.ngram) === NONE) found.push(counted);
      if (found.length >= limit || page.length < limit) return found;
      from = page[page.length - 1];
    }
  }

  /** The n-grams of an order that were added, by decreasing n(g); without `<s>` alone. */
  #addedByCount(order: number): readonly CountedNGram[] {
    const known = this.#byCount[order - 1];
    if (known !== undefined) return known;
    const { occurrences } = this.additions.levels[order - 1];
    spend(listTime * occurrences.length);
    const level = this.base.trie.levels[order - 1];
    const counted = addedNGrams(this.additions, order).map((ngram, i) => {
      const node = nodeOf(this.base.trie, ngram);
      return { ngram, count: (node === NONE ? 0 : countOf(level, node)) + occurrences[i] };
    });
    const listed = counted.filter(({ ngram }) => order > 1 || this.#isWord(ngram[0])).sort(compareByCount);
    this.#byCount[order - 1] = listed;
    return listed;
  }

  *words(): Iterable<TokenId> {
    const added = this.additions.levels[0].words.filter(
      (word) => this.#isWord(word) && !this.base.hasWord(word),
    );
    let next = 0;
    for (const word of this.base.words()) {
      while (next < added.length && added[next] < word) yield added[next++];
      yield word;
    }
    yield* added.subarray(next);
  }

  #isWord(id: TokenId): boolean {
    return id !== this.base.trie.sequenceStart;
  }

  #baseRanking(level: LevelReading, history: readonly TokenId[]): RankedContinuations {
    const [ranking] = this.base.rankings(history, { levels: [level], followers: true });
    return ranking;
  }

  #rankedUnigrams(ranked: RankedWords, counts: CountedAs): RankedContinuations {
    const reading: Reading = { levels: [{ order: 1, counts }], followers: true };
    const contextCount = this.levels([], UNSEEN, reading)[0].contextCount;
    return rankedContinuations(
      { order: 1, contextCount },
      ranked,
      (word) => this.levels([], word, reading)[0].count,
    );
  }

  /** Ranks the words after a context, some of which were added. */
  #rank(level: LevelReading, history: readonly TokenId[], parent: number): RankedContinuations {
    const { order, counts } = level;
    const { levels } = this.additions;
    const base = this.#baseRanking(level, history);
    const { firstChildren } = levels[order - 2];
    const { words, [counts]: differences } = levels[order - 1];
    const added = new Map<TokenId, number>();
    for (let node = firstChildren[parent]; node < firstChildren[parent + 1]; node++) {
      added.set(words[node], (differences as Uint32Array)[node]);
    }
    spend(rankTime * (base.length + added.size));
    const all = new Map<TokenId, number>();
    for (let rank = 0; rank < base.length; rank++) all.set(base.word(rank), base.count(rank));
    for (const [word, difference] of added) all.set(word, (all.get(word) ?? 0) + difference);
    const contextCount = base.contextCount + differenceOf(this.additions, level, parent, NONE).contextCount;
    return rankContinuations(
      { order, contextCount },
      [...all.keys()],
      [...all.values()],
      (word) => base.countOf(word) + (added.get(word) ?? 0),
    );
  }
}

/** A level of the extended index, to which a difference is added. */
class ExtendedLevel implements Level {
  readonly order: number;
  readonly count: number;
  readonly contextCount: number;
  readonly followers: number;
  readonly #base: Level;
  readonly #difference: LevelDifference;

  constructor(base: Level, difference: LevelDifference) {
    this.order = base.order;
    this.count = base.count + difference.count;
    this.contextCount = base.contextCount + difference.contextCount;
    this.followers = base.followers + difference.followers;
    this.#base = base;
    this.#difference = difference;
  }

  /** An index in memory may have to count them. */
  get once(): number {
    return this.#base.once + this.#difference.once;
  }

  get twice(): number {
    return this.#base.twice + this.#difference.twice;
  }
}
