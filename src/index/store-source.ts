import { LRUCache } from 'lru-cache';
import { leaveTurn } from '../platform/turn.ts';
import type { ContinuationSums, Continuations, CountsResponse, NGrams, Snapshot } from '../store/store.ts';
import { reservedId, unknownId } from '../text/reserved.ts';
import { type CountedAs, type CountIndex, type TokenId, type Totals, UNSEEN } from './count-index.ts';
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
import { type ContextRequest, isEmpty, listed, requestOf, StoreRequest } from './store-request.ts';
import { storedNGramsByCount } from './stored-by-count.ts';
import { rankStored, type StoredRanking } from './stored-ranking.ts';
import { WordCounts } from './word-counts.ts';

/** The number of words that are read in bulk in the time of a single look-up. */
const wordsPerLookUp = 100;

/** The number of contexts whose sums are cached, and of words whose counts are. */
const maxSums = 20_000;
const maxWords = 20_000;

/** The cache of one version of a corpus, which questions in progress may still read. */
interface Version {
  readonly totals: Totals;
  readonly unknown: TokenId;
  readonly countsOfCounts: Map<string, CountsOfOrder>;
  readonly rankings: RankingCache;
  /** By the keys of `rankingKey`. */
  readonly sums: LRUCache<string, ContinuationSums>;
  /** n(w) and a(w) of words. */
  readonly unigrams: Record<CountedAs, LRUCache<TokenId, number>>;
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
  const unknown = { order: 1, length: 1, ids: Uint32Array.of(unknownId(snapshot.settings)) };
  const { ngrams: counted } = await snapshot.counts({ ngrams: [unknown] });
  const distinct = ngrams.map(({ distinct }) => distinct);
  return {
    totals: { version, tokens, vocabularySize, distinct },
    unknown: counted[0][0] > 0 ? unknownId(snapshot.settings) : UNSEEN,
    countsOfCounts: new Map(),
    rankings,
    sums: new LRUCache({ max: maxSums }),
    unigrams: {
      occurrences: new LRUCache({ max: maxWords }),
      continuations: new LRUCache({ max: maxWords }),
    },
  };
}

/** The counts of a snapshot: always the newest, no warm-up, any size. It has adjusted counts if its store has them. */
export class StoreSource implements CountSource {
  readonly #snapshot: Snapshot;
  readonly #version: Version;
  readonly #sequenceStart: TokenId | undefined;
  /** n(w) and a(w). */
  readonly #words: Readonly<Record<CountedAs, WordCounts>>;

  constructor(snapshot: Snapshot, version: Version) {
    this.#snapshot = snapshot;
    this.#version = version;
    const { occurrences, continuations } = version.unigrams;
    this.#words = { occurrences: new WordCounts(occurrences), continuations: new WordCounts(continuations) };
    this.#sequenceStart = reservedId(snapshot.settings, '<s>');
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
    const isRanked = (key: string) => this.#version.rankings.find(key) !== undefined;
    const request = new StoreRequest({ ...need, allWords }, this.#sequenceStart, this.#words, isRanked);
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

  /** Reads everything in one request, except the ranked lists and the sums that are cached. */
  async #read(request: StoreRequest): Promise<Omit<PreparedCounts, 'countsOfCounts'>> {
    const rankings = new Map<string, StoredRanking>();
    const unranked: ContextRequest[] = [];
    for (const [key, asked] of request.rankings) {
      const known = this.#version.rankings.find(key) as StoredRanking | undefined;
      if (known !== undefined) rankings.set(key, known);
      else {
        unranked.push(asked);
        const { context, counts } = asked;
        if (context.length > 0 && counts === 'occurrences') request.contexts.set(keyOf(context), context);
      }
    }
    const sums = new Map<string, ContinuationSums>();
    const unsummed: ContextRequest[] = [];
    for (const [key, asked] of request.sums) {
      const known = this.#version.sums.get(key);
      if (known === undefined) unsummed.push(asked);
      else sums.set(key, known);
    }
    const asked = requestOf(request, unranked, unsummed);
    const found = isEmpty(asked) ? noCounts : await this.#snapshot.counts(asked);
    const { ngrams, contexts, adjusted } = asked;
    const contextCounts = new Map(contexts.map((context, i) => [keyOf(context), found.contexts[i]]));
    this.#rankAll(unranked, found, contextCounts, rankings);
    for (const [counts, some] of Object.entries(byCounts(found)) as [CountedAs, CountsByKind][]) {
      for (const [i, { context }] of listed(unsummed, counts).entries()) {
        const key = rankingKey(context, counts);
        sums.set(key, some.sums[i]);
        this.#version.sums.set(key, some.sums[i]);
      }
    }
    return {
      unigrams: this.#words.occurrences,
      adjustedUnigrams: this.#words.continuations,
      ngrams: countsByKey(ngrams, found.ngrams, this.#words.occurrences),
      adjustedNGrams: countsByKey(
        adjusted?.ngrams ?? [],
        found.adjusted?.ngrams ?? [],
        this.#words.continuations,
      ),
      contexts: contextCounts,
      rankings,
      sums,
    };
  }

  /** Ranks the continuations that were requested. */
  #rankAll(
    requests: readonly ContextRequest[],
    found: CountsResponse,
    contextCounts: ReadonlyMap<string, number>,
    rankings: Map<string, StoredRanking>,
  ): void {
    const lists = byCounts(found);
    const places = { occurrences: 0, continuations: 0 };
    for (const asked of requests) {
      const { context, counts } = asked;
      const continuations = isUnseen(context)
        ? noContinuations
        : lists[counts].continuations[places[counts]++];
      const contextCount = contextCounts.get(keyOf(context)) ?? 0;
      rankings.set(rankingKey(context, counts), this.#rank(asked, continuations, contextCount));
    }
  }

  #rank(
    { context, counts }: ContextRequest,
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

const noContinuations = { words: new Uint32Array(0), counts: new Float64Array(0) };
const noCounts: CountsResponse = { ngrams: [], contexts: new Float64Array(0), continuations: [], sums: [] };

/** What was counted after contexts. */
type CountsByKind = Pick<CountsResponse, 'continuations' | 'sums'>;

function byCounts({
  adjusted = { ngrams: [], continuations: [], sums: [] },
  ...occurrences
}: CountsResponse) {
  return { occurrences, continuations: adjusted } satisfies Record<CountedAs, CountsByKind>;
}

/** The counts of n-grams by their keys; those of unigrams are added to the known ones. */
function countsByKey(
  ngrams: readonly NGrams[],
  counts: readonly Float64Array[],
  unigrams: WordCounts,
): Map<string, number> {
  const byKey = new Map<string, number>();
  for (const [i, batch] of ngrams.entries()) {
    for (let at = 0; at < batch.length; at++) {
      if (batch.order === 1) unigrams.set(batch.ids[at], counts[i][at]);
      else byKey.set(keyOf(ngramAt(batch, at)), counts[i][at]);
    }
  }
  return byKey;
}

function ngramAt({ ids, order }: NGrams, i: number): TokenId[] {
  return Array.from(ids.subarray(i * order, (i + 1) * order));
}
