import { leaveTurn } from '../platform/turn.ts';
import type { CountsResponse, NGrams, Snapshot } from '../store/store.ts';
import { reservedId } from '../text/reserved.ts';
import {
  type CountIndex,
  historyOf,
  type LowCountsOfCounts,
  type Reading,
  type TokenId,
  type Totals,
  UNKNOWN,
  UNSEEN,
} from './count-index.ts';
import type { CountedNGram, CountNeed, CountSource, RowReader, RowShape } from './count-source.ts';
import {
  checkOccurrences,
  isUnseen,
  keyOf,
  noAdjustedCounts,
  type PreparedCounts,
  PreparedIndex,
} from './prepared-index.ts';
import { PreparingReader } from './preparing-reader.ts';
import type { RankingCache, RankingMemory } from './ranking.ts';
import { storedNGramsByCount } from './stored-by-count.ts';
import { rankStored, type StoredRanking } from './stored-ranking.ts';

/** The number of words that are read in bulk in the time of a single look-up. */
const wordsPerLookUp = 100;

/** The cache of one version of a corpus, which questions in progress may still read. */
interface Version {
  readonly totals: Totals;
  readonly unknown: TokenId;
  readonly lowCounts: Map<number, LowCountsOfCounts>;
  readonly rankings: RankingCache;
}

/** The cache of the newest version of a corpus that was read, shared by its questions. */
export class StoreCounts {
  readonly #memory: RankingMemory;
  #version: Version | undefined;

  /** `memory` caches the ranked lists. */
  constructor(memory: RankingMemory) {
    this.#memory = memory;
  }

  /** The counts of a snapshot. */
  async at(snapshot: Snapshot): Promise<StoreSource> {
    const known = this.#version;
    if (known?.totals.version === snapshot.version) return new StoreSource(snapshot, known);
    const version = await readVersion(snapshot, this.#memory.cache());
    this.release();
    this.#version = version;
    return new StoreSource(snapshot, version);
  }

  /** Drops the ranked lists. */
  release(): void {
    this.#version?.rankings.clear();
  }
}

async function readVersion(snapshot: Snapshot, rankings: RankingCache): Promise<Version> {
  const { version, tokens, vocabularySize, ngrams } = await snapshot.summary();
  const unknown = { order: 1, length: 1, ids: Uint32Array.of(UNKNOWN) };
  const { ngrams: counted } = await snapshot.counts({ ngrams: [unknown] });
  const distinct = ngrams.map(({ distinct }) => distinct);
  return {
    totals: { version, tokens, vocabularySize, distinct },
    unknown: counted[0][0] > 0 ? UNKNOWN : UNSEEN,
    lowCounts: new Map(),
    rankings,
  };
}

/** The counts of a snapshot: always the newest, no warm-up, any size. It has no adjusted counts. */
export class StoreSource implements CountSource {
  readonly #snapshot: Snapshot;
  readonly #version: Version;
  readonly #sequenceStart: TokenId | undefined;
  /** n(w) of the words requested so far. */
  readonly #unigrams = new Map<TokenId, number>();

  constructor(snapshot: Snapshot, version: Version) {
    this.#snapshot = snapshot;
    this.#version = version;
    this.#sequenceStart = reservedId(snapshot.settings.sequences, '<s>');
  }

  get totals(): Totals {
    return this.#version.totals;
  }

  get unknown(): TokenId {
    return this.#version.unknown;
  }

