import { compareNGrams } from '../ngrams/ngram-stream.ts';
import { spend } from '../platform/turn.ts';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { reservedId } from '../text/reserved.ts';
import {
  type CountedNGram,
  type CountIndex,
  type CountRange,
  historyOf,
  type Level,
  type LevelReader,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
  UNKNOWN,
  UNSEEN,
} from './count-index.ts';
import { HistoryReader } from './history-reader.ts';
import { countsArray, type RankingCache, RankingMemory, rankContinuations } from './ranking.ts';
import { indexOf } from './search.ts';

/** About how long it takes to look an n-gram up in the file, and to read one beside others, in microseconds. */
const lookUpTime = 50;
const readTime = 0.5;

/** Up to how many tokens are looked up one by one; more are met sooner among all words. */
const fewIds = 100;

/** What is known to be long before it is begun. */
const longTime = 1e9;

/** The most blocks that are decoded to collect frequent n-grams; those in more are found by reading them all. */
const maxFrequentBlocks = 8192;

/**
 * The count index that answers from the corpus file: always fresh, no warm-up, any size. It has no adjusted counts,
 * because these do not add up over runs. Its methods are called inside a snapshot of its reader.
 */
export class StoreIndex implements CountIndex {
  readonly #reader: CorpusReader;
  readonly #sequenceEnd: TokenId | undefined;
  readonly #rankings: RankingCache;
  #rankedVersion = 0;
  /** The version at which was looked whether `<unk>` is counted. */
  #unknownVersion = 0;
  #unknown = UNSEEN;

  /** `memory` keeps its ranked lists. */
  constructor(reader: CorpusReader, memory = new RankingMemory()) {
    this.#reader = reader;
    this.#rankings = memory.cache();
    this.#sequenceEnd = reservedId(reader.settings.sequences, '</s>');
  }

  get totals(): Totals {
    const { version, tokens, vocabularySize, ngrams } = this.#reader.summary();
    return { version, tokens, vocabularySize, distinct: ngrams.map(({ distinct }) => distinct) };
  }

