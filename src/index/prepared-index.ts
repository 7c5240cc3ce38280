import {
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

/** The counts read from a store for a question, by the keys of `keyOf`. */
export interface PreparedCounts {
  readonly unigrams: ReadonlyMap<TokenId, number>;
  /** Of order 2 and higher. */
  readonly ngrams: ReadonlyMap<string, number>;
  readonly contexts: ReadonlyMap<string, number>;
  readonly rankings: ReadonlyMap<string, StoredRanking>;
  readonly lowCounts: ReadonlyMap<number, LowCountsOfCounts>;
}

/** An n-gram or a context as a key. */
export function keyOf(ids: readonly TokenId[]): string {
  return ids.join();
}

/** Whether an n-gram has a token that the corpus has never had, so that it has no count. */
export function isUnseen(ids: readonly TokenId[]): boolean {
  return ids.some((id) => id < 0);
}

/** Throws if continuations are counted: their numbers cannot be added up over documents, so no store has them. */
export function checkOccurrences({ levels }: Reading): void {
  if (levels.some(({ counts }) => counts !== 'occurrences')) throw noAdjustedCounts();
}

export function noAdjustedCounts(): Error {
  return new Error('A store has no adjusted counts.');
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
    checkOccurrences(reading);
    return reading.levels.map(({ order }) => {
      const history = historyOf(context, order);
      return new PreparedLevel(order, this.#count([...history, word]), this.#contextCount(history), () =>
        order === 1 ? this.#unigramSums() : this.#ranking(history),
      );
    });
  }

  hasWord(id: TokenId): boolean {
    const all = this.#counts.rankings.get(keyOf([]));
    return all === undefined ? this.#count([id]) > 0 : all.countOf(id) > 0;
  }

  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[] {
    checkOccurrences(reading);
    return reading.levels.map(({ order }) => this.#ranking(historyOf(context, order)));
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    if (adjusted) throw noAdjustedCounts();
    return prepared(this.#counts.lowCounts, order);
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
    return isUnseen(history) ? 0 : prepared(this.#counts.contexts, keyOf(history));
  }

  #ranking(history: readonly TokenId[]): StoredRanking {
    return prepared(this.#counts.rankings, keyOf(history));
  }

  #unigramSums(): Pick<Level, 'followers' | 'once' | 'twice'> {
    const [once, twice] = prepared(this.#counts.lowCounts, 1);
    return { followers: this.totals.vocabularySize, once, twice };
  }
}

function prepared<Key, Value>(values: ReadonlyMap<Key, Value>, key: Key): Value {
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
