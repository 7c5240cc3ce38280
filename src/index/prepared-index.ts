import type { ContinuationSums } from '../store/store.ts';
import {
  type CountedAs,
  type CountIndex,
  historyOf,
  type Level,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
} from './count-index.ts';
import type { StoredRanking } from './stored-ranking.ts';

/** What is read of the counts of counts of an order. */
export interface CountsOfOrder {
  readonly low: LowCountsOfCounts;
  /** The sum of all counts. */
  readonly total: number;
}

/** The sums over the words after a context that has never been seen. */
const noContinuations: ContinuationSums = { total: 0, followers: 0, once: 0, twice: 0 };

/** The counts read from a store for a question, by the keys of `keyOf`. */
export interface PreparedCounts {
  readonly unigrams: Pick<ReadonlyMap<TokenId, number>, 'get'>;
  readonly adjustedUnigrams: Pick<ReadonlyMap<TokenId, number>, 'get'>;
  /** Of order 2 and higher. */
  readonly ngrams: ReadonlyMap<string, number>;
  readonly adjustedNGrams: ReadonlyMap<string, number>;
  /** Those whose sums were not read. */
  readonly contexts: ReadonlyMap<string, number>;
  /** By the keys of `rankingKey`. */
  readonly rankings: ReadonlyMap<string, StoredRanking>;
  /** By the same keys, of contexts that are not ranked. */
  readonly sums: ReadonlyMap<string, ContinuationSums>;
  /** By the keys of `orderKey`. */
  readonly countsOfCounts: ReadonlyMap<string, CountsOfOrder>;
}

/** An n-gram or a context as a key. */
export function keyOf(ids: readonly TokenId[]): string {
  return ids.join();
}

/** Whether an n-gram has a token that the corpus has never had, so that it has no count. */
export function isUnseen(ids: readonly TokenId[]): boolean {
  return ids.some((id) => id < 0);
}

/** The continuations of a context, counted in this way, as a key. */
export function rankingKey(context: readonly TokenId[], counts: CountedAs): string {
  return counts === 'occurrences' ? keyOf(context) : `adjusted ${keyOf(context)}`;
}

/** The n-grams of an order, counted in this way, as a key. */
export function orderKey(order: number, counts: CountedAs): string {
  return `${counts} ${order}`;
}

/** The count index of a question that is answered from a store: it has only what was prepared. */
export class PreparedIndex implements CountIndex {
  readonly totals: Totals;
  readonly unknown: TokenId;
  readonly #sequenceStart: TokenId | undefined;
  readonly #counts: PreparedCounts;

  constructor(totals: Totals, unknown: TokenId, sequenceStart: TokenId | undefined, counts: PreparedCounts) {
    this.totals = totals;
    this.unknown = unknown;
    this.#sequenceStart = sequenceStart;
    this.#counts = counts;
  }

  levels(context: readonly TokenId[], word: TokenId, reading: Reading): Level[] {
    return reading.levels.map(({ order, counts }) => {
      const history = historyOf(context, order);
      if (counts === 'continuations') return this.#adjustedLevel(order, history, word);
      return new PreparedLevel(order, this.#count([...history, word]), this.#contextCount(history), () =>
        order === 1 ? this.#unigramSums() : this.#sums(history, 'occurrences'),
      );
    });
  }

  hasWord(id: TokenId): boolean {
    const all = this.#counts.rankings.get(keyOf([]));
    return all === undefined ? this.#count([id]) > 0 : all.countOf(id) > 0;
  }

  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[] {
    return reading.levels.map(({ order, counts }) => this.#ranking(historyOf(context, order), counts));
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    return this.#countsOf(order, adjusted ? 'continuations' : 'occurrences').low;
  }

  words(): Iterable<TokenId> {
    return this.#ranking([]).wordsById;
  }

  #count(ngram: readonly TokenId[]): number {
    const word = ngram[ngram.length - 1];
    if (isUnseen(ngram) || word === this.#sequenceStart) return 0;
    const { unigrams, ngrams } = this.#counts;
    return ngram.length === 1 ? prepared(unigrams, word) : prepared(ngrams, keyOf(ngram));
  }

  #contextCount(history: readonly TokenId[]): number {
    if (history.length === 0) return this.totals.tokens;
    if (isUnseen(history)) return 0;
    return this.#counts.contexts.get(keyOf(history)) ?? this.#sums(history, 'occurrences').total;
  }

  #ranking(history: readonly TokenId[], counts: CountedAs = 'occurrences'): StoredRanking {
    return prepared(this.#counts.rankings, rankingKey(history, counts));
  }

  #countsOf(order: number, counts: CountedAs): CountsOfOrder {
    return prepared(this.#counts.countsOfCounts, orderKey(order, counts));
  }

  #adjustedLevel(order: number, history: readonly TokenId[], word: TokenId): Level {
    if (order > 1) {
      const { total: contextCount, followers, once, twice } = this.#sums(history, 'continuations');
      return { order, count: this.#adjustedCount(history, word), contextCount, followers, once, twice };
    }
    const { low, total } = this.#countsOf(1, 'continuations');
    const [once, twice] = low;
    const isWord = word >= 0 && word !== this.#sequenceStart;
    const count = isWord ? prepared(this.#counts.adjustedUnigrams, word) : 0;
    return { order, count, contextCount: total, followers: this.totals.vocabularySize, once, twice };
  }

  #adjustedCount(history: readonly TokenId[], word: TokenId): number {
    const ranking = this.#counts.rankings.get(rankingKey(history, 'continuations'));
    if (ranking !== undefined) return ranking.countOf(word);
    const ngram = [...history, word];
    if (isUnseen(ngram) || word === this.#sequenceStart) return 0;
    return prepared(this.#counts.adjustedNGrams, keyOf(ngram));
  }

  /** The sums over the words after a context, which is not the empty one. */
  #sums(history: readonly TokenId[], counts: CountedAs): ContinuationSums {
    if (isUnseen(history)) return noContinuations;
    const key = rankingKey(history, counts);
    const ranking = this.#counts.rankings.get(key);
    if (ranking === undefined) return prepared(this.#counts.sums, key);
    const { contextCount: total, followers, once, twice } = ranking;
    return { total, followers, once, twice };
  }

  #unigramSums(): Pick<Level, 'followers' | 'once' | 'twice'> {
    const [once, twice] = this.#countsOf(1, 'occurrences').low;
    return { followers: this.totals.vocabularySize, once, twice };
  }
}

function prepared<Key, Value>(values: Pick<ReadonlyMap<Key, Value>, 'get'>, key: Key): Value {
  const value = values.get(key);
  if (value === undefined) throw new Error(`The counts of ${key} were not prepared.`);
  return value;
}

/** A level whose sums over the words after the context are looked up only if an estimator reads them. */
class PreparedLevel implements Level {
  readonly #sums: () => Pick<Level, 'followers' | 'once' | 'twice'>;
  readonly order: number;
  readonly count: number;
  readonly contextCount: number;

  constructor(
    order: number,
    count: number,
    contextCount: number,
    sums: () => Pick<Level, 'followers' | 'once' | 'twice'>,
  ) {
    this.order = order;
    this.count = count;
    this.contextCount = contextCount;
    this.#sums = sums;
  }

  get followers(): number {
    return this.#sums().followers;
  }

  get once(): number {
    return this.#sums().once;
  }

  get twice(): number {
    return this.#sums().twice;
  }
}
