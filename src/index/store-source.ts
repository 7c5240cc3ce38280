import { leaveTurn } from '../platform/turn.ts';
import type { Continuations, CountsResponse, NGrams, Snapshot } from '../store/store.ts';
import { reservedId } from '../text/reserved.ts';
import {
  type CountedAs,
  type CountIndex,
  historyOf,
  type Reading,
  type TokenId,
  type Totals,
  UNKNOWN,
  UNSEEN,
} from './count-index.ts';
import type { CountedNGram, CountNeed, CountSource, RowReader, RowShape } from './count-source.ts';
import {
  type CountsOfOrder,
  isUnseen,
  keyOf,
  orderKey,
  type PreparedCounts,
  PreparedIndex,
  rankingKey,
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
  readonly countsOfCounts: Map<string, CountsOfOrder>;
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
    countsOfCounts: new Map(),
    rankings,
  };
}

/** The counts of a snapshot: always the newest, no warm-up, any size. It has adjusted counts if its store has them. */
export class StoreSource implements CountSource {
  readonly #snapshot: Snapshot;
  readonly #version: Version;
  readonly #sequenceStart: TokenId | undefined;
  /** n(w) of the words requested so far. */
  readonly #unigrams = new Map<TokenId, number>();
  /** a(w) of the words requested so far. */
  readonly #adjustedUnigrams = new Map<TokenId, number>();

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
    const known = { occurrences: this.#unigrams, continuations: this.#adjustedUnigrams };
    const request = new Request({ ...need, allWords }, this.#sequenceStart, known);
    const countsOfCounts = new Map<string, CountsOfOrder>();
    for (const [key, { order, counts }] of request.countsOfCounts)
      countsOfCounts.set(key, await this.#countsOf(order, counts));
    const counts = { ...(await this.#read(request)), countsOfCounts };
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

  async #countsOf(order: number, counts: CountedAs): Promise<CountsOfOrder> {
    const key = orderKey(order, counts);
    const known = this.#version.countsOfCounts.get(key);
    if (known !== undefined) return known;
    const all = await this.#snapshot.countsOfCounts(order, counts === 'continuations');
    const ngramsOf = (wanted: number) => all.find(({ count }) => count === wanted)?.ngrams ?? 0;
    const ofOrder = {
      low: [ngramsOf(1), ngramsOf(2), ngramsOf(3), ngramsOf(4)] as const,
      total: all.reduce((sum, { count, ngrams }) => sum + count * ngrams, 0),
    };
    this.#version.countsOfCounts.set(key, ofOrder);
    return ofOrder;
  }

  /** Reads everything in one request, except the ranked lists that are cached. */
  async #read(request: Request): Promise<Omit<PreparedCounts, 'countsOfCounts'>> {
    const rankings = new Map<string, StoredRanking>();
    const unranked: RankingRequest[] = [];
    for (const [key, asked] of request.rankings) {
      const known = this.#version.rankings.find(key) as StoredRanking | undefined;
      if (known !== undefined) rankings.set(key, known);
      else {
        unranked.push(asked);
        const { context, counts } = asked;
        if (context.length > 0 && counts === 'occurrences') request.contexts.set(keyOf(context), context);
      }
    }
    const contexts = [...request.contexts.values()].filter((context) => !isUnseen(context));
    const ngrams = [unigramsOf(request.unigrams), ...columnsOf(request.ngrams.values())].filter(
      ({ length }) => length > 0,
    );
    const listed = (asked: CountedAs) =>
      unranked.filter(({ context, counts }) => counts === asked && !isUnseen(context));
    const [seen, adjustedSeen] = [listed('occurrences'), listed('continuations')];
    const hasAdjusted = request.adjustedUnigrams.size > 0 || adjustedSeen.length > 0;
    const adjusted = hasAdjusted
      ? { ngrams: [unigramsOf(request.adjustedUnigrams)], continuations: adjustedSeen.map(contextIn) }
      : undefined;
    const isEmpty = ngrams.length === 0 && contexts.length === 0 && seen.length === 0 && !hasAdjusted;
    const found = isEmpty
      ? noCounts
      : await this.#snapshot.counts({
          ngrams,
          contexts,
          continuations: seen.map(contextIn),
          ...(adjusted && { adjusted }),
        });
    const contextCounts = new Map(contexts.map((context, i) => [keyOf(context), found.contexts[i]]));
    for (const asked of unranked) {
      const { context, counts } = asked;
      const isAdjusted = counts === 'continuations';
      const at = (isAdjusted ? adjustedSeen : seen).indexOf(asked);
      const lists = (isAdjusted ? found.adjusted?.continuations : found.continuations) ?? [];
      const ranking = this.#rank(
        asked,
        at < 0 ? noContinuations : lists[at],
        contextCounts.get(keyOf(context)) ?? 0,
      );
      rankings.set(rankingKey(context, counts), ranking);
    }
    for (const [i, word] of [...request.adjustedUnigrams].entries())
      this.#adjustedUnigrams.set(word, found.adjusted?.ngrams[0][i] ?? 0);
    return {
      unigrams: this.#unigrams,
      adjustedUnigrams: this.#adjustedUnigrams,
      ngrams: this.#countsByKey(ngrams, found.ngrams),
      contexts: contextCounts,
      rankings,
    };
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
    { context, counts }: RankingRequest,
    continuations: Continuations,
    contextCount: number,
  ): StoredRanking {
    const order = context.length + 1;
    const { vocabularySize, tokens } = this.totals;
    if (order === 1 && continuations.words.length !== vocabularySize) {
      throw this.#snapshot.damage(
        `it has ${continuations.words.length} distinct words, and its counts of counts say ${vocabularySize}`,
      );
    }
    const sum = () => continuations.counts.reduce((sum, count) => sum + count, 0);
    const all = counts === 'continuations' ? sum() : order === 1 ? tokens : contextCount;
    const ranking = rankStored({ order, contextCount: all }, continuations);
    this.#version.rankings.keep(rankingKey(context, counts), ranking);
    return ranking;
  }
}

