import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { NgramdError, type Outcome, resultOf } from '../../errors.ts';
import { collectGarbage } from '../../garbage.ts';
import type { PoolFigures } from '../../pool-figures.ts';
import type { Stage } from '../../stage.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import { type CountTrie, trieBytes } from './count-trie.ts';
import { ResidentIndex } from './resident-index.ts';

/** The indexes in memory of the corpora that were asked lately, built by a worker thread behind the questions. */
export class ResidentIndexes {
  /** How much memory all indexes may take together. */
  readonly memoryBytes: number;
  readonly #timeout: number;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #ready: LRUCache<string, ResidentIndex>;
  readonly #building = new Map<string, Promise<ResidentIndex>>();
  readonly #pool = new Piscina({
    filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 10_000,
  });
  #evictions = 0;

  /**
   * `memoryBytes` is how much all indexes take together, `timeout` how long is waited for one, in milliseconds.
   * `stage` runs each build; `onError` is told of every build that fails.
   */
  constructor(memoryBytes: number, timeout: number, stage: Stage, onError: (error: unknown) => void) {
    this.memoryBytes = memoryBytes;
    this.#timeout = timeout;
    this.#stage = stage;
    this.#onError = onError;
    this.#ready = new LRUCache({
      maxSize: Math.max(memoryBytes, 1),
      sizeCalculation: ({ bytes }) => Math.max(bytes, 1),
      disposeAfter: (_index, _path, reason) => {
        if (reason === 'evict') this.#evictions++;
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
    return this.#pool;
  }

  /** The index of a corpus at exactly this version, where it is ready. */
  ready(path: string, version: number): ResidentIndex | undefined {
    const ready = this.#ready.get(path);
    return ready?.totals.version === version ? ready : undefined;
  }

  /** The index of a corpus at exactly this version, where it is ready; else it is built for the questions to come. */
  current(path: string, { version, ngrams }: CorpusSummary): ResidentIndex | undefined {
    const ready = this.ready(path, version);
    if (ready !== undefined) return ready;
    if (this.#fits(ngrams)) this.#build(path).catch(() => {});
    return undefined;
  }

  /**
   * The index of a corpus at this version or a later one. Waits for it.
   * Throws `index-not-ready` after the timeout and `index-too-large` where memory is too small for it.
   */
  async atLeast(path: string, { version, ngrams }: CorpusSummary): Promise<ResidentIndex> {
    const ready = this.#ready.get(path);
    if (ready !== undefined && ready.totals.version >= version) return ready;
    if (!this.#fits(ngrams)) {
      throw new NgramdError(
        'index-too-large',
        `This estimator needs the corpus's index in memory, which takes ${bytesOf(ngrams)} bytes; INDEX_MEMORY_BYTES allows ${this.memoryBytes}.`,
      );
    }
    const deadline = new AbortController();
    const late = setTimeout(this.#timeout, undefined, { signal: deadline.signal }).then(() => {
      throw new NgramdError(
        'index-not-ready',
        `This estimator needs the corpus's index in memory, which is not built after ${this.#timeout} ms. Ask again.`,
      );
    });
    try {
      // A build that is under way may have begun before the corpus was at this version.
      let index = await Promise.race([this.#build(path), late]);
      while (index.totals.version < version) index = await Promise.race([this.#build(path), late]);
      return index;
    } finally {
      deadline.abort();
      late.catch(() => {});
    }
  }

  /** Lets go of a corpus's index. */
  forget(path: string): void {
    this.#building.delete(path);
    this.#ready.delete(path);
  }

  /** Stops the worker thread; a build under way is given up. */
  async close(): Promise<void> {
    this.#building.clear();
    this.#ready.clear();
    await this.#pool.destroy();
  }

  #fits(ngrams: CorpusSummary['ngrams']): boolean {
    return bytesOf(ngrams) <= this.memoryBytes;
  }

  #build(path: string): Promise<ResidentIndex> {
    const known = this.#building.get(path);
    if (known !== undefined) return known;
    const build = this.#stage('index.build', () => this.#pool.run({ path })).then(
      (outcome: Outcome<CountTrie>) => new ResidentIndex(resultOf(outcome)),
    );
    this.#building.set(path, build);
    const isWanted = () => this.#building.get(path) === build;
    build
      .then((index) => {
        if (isWanted()) this.#ready.set(path, index);
      })
      .catch((error) => {
        if (isWanted()) this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#building.delete(path);
      });
    return build;
  }
}

function bytesOf(ngrams: CorpusSummary['ngrams']): number {
  return trieBytes(ngrams.map(({ distinct }) => distinct));
}
