import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { Stage } from '../../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import type { RankingMemory } from '../ranking.ts';
import { indexTooLarge } from './build-trie.ts';
import { type CountTrie, tooLargeForTrie, trieBytes } from './count-trie.ts';
import { ResidentIndex } from './resident-index.ts';

/** A corpus's file, as a `CorpusReader` has it open. */
export interface IndexedFile {
  readonly path: string;
  readonly fileId: string;
}

/** An index that took too much memory when it was built. */
interface Refusal {
  readonly fileId: string;
  /** How much it was taken to need before. */
  readonly estimate: number;
  readonly problem: NgramdError;
}

/** How many corpora are known to be too large at most. */
const maxRefusals = 10_000;

/** The indexes in memory of the corpora that were asked lately, built by a worker thread behind the questions. */
export class ResidentIndexes {
  /** How much memory all indexes may take together. */
  readonly memoryBytes: number;
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
   * `memoryBytes` is how much all indexes take together, `timeout` how long is waited for one, in milliseconds.
   * `stage` runs each build; `onError` is told of every build that fails. `rankings` keeps the ranked lists of all.
   */
  constructor(
    memoryBytes: number,
    timeout: number,
    stage: Stage,
    onError: (error: unknown) => void,
    rankings: RankingMemory,
  ) {
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
      disposeAfter: (index, _path, reason) => {
        if (reason === 'evict') this.#evictions++;
        index.release();
        setImmediate(collectGarbage);
      },
    });
  }

  /** How much memory the indexes take. */
  get bytes(): number {
    return this.#ready.calculatedSize;
  }

  /** How many corpora have an index in memory. */
  get size(): number {
    return this.#ready.size;
  }

  /** How many indexes made room for others so far. */
  get evictions(): number {
    return this.#evictions;
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /** The newest index that there is of a corpus at this version: of this one or of one that it had before. */
  newest({ path, fileId }: IndexedFile, version: number): ResidentIndex | undefined {
    const ready = this.#ready.get(path);
    const isOfFile = ready?.trie.file === fileId && ready.totals.version <= version;
    return isOfFile ? ready : undefined;
  }

  /** The index of a corpus at exactly this version, where it is ready. */
  ready(file: IndexedFile, version: number): ResidentIndex | undefined {
    const newest = this.newest(file, version);
    return newest?.totals.version === version ? newest : undefined;
  }

  /** Has the index of a corpus built for the questions to come, where it can be held. */
  prepare(file: IndexedFile, summary: CorpusSummary): void {
    if (this.#refusal(file, summary) === undefined) this.#build(file, summary).catch(() => {});
  }

  /**
   * Has the index of a corpus built anew, in place of one of an earlier version. Throws `index-too-large` where the corpus
   * has become too large; its earlier index is dropped then, since it would be out of date for ever.
   */
  renew(file: IndexedFile, summary: CorpusSummary): void {
    const refusal = this.#refusal(file, summary);
    if (refusal !== undefined) {
      this.#ready.delete(file.path);
      throw refusal;
    }
    this.#build(file, summary).catch(() => {});
  }

  /**
   * The index of a corpus at this version or a later one. Waits for it; undefined where another corpus has got the path
   * meanwhile. Throws `index-not-ready` after the timeout and `index-too-large` where it cannot be held.
   */
  async atLeast(
    file: IndexedFile,
    summary: CorpusSummary,
    version: number,
  ): Promise<ResidentIndex | undefined> {
    const refusal = this.#refusal(file, summary);
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
        // A build that is under way may have begun before the corpus was at this version.
        const index = await Promise.race([this.#build(file, summary), late]);
        if (index.trie.file !== file.fileId) return undefined;
        if (index.totals.version >= version) return index;
      }
    } finally {
      deadline.abort();
      late.catch(() => {});
    }
  }

  /** Lets go of a corpus's index. */
  forget(path: string): void {
    this.#building.delete(path);
    this.#ready.delete(path);
    this.#refused.delete(path);
  }

  /** Stops the worker thread; a build under way is given up. */
  async close(): Promise<void> {
    this.#building.clear();
    this.#ready.clear();
    await this.#pool.destroy();
  }

  /** Why there is no index of a corpus, without a look at its counts; undefined where it can be built. */
  #refusal({ path, fileId }: IndexedFile, summary: CorpusSummary): NgramdError | undefined {
    const impossible = tooLargeForTrie(summary);
    if (impossible !== undefined) return indexTooLarge(impossible);
    const estimate = estimateOf(summary);
    if (estimate > this.memoryBytes) return this.#beyondMemory(`about ${estimate}`);
    const refused = this.#refused.get(path);
    return refused?.fileId === fileId && estimate >= refused.estimate ? refused.problem : undefined;
  }

  #beyondMemory(bytes: string): NgramdError {
    return indexTooLarge(`it takes ${bytes} bytes, and INDEX_MEMORY_BYTES allows ${this.memoryBytes}`);
  }

  /** Builds the index of a corpus, or goes on with that. */
  #build({ path, fileId }: IndexedFile, summary: CorpusSummary): Promise<ResidentIndex> {
    const known = this.#building.get(path);
    if (known !== undefined) return known;
    const task = { path, maxBytes: this.memoryBytes };
    const build = this.#stage('index.build', () => this.#pool.run<CountTrie>('default', task)).then(
      (trie) => {
        const index = new ResidentIndex(trie, this.#rankings);
        if (index.bytes > this.memoryBytes) throw this.#beyondMemory(String(index.bytes));
        return index;
      },
    );
    this.#building.set(path, build);
    const isWanted = () => this.#building.get(path) === build;
    build
      .then((index) => {
        if (isWanted()) this.#ready.set(path, index);
      })
      .catch((error) => {
        if (!isWanted()) return;
        if (error instanceof NgramdError && error.code === 'index-too-large') {
          this.#refused.set(path, { fileId, estimate: estimateOf(summary), problem: error });
        } else this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#building.delete(path);
      });
    return build;
  }
}

function estimateOf({ ngrams }: CorpusSummary): number {
  return trieBytes(ngrams.map(({ distinct }) => distinct));
}