  get unknown(): TokenId {
    const { version } = this.#reader;
    if (version !== this.#unknownVersion) this.#unknown = this.hasWord(UNKNOWN) ? UNKNOWN : UNSEEN;
    this.#unknownVersion = version;
    return this.#unknown;
  }

  levels(context: readonly TokenId[], word: TokenId, reading: Reading): Level[] {
    checkNotAdjusted(reading);
    return reading.orders.map((order) => {
      const history = historyOf(context, order);
      return new StoreLevel(
        order,
        word === this.#reader.sequenceStart ? 0 : this.#count([...history, word]),
        this.#contextCount(history),
        () => this.#ranking(history),
      );
    });
  }

  reader(_order: number, _capacity: number, reads: (order: number) => Reading): LevelReader {
    return new HistoryReader(this, reads);
  }

  wordsAmong(ids: readonly TokenId[]): TokenId[] {
    if (ids.length <= fewIds) return ids.filter((id) => this.hasWord(id));
    const wanted = new Set(ids);
    const found: TokenId[] = [];
    for (const word of this.words()) if (wanted.has(word)) found.push(word);
    return found;
  }

  hasWord(id: TokenId): boolean {
    return id !== this.#reader.sequenceStart && this.#count([id]) > 0;
  }

  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[] {
    checkNotAdjusted(reading);
    return reading.orders.map((order) => this.#ranking(historyOf(context, order)));
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    if (adjusted) throw new Error('The store index has no adjusted counts.');
    const counts = this.#reader.countsOfCounts(order);
    const ngramsOf = (wanted: number) => counts.find(({ count }) => count === wanted)?.ngrams ?? 0;
    return [ngramsOf(1), ngramsOf(2), ngramsOf(3), ngramsOf(4)];
  }

  *words(): Iterable<TokenId> {
    const unigrams = this.#reader.ngrams(1);
    while (unigrams.next()) {
      spend(readTime);
      if (unigrams.ngram[0] !== this.#reader.sequenceStart) yield unigrams.ngram[0];
    }
  }

  *ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]> {
    const stream = this.#reader.ngrams(order, Uint32Array.from(from));
    while (stream.next()) yield [...stream.ngram];
  }

  *counted(order: number, from: readonly TokenId[], { least, most }: CountRange): Iterable<CountedNGram> {
    spend(longTime);
    const isWanted = (ngram: ArrayLike<TokenId>, count: number) =>
      count >= least && count <= most && (order > 1 || ngram[0] !== this.#reader.sequenceStart);
    const frequent = this.#reader.frequentNGrams(order, least, maxFrequentBlocks);
    if (frequent !== undefined) {
      const found = frequent
        .filter(({ ngram, count }) => isWanted(ngram, count) && compareNGrams(ngram, from, from.length) >= 0)
        .sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
      for (const { ngram, count } of found) yield { ngram: [...ngram], count };
      return;
    }
    const stream = this.#reader.ngrams(order, Uint32Array.from(from), least);
    while (stream.next()) {
      const { ngram, count } = stream;
      if (isWanted(ngram, count)) yield { ngram: [...ngram], count };
    }
  }

  /** Lets go of its ranked lists. */
  release(): void {
    this.#rankings.clear();
  }

  #count(ngram: readonly TokenId[]): number {
    spend(lookUpTime);
    return ngram.some((id) => id < 0) ? 0 : this.#reader.count(Uint32Array.from(ngram));
  }

  /** n(h·): n(h) less the times that h ends a sequence. */
  #contextCount(history: readonly TokenId[]): number {
    if (history.length === 0) return this.#reader.summary().tokens;
    if (history.at(-1) === this.#sequenceEnd) return 0;
    const count = this.#count(history);
    return count === 0 ? 0 : count - this.#reader.sequenceEnds(Uint32Array.from(history));
  }

  #ranking(history: readonly TokenId[]): RankedContinuations {
    const { version } = this.#reader;
    if (version !== this.#rankedVersion) this.#rankings.clear();
    this.#rankedVersion = version;
    return this.#rankings.get(history.join(), () => this.#rank(history));
  }

  #rank(history: readonly TokenId[]): RankedContinuations {
    const order = history.length + 1;
    const found: number[] = [];
    const foundCounts: number[] = [];
    let most = 0;
    if (!history.some((id) => id < 0)) {
      const stream = this.#reader.ngrams(order, Uint32Array.from(history));
      while (stream.next() && history.every((id, i) => id === stream.ngram[i])) {
        spend(readTime);
        const word = stream.ngram[order - 1];
        if (word === this.#reader.sequenceStart) continue;
        found.push(word);
        foundCounts.push(stream.count);
        if (stream.count > most) most = stream.count;
      }
    }
    const words = Uint32Array.from(found);
    const counts = countsArray(words.length, most);
    counts.set(foundCounts);
    const { vocabularySize } = this.#reader.summary();
    if (order === 1 && words.length !== vocabularySize) {
      throw this.#reader.damage(
        `it has ${words.length} distinct words, and its counts of counts say ${vocabularySize}`,
      );
    }
    const about = { order, contextCount: this.#contextCount(history) };
    const ranking = rankContinuations(about, words, counts, (word) => {
      const index = indexOf(words, word, 0, words.length);
      return index === undefined ? 0 : counts[index];
    });
    return { ...ranking, bytes: ranking.bytes + words.byteLength + counts.byteLength };
  }
}

/** A level whose followers are counted only where an estimator asks for them. */
class StoreLevel implements Level {
  readonly #ranking: () => RankedContinuations;
  readonly order: number;
  readonly count: number;
  readonly contextCount: number;

  constructor(order: number, count: number, contextCount: number, ranking: () => RankedContinuations) {
    this.order = order;
    this.count = count;
    this.contextCount = contextCount;
    this.#ranking = ranking;
  }

  get followers(): number {
    return this.#ranking().followers;
  }

  get once(): number {
    return this.#ranking().once;
  }

  get twice(): number {
    return this.#ranking().twice;
  }
}

function checkNotAdjusted({ orders, adjustedBelow }: Reading): void {
  if (orders.some((order) => order < adjustedBelow)) {
    throw new Error('The store index has no adjusted counts.');
  }
}