  async prepare(need: CountNeed): Promise<CountIndex> {
    const { totals, unknown } = this.#version;
    const allWords = need.allWords === true || this.#areMany(need.words);
    const request = new Request({ ...need, allWords }, this.#sequenceStart, this.#unigrams);
    const lowCounts = new Map<number, LowCountsOfCounts>();
    for (const order of request.lowCounts) lowCounts.set(order, await this.#lowCounts(order));
    const counts = { ...(await this.#read(request)), lowCounts };
    return new PreparedIndex(totals, unknown, this.#sequenceStart, counts);
  }

  /** Whether reading all words is faster than looking up these one by one. */
  #areMany(words: ArrayLike<TokenId> = []): boolean {
    if (words.length === 0) return false;
    if (this.#version.rankings.find(keyOf([])) !== undefined) return true;
    return words.length * wordsPerLookUp > this.totals.vocabularySize;
  }

  reader(shape: RowShape): RowReader {
    return new PreparingReader(this, shape);
  }

  async *ngrams(order: number, from: readonly TokenId[]): AsyncIterable<(readonly TokenId[])[]> {
    for await (const batch of this.#snapshot.ngrams(order, from)) {
      yield Array.from({ length: batch.length }, (_, i) => ngramAt(batch, i));
    }
  }

  async byCount(
    order: number,
    after: CountedNGram | undefined,
    limit: number,
  ): Promise<readonly CountedNGram[]> {
    leaveTurn();
    return storedNGramsByCount(this.#snapshot, { order, after, limit, omitted: this.#sequenceStart });
  }

  async #lowCounts(order: number): Promise<LowCountsOfCounts> {
    const known = this.#version.lowCounts.get(order);
    if (known !== undefined) return known;
    const counts = await this.#snapshot.countsOfCounts(order);
    const ngramsOf = (wanted: number) => counts.find(({ count }) => count === wanted)?.ngrams ?? 0;
    const lowCounts = [ngramsOf(1), ngramsOf(2), ngramsOf(3), ngramsOf(4)] as const;
    this.#version.lowCounts.set(order, lowCounts);
    return lowCounts;
  }

  /** Reads everything in one request, except the ranked lists that are cached. */
  async #read(request: Request): Promise<Omit<PreparedCounts, 'lowCounts'>> {
    const rankings = new Map<string, StoredRanking>();
    const unranked: (readonly TokenId[])[] = [];
    for (const [key, context] of request.rankings) {
      const known = this.#version.rankings.find(key) as StoredRanking | undefined;
      if (known !== undefined) rankings.set(key, known);
      else {
        unranked.push(context);
        if (context.length > 0) request.contexts.set(key, context);
      }
    }
    const seen = unranked.filter((context) => !isUnseen(context));
    const contexts = [...request.contexts.values()].filter((context) => !isUnseen(context));
    const unigrams = { order: 1, length: request.unigrams.size, ids: Uint32Array.from(request.unigrams) };
    const ngrams = [unigrams, ...columnsOf(request.ngrams.values())].filter(({ length }) => length > 0);
    const isEmpty = ngrams.length === 0 && contexts.length === 0 && seen.length === 0;
    const found = isEmpty ? noCounts : await this.#snapshot.counts({ ngrams, contexts, continuations: seen });
    const contextCounts = new Map(contexts.map((context, i) => [keyOf(context), found.contexts[i]]));
    for (const context of unranked) {
      const at = seen.indexOf(context);
      const continuations = at < 0 ? noContinuations : found.continuations[at];
      const ranking = this.#rank(context, continuations, contextCounts.get(keyOf(context)) ?? 0);
      rankings.set(keyOf(context), ranking);
    }
    const counts = this.#countsByKey(ngrams, found.ngrams);
    return { unigrams: this.#unigrams, ngrams: counts, contexts: contextCounts, rankings };
  }

  /** The counts of n-grams by their keys; those of unigrams are cached. */
  #countsByKey(ngrams: readonly NGrams[], counts: readonly Float64Array[]): Map<string, number> {
    const byKey = new Map<string, number>();
    for (const [i, batch] of ngrams.entries()) {
      for (let at = 0; at < batch.length; at++) {
        if (batch.order === 1) this.#unigrams.set(batch.ids[at], counts[i][at]);
        else byKey.set(keyOf(ngramAt(batch, at)), counts[i][at]);
      }
    }
    return byKey;
  }

  #rank(
    context: readonly TokenId[],
    continuations: { words: Uint32Array; counts: Float64Array },
    contextCount: number,
  ): StoredRanking {
    const order = context.length + 1;
    const { vocabularySize, tokens } = this.totals;
    if (order === 1 && continuations.words.length !== vocabularySize) {
      throw this.#snapshot.damage(
        `it has ${continuations.words.length} distinct words, and its counts of counts say ${vocabularySize}`,
      );
    }
    const about = { order, contextCount: order === 1 ? tokens : contextCount };
    const ranking = rankStored(about, continuations);
    this.#version.rankings.keep(keyOf(context), ranking);
    return ranking;
  }
}

const noContinuations = { words: new Uint32Array(0), counts: new Float64Array(0) };
const noCounts: CountsResponse = { ngrams: [], contexts: new Float64Array(0), continuations: [] };

/** The request to a store for a need, with each n-gram and each context once. */
class Request {
  readonly unigrams = new Set<TokenId>();
  /** Of order 2 and higher. */
  readonly ngrams = new Map<string, readonly TokenId[]>();
  readonly contexts = new Map<string, readonly TokenId[]>();
  readonly rankings = new Map<string, readonly TokenId[]>();
  readonly lowCounts = new Set<number>();
  readonly #sequenceStart: TokenId | undefined;
  readonly #known: ReadonlyMap<TokenId, number>;

  /** Unigrams that are `known` are not requested. */
  constructor(
    { levels = [], rankings = [], words = [], allWords, lowCounts = [] }: CountNeed,
    sequenceStart: TokenId | undefined,
    known: ReadonlyMap<TokenId, number>,
  ) {
    this.#sequenceStart = sequenceStart;
    this.#known = known;
    for (const { context, word, reading } of levels) this.#addLevels(context, word, reading);
    for (const { context, reading } of rankings) {
      checkOccurrences(reading);
      for (const { order } of reading.levels) this.#addRanking(historyOf(context, order));
    }
    if (allWords === true) this.#addRanking([]);
    else for (let i = 0; i < words.length; i++) this.#addNGram([words[i]]);
    for (const { order, adjusted } of lowCounts) {
      if (adjusted) throw noAdjustedCounts();
      this.lowCounts.add(order);
    }
  }

  #addLevels(context: readonly TokenId[], word: TokenId, reading: Reading): void {
    checkOccurrences(reading);
    for (const { order } of reading.levels) {
      const history = historyOf(context, order);
      this.#addNGram([...history, word]);
      if (order > 1) this.contexts.set(keyOf(history), history);
      if (!reading.followers) continue;
      if (order === 1) this.lowCounts.add(1);
      else this.#addRanking(history);
    }
  }

  #addNGram(ngram: readonly TokenId[]): void {
    const word = ngram[ngram.length - 1];
    // `<s>` is never a next word.
    if (isUnseen(ngram) || word === this.#sequenceStart) return;
    if (ngram.length > 1) this.ngrams.set(keyOf(ngram), ngram);
    else if (!this.#known.has(word)) this.unigrams.add(word);
  }

  #addRanking(context: readonly TokenId[]): void {
    this.rankings.set(keyOf(context), context);
  }
}

/** N-grams as columns, those of each order together. */
function columnsOf(ngrams: Iterable<readonly TokenId[]>): NGrams[] {
  const byOrder = new Map<number, TokenId[]>();
  for (const ngram of ngrams) {
    const ids = byOrder.get(ngram.length);
    if (ids === undefined) byOrder.set(ngram.length, [...ngram]);
    else ids.push(...ngram);
  }
  return Array.from(byOrder, ([order, ids]) => ({
    order,
    length: ids.length / order,
    ids: Uint32Array.from(ids),
  }));
}

function ngramAt({ ids, order }: NGrams, i: number): TokenId[] {
  return Array.from(ids.subarray(i * order, (i + 1) * order));
}
