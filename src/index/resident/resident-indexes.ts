import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { Stage } from '../../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusRef, CorpusSummary, StoreAddress } from '../../store/store.ts';
import type { RankingMemory } from '../ranking.ts';
import { indexTooLarge } from './build-trie.ts';
import { type CountTrie, tooLargeForTrie, trieBytes } from './count-trie.ts';
import { ResidentIndex } from './resident-index.ts';
import type { BuildTask } from './worker.ts';

/** An index that turned out to be too large when it was built. */
interface Refusal {
  /** Its estimated size before it was built. */
  readonly estimate: number;
  readonly problem: NgramdError;
}

/** The memory budget of all indexes, in bytes, and how long a question waits for an index, in milliseconds. */
export interface IndexLimits {
  readonly memoryBytes: number;
  readonly timeout: number;
}

/** The maximum number of corpora recorded as too large. */
const maxRefusals = 10_000;

/** The in-memory indexes of recently queried corpora, built in the background by a worker thread. */
export class ResidentIndexes {
  /** The memory budget of all indexes. */
  readonly memoryBytes: number;
  readonly #store: StoreAddress;
  readonly #timeout: number;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #ready: LRUCache<string, ResidentIndex>;
  readonly #refused = new LRUCache<string, Refusal>({ max: maxRefusals });
  readonly #rankings: RankingMemory;
  readonly #building = new Map<string, Promise<ResidentIndex>>();
  readonly #pool: WorkerPool;
  #evictions = 0;

  /**
   * The indexes of a store's corpora. `stage` runs each build; `onError` is called with every error of a build. `rankings`
   * keeps the ranked lists of all.
   */
  constructor(
    store: StoreAddress,
    { memoryBytes, timeout }: IndexLimits,
    stage: Stage,
    onError: (error: unknown) => void,
    rankings: RankingMemory,
  ) {
    this.#store = store;
    this.memoryBytes = memoryBytes;
    this.#rankings = rankings;
    this.#timeout = timeout;
    this.#stage = stage;
    this.#onError = onError;
    this.#pool = new WorkerPool(
      new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: 1, idleTimeout: 10_000 },
      onError,
    );
    this.#ready = new LRUCache({
      maxSize: Math.max(memoryBytes, 1),
      sizeCalculation: ({ bytes }) => Math.max(bytes, 1),
      disposeAfter: (index, _id, reason) => {
        if (reason === 'evict') this.#evictions++;
        index.release();
        setImmediate(collectGarbage);
      },
    });
  }

  /** The memory used by the indexes. */
  get bytes(): number {
    return this.#ready.calculatedSize;
  }

  /** The number of corpora with an index in memory. */
  get size(): number {
    return this.#ready.size;
  }

  /** The number of indexes evicted so far. */
  get evictions(): number {
    return this.#evictions;
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /** The newest available index of a corpus at this version: of this version or of an earlier one. */
  newest({ id }: CorpusRef, version: number): ResidentIndex | undefined {
    const ready = this.#ready.get(id);
    return ready !== undefined && ready.totals.version <= version ? ready : undefined;
  }

  /** The index of a corpus at exactly this version, if it is ready. */
  ready(corpus: CorpusRef, version: number): ResidentIndex | undefined {
    const newest = this.newest(corpus, version);
    return newest?.totals.version === version ? newest : undefined;
  }

  /** Starts building the index of a corpus for later questions, if it fits. */
  prepare(corpus: CorpusRef, summary: CorpusSummary): void {
    if (this.#refusal(corpus, summary) === undefined) this.#build(corpus, summary).catch(() => {});
  }

  /**
   * Starts building a new index of a corpus to replace one of an earlier version. Throws `index-too-large` if the corpus has
   * become too large; its earlier index is then dropped, since it would stay outdated forever.
   */
  renew(corpus: CorpusRef, summary: CorpusSummary): void {
    const refusal = this.#refusal(corpus, summary);
    if (refusal !== undefined) {
      this.#ready.delete(corpus.id);
      throw refusal;
    }
    this.#build(corpus, summary).catch(() => {});
  }

  /**
   * The index of a corpus at this version or a later one. Waits for it; undefined if the name has been given to another
   * corpus meanwhile. Throws `index-not-ready` after the timeout, and `index-too-large` if it does not fit.
   */
  async atLeast(
    corpus: CorpusRef,
    summary: CorpusSummary,
    version: number,
  ): Promise<ResidentIndex | undefined> {
    const refusal = this.#refusal(corpus, summary);
    if (refusal !== undefined) throw refusal;
    const deadline = new AbortController();
    const late = setTimeout(this.#timeout, undefined, { signal: deadline.signal }).then(() => {
      throw new NgramdError(
        'index-not-ready',
        `This estimator needs the corpus's index in memory, which is not built after ${this.#timeout} ms. Ask again.`,
      );
    });
    try {
      for (;;) {
        // A build in progress may have begun before the corpus reached this version.
        const index = await Promise.race([this.#build(corpus, summary), late]);
        if (index.trie.corpus !== corpus.id) return undefined;
        if (index.totals.version >= version) return index;
      }
    } finally {
      deadline.abort();
      late.catch(() => {});
    }
  }

  /** Drops a corpus's index. */
  forget({ id }: CorpusRef): void {
    this.#building.delete(id);
    this.#ready.delete(id);
    this.#refused.delete(id);
  }

  /** Stops the worker thread; a build in progress is abandoned. */
  async close(): Promise<void> {
    this.#building.clear();
    this.#ready.clear();
    await this.#pool.destroy();
  }

  /** Why there can be no index of a corpus, judging by its size; undefined if it can be built. */
  #refusal({ id }: CorpusRef, summary: CorpusSummary): NgramdError | undefined {
    const impossible = tooLargeForTrie(summary);
    if (impossible !== undefined) return indexTooLarge(impossible);
    const estimate = estimateOf(summary);
    if (estimate > this.memoryBytes) return this.#beyondMemory(`about ${estimate}`);
    const refused = this.#refused.get(id);
    return refused !== undefined && estimate >= refused.estimate ? refused.problem : undefined;
  }

  #beyondMemory(bytes: string): NgramdError {
    return indexTooLarge(`it takes ${bytes} bytes, and INDEX_MEMORY_BYTES allows ${this.memoryBytes}`);
  }

  /** Builds the index of a corpus, or joins a build in progress. */
  #build(corpus: CorpusRef, summary: CorpusSummary): Promise<ResidentIndex> {
    const { id } = corpus;
    const known = this.#building.get(id);
    if (known !== undefined) return known;
    const task: BuildTask = { store: this.#store, corpus, maxBytes: this.memoryBytes };
    const build = this.#stage('index.build', () => this.#pool.run<CountTrie>('default', task)).then(
      (trie) => {
        const index = new ResidentIndex(trie, this.#rankings);
        if (index.bytes > this.memoryBytes) throw this.#beyondMemory(String(index.bytes));
        return index;
      },
    );
    this.#building.set(id, build);
    const isWanted = () => this.#building.get(id) === build;
    build
      .then((index) => {
        if (isWanted()) this.#ready.set(index.trie.corpus, index);
      })
      .catch((error) => {
        if (!isWanted()) return;
        if (error instanceof NgramdError && error.code === 'index-too-large') {
          this.#refused.set(id, { estimate: estimateOf(summary), problem: error });
        } else this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#building.delete(id);
      });
    return build;
  }
}

function estimateOf({ ngrams }: CorpusSummary): number {
  return trieBytes(ngrams.map(({ distinct }) => distinct));
}