/** The ranked continuations of a context. */
interface RankingRequest {
  readonly context: readonly TokenId[];
  readonly counts: CountedAs;
}

function contextIn({ context }: RankingRequest): readonly TokenId[] {
  return context;
}

const noContinuations = { words: new Uint32Array(0), counts: new Float64Array(0) };
const noCounts: CountsResponse = { ngrams: [], contexts: new Float64Array(0), continuations: [] };

/** The request to a store for a need, with each n-gram and each context once. */
class Request {
  readonly unigrams = new Set<TokenId>();
  /** Of order 2 and higher. */
  readonly ngrams = new Map<string, readonly TokenId[]>();
  readonly contexts = new Map<string, readonly TokenId[]>();
  readonly adjustedUnigrams = new Set<TokenId>();
  /** By the keys of `rankingKey`. */
  readonly rankings = new Map<string, RankingRequest>();
  /** By the keys of `orderKey`. */
  readonly countsOfCounts = new Map<string, { order: number; counts: CountedAs }>();
  readonly #sequenceStart: TokenId | undefined;
  readonly #known: Readonly<Record<CountedAs, ReadonlyMap<TokenId, number>>>;

  /** Unigrams that are `known` are not requested. */
  constructor(
    { levels = [], rankings = [], words = [], allWords, lowCounts = [] }: CountNeed,
    sequenceStart: TokenId | undefined,
    known: Readonly<Record<CountedAs, ReadonlyMap<TokenId, number>>>,
  ) {
    this.#sequenceStart = sequenceStart;
    this.#known = known;
    for (const { context, word, reading } of levels) this.#addLevels(context, word, reading);
    for (const { context, reading } of rankings) {
      for (const { order, counts } of reading.levels) this.#addRanking(historyOf(context, order), counts);
    }
    if (allWords === true) this.#addRanking([], 'occurrences');
    else for (let i = 0; i < words.length; i++) this.#addNGram([words[i]]);
    for (const { order, adjusted } of lowCounts)
      this.#addCountsOfCounts(order, adjusted ? 'continuations' : 'occurrences');
  }

  #addLevels(context: readonly TokenId[], word: TokenId, reading: Reading): void {
    for (const { order, counts } of reading.levels) {
      const history = historyOf(context, order);
      if (counts === 'continuations') {
        this.#addAdjustedLevel(history, word);
        continue;
      }
      this.#addNGram([...history, word]);
      if (order > 1) this.contexts.set(keyOf(history), history);
      if (!reading.followers) continue;
      if (order === 1) this.#addCountsOfCounts(1, 'occurrences');
      else this.#addRanking(history, 'occurrences');
    }
  }

  #addAdjustedLevel(history: readonly TokenId[], word: TokenId): void {
    if (history.length > 0) this.#addRanking(history, 'continuations');
    else {
      this.#addCountsOfCounts(1, 'continuations');
      const isAsked = word >= 0 && word !== this.#sequenceStart && !this.#known.continuations.has(word);
      if (isAsked) this.adjustedUnigrams.add(word);
    }
  }

  #addNGram(ngram: readonly TokenId[]): void {
    const word = ngram[ngram.length - 1];
    // `<s>` is never a next word.
    if (isUnseen(ngram) || word === this.#sequenceStart) return;
    if (ngram.length > 1) this.ngrams.set(keyOf(ngram), ngram);
    else if (!this.#known.occurrences.has(word)) this.unigrams.add(word);
  }

  #addRanking(context: readonly TokenId[], counts: CountedAs): void {
    this.rankings.set(rankingKey(context, counts), { context, counts });
  }

  #addCountsOfCounts(order: number, counts: CountedAs): void {
    this.countsOfCounts.set(orderKey(order, counts), { order, counts });
  }
}

function unigramsOf(words: ReadonlySet<TokenId>): NGrams {
  return { order: 1, length: words.size, ids: Uint32Array.from(words) };
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
