import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { isProblem, NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { Stage } from '../../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusRef, CorpusSummary, StoreAddress } from '../../store/store.ts';
import type { Additions } from '../additions/additions.ts';
import { ExtendedIndex } from '../additions/extended-index.ts';
import { ArpaIndex } from '../arpa/arpa-index.ts';
import { type ArpaTable, levelBytes } from '../arpa/arpa-table.ts';
import type { MemoryIndex } from '../corpus.ts';
import type { RankingMemory } from '../ranking.ts';
import { indexTooLarge } from './build-trie.ts';
import { type CountTrie, tooLargeForTrie, trieBytes } from './count-trie.ts';
import { ResidentIndex } from './resident-index.ts';
import type { BuildTask, ExtendTask } from './worker.ts';

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

/**
 * The maximum number of tokens that are counted beside an index. They are counted again whenever more are added, which
 * takes up to half a second.
 */
const manyAdded = 2 ** 17;

/** An index that is being extended. */
interface Extending {
  readonly whole: ResidentIndex;
  readonly extended: Promise<ExtendedIndex | undefined>;
}

/** The memory of an index. */
export interface IndexFigures {
  readonly corpus: string;
  readonly version: number;
  readonly bytes: number;
}

/** The maximum number of corpora recorded as too large. */
const maxRefusals = 10_000;

/** The in-memory indexes of recently queried corpora, built and extended in the background by worker threads. */
export class ResidentIndexes {
  /** The memory budget of all indexes. */
  readonly memoryBytes: number;
  readonly #store: StoreAddress;
  readonly #timeout: number;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #ready: LRUCache<string, MemoryIndex | ArpaIndex>;
  readonly #loading = new Map<string, Promise<ArpaIndex>>();
  readonly #refused = new LRUCache<string, Refusal>({ max: maxRefusals });
  readonly #rankings: RankingMemory;
  readonly #building = new Map<string, Promise<ResidentIndex>>();
  readonly #extending = new Map<string, Extending>();
  /** The names of the corpora that have an index, or for which one is being built, by id. */
  readonly #names = new Map<string, string>();
  readonly #pool: WorkerPool;
  /** An index is extended while another one is being built. */
  readonly #extendingPool: WorkerPool;
  #evictions = 0;

  /**
   * The indexes of a store's corpora. `stage` runs each build; `onError` is called with every error of a build.
   * `rankings` keeps the ranked lists of all.
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
    const pool = () =>
      new WorkerPool(
        new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
        { maxThreads: 1, idleTimeout: 10_000 },
        onError,
      );
    this.#pool = pool();
    this.#extendingPool = pool();
    this.#ready = new LRUCache({
      maxSize: Math.max(memoryBytes, 1),
      sizeCalculation: ({ bytes }) => Math.max(bytes, 1),
      disposeAfter: (index, id, reason) => {
        if (reason === 'evict') this.#evictions++;
        this.#release(index, this.#ready.peek(id));
        this.#forgetName(id);
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

  /** The indexes in memory, the most recently used first. */
  get figures(): IndexFigures[] {
    return [...this.#ready.entries()].map(([id, index]) => ({
      corpus: this.#names.get(id) as string,
      version: index instanceof ArpaIndex ? index.version : index.totals.version,
      bytes: index.bytes,
    }));
  }

  /** The names of the corpora whose index is being built. */
  get building(): string[] {
    return [...this.#building.keys(), ...this.#loading.keys()].map((id) => this.#names.get(id) as string);
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /** The newest available index of a corpus at this version: of this version or of an earlier one. */
  newest({ id }: CorpusRef, version: number): MemoryIndex | undefined {
    const ready = countsOf(this.#ready.get(id));
    return ready !== undefined && ready.totals.version <= version ? ready : undefined;
  }

  /** Like `newest`, of those that are not extended. */
  newestWhole({ id }: CorpusRef, version: number): ResidentIndex | undefined {
    const whole = wholeOf(countsOf(this.#ready.get(id)));
    return whole !== undefined && whole.totals.version <= version ? whole : undefined;
  }

  /** The index of a corpus at exactly this version, if it is ready. */
  ready(corpus: CorpusRef, version: number): MemoryIndex | undefined {
    const newest = this.newest(corpus, version);
    return newest?.totals.version === version ? newest : undefined;
  }

  /** Starts updating the index of a corpus for later questions, if it fits. */
  prepare(corpus: CorpusRef, summary: CorpusSummary): void {
    if (this.#refusal(corpus, summary) === undefined) this.#update(corpus, summary).catch(() => {});
  }

  /** Like `prepare`, for an index that is not extended. */
  prepareWhole(corpus: CorpusRef, summary: CorpusSummary): void {
    if (this.#refusal(corpus, summary) === undefined) this.#build(corpus, summary).catch(() => {});
  }

  /**
   * Starts updating an index of an earlier version; `isWhole` if it must not be extended. Throws `index-too-large` if
   * the corpus has become too large; its earlier index is then dropped, since it would stay outdated forever.
   */
  renew(corpus: CorpusRef, summary: CorpusSummary, isWhole: boolean): void {
    const refusal = this.#refusal(corpus, summary);
    if (refusal !== undefined) {
      this.#ready.delete(corpus.id);
      throw refusal;
    }
    this.#next(corpus, summary, isWhole).catch(() => {});
  }

  /**
   * The index of a corpus at this version or a later one, not extended if `isWhole`. Waits for it; undefined if the
   * name has been given to another corpus meanwhile. Throws `index-not-ready` after the timeout, and `index-too-large`
   * if it does not fit.
   */
  async atLeast<IsWhole extends boolean>(
    corpus: CorpusRef,
    summary: CorpusSummary,
    version: number,
    isWhole: IsWhole,
  ): Promise<(IsWhole extends true ? ResidentIndex : MemoryIndex) | undefined> {
    const refusal = this.#refusal(corpus, summary);
    if (refusal !== undefined) throw refusal;
    const what = "This estimator needs the corpus's index in memory, which is not built";
    return this.#within(what, async (inTime) => {
      for (;;) {
        // A build in progress may have begun before the corpus reached this version.
        const index = await inTime(this.#next(corpus, summary, isWhole));
        if (wholeOf(index).trie.corpus !== corpus.id) return undefined;
        if (index.totals.version >= version) return index as ResidentIndex;
      }
    });
  }

  /** What an ARPA file lists, if it is in memory. */
  listed({ id }: CorpusRef): ArpaIndex | undefined {
    const ready = this.#ready.get(id);
    return ready instanceof ArpaIndex ? ready : undefined;
  }

  /**
   * Reads what an ARPA file lists into memory, or waits for it. Throws `index-not-ready` after the timeout, and
   * `index-too-large` if it does not fit.
   */
  async load(corpus: CorpusRef, summary: CorpusSummary): Promise<ArpaIndex> {
    const check = (bytes: number, about = '') => {
      if (bytes <= this.memoryBytes) return;
      throw new NgramdError(
        'index-too-large',
        `The model of this corpus takes ${about}${bytes} bytes of memory, and INDEX_MEMORY_BYTES allows ${this.memoryBytes}.`,
      );
    };
    check(levelBytes(summary.ngrams.map(({ distinct }) => distinct)), 'about ');
    const what = 'The model of this corpus is being read into memory, and is not there';
    const index = await this.#within(what, (inTime) => inTime(this.#load(corpus)));
    check(index.bytes);
    return index;
  }

  #load(corpus: CorpusRef): Promise<ArpaIndex> {
    const { id } = corpus;
    const known = this.#loading.get(id);
    if (known !== undefined) return known;
    const task: BuildTask = { store: this.#store, corpus };
    const load = this.#stage('index.load', () => this.#pool.run<ArpaTable>('load', task)).then((table) => {
      const index = new ArpaIndex(table);
      if (isWanted() && table.corpus === id) this.#put(corpus.name, id, index);
      return index;
    });
    const isWanted = () => this.#loading.get(id) === load;
    this.#loading.set(id, load);
    this.#names.set(id, corpus.name);
    load
      .catch((error) => {
        if (isWanted()) this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#loading.delete(id);
        this.#forgetName(id);
      });
    return load;
  }

  /**
   * Runs work. After the timeout, what it awaits by `inTime` throws `index-not-ready`, with a message that begins with
   * `what`.
   */
  async #within<T>(
    what: string,
    work: (inTime: <U>(awaited: Promise<U>) => Promise<U>) => Promise<T>,
  ): Promise<T> {
    const deadline = new AbortController();
    const late = setTimeout(this.#timeout, undefined, { signal: deadline.signal }).then(() => {
      throw new NgramdError('index-not-ready', `${what} after ${this.#timeout} ms. Ask again.`);
    });
    try {
      return await work((awaited) => Promise.race([awaited, late]));
    } finally {
      deadline.abort();
      late.catch(() => {});
    }
  }

  /** Drops a corpus's index. */
  forget({ id }: CorpusRef): void {
    this.#loading.delete(id);
    this.#building.delete(id);
    this.#extending.delete(id);
    this.#ready.delete(id);
    this.#refused.delete(id);
    this.#forgetName(id);
  }

  /** Stops the worker thread; a build in progress is abandoned. */
  async close(): Promise<void> {
    this.#building.clear();
    this.#loading.clear();
    this.#extending.clear();
    this.#ready.clear();
    await Promise.all([this.#pool.destroy(), this.#extendingPool.destroy()]);
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

  #next(corpus: CorpusRef, summary: CorpusSummary, isWhole: boolean): Promise<MemoryIndex> {
    return isWhole ? this.#build(corpus, summary) : this.#update(corpus, summary);
  }

  /**
   * Extends the index of a corpus, if it is of an earlier version and only a little was added since; otherwise builds
   * one.
   */
  async #update(corpus: CorpusRef, summary: CorpusSummary): Promise<MemoryIndex> {
    const newest = countsOf(this.#ready.peek(corpus.id));
    if (newest !== undefined && newest.totals.version >= summary.version) return newest;
    const whole = wholeOf(newest);
    if (whole === undefined || addedTo(whole, summary) > mostAdded(whole))
      return this.#build(corpus, summary);
    const extended = await this.#extend(corpus, summary, whole);
    return extended ?? this.#build(corpus, summary);
  }

  /**
   * Counts what was added to a corpus since an index was built, or joins a count in progress; undefined if the index
   * cannot be extended. Where much has been added, also starts building an index.
   */
  #extend(
    corpus: CorpusRef,
    summary: CorpusSummary,
    whole: ResidentIndex,
  ): Promise<ExtendedIndex | undefined> {
    const { id } = corpus;
    const known = this.#extending.get(id);
    if (known?.whole === whole) return known.extended;
    const task: ExtendTask = { store: this.#store, corpus, trie: whole.trie };
    const extended = this.#stage('index.extend', () =>
      this.#extendingPool.run<Additions | undefined>('extend', task),
    ).then((additions) => {
      const index = additions && new ExtendedIndex(whole, additions, this.#rankings);
      return index !== undefined && index.bytes <= this.memoryBytes ? index : undefined;
    });
    const extending = { whole, extended };
    this.#extending.set(id, extending);
    const isWanted = () => this.#extending.get(id) === extending;
    extended
      .then((index) => {
        if (!isWanted() || index === undefined) return;
        const current = wholeOf(countsOf(this.#ready.peek(id)));
        if (current === undefined || current.totals.version <= whole.totals.version)
          this.#put(corpus.name, id, index);
        if (index.additions.tokens > mostAdded(whole) / 2) this.prepareWhole(corpus, summary);
      })
      .catch((error) => {
        if (isWanted()) this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#extending.delete(id);
      });
    return extended;
  }

  /** Keeps an index that was built. If the one that was extended meanwhile is newer, it is extended first. */
  async #keep(corpus: CorpusRef, summary: CorpusSummary, built: ResidentIndex): Promise<void> {
    const newest = countsOf(this.#ready.peek(built.trie.corpus));
    const isBehind = newest !== undefined && newest.totals.version > built.totals.version;
    if (isBehind && (await this.#extend(corpus, summary, built)) !== undefined) return;
    this.#put(corpus.name, built.trie.corpus, built);
  }

  #put(name: string, id: string, index: MemoryIndex | ArpaIndex): void {
    this.#names.set(id, name);
    this.#ready.set(id, index);
  }

  /** Drops what is kept for an index; `next` replaces it, and may be the same one with more additions. */
  #release(index: MemoryIndex | ArpaIndex, next: MemoryIndex | ArpaIndex | undefined): void {
    if (!(index instanceof ArpaIndex)) {
      const whole = wholeOf(index);
      if (index !== whole) index.release();
      if (whole === wholeOf(countsOf(next))) return;
      whole.release();
    }
    setImmediate(collectGarbage);
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
    this.#names.set(id, corpus.name);
    const isWanted = () => this.#building.get(id) === build;
    build
      .then((index) => {
        if (!isWanted()) return undefined;
        this.#building.delete(id);
        return this.#keep(corpus, summary, index);
      })
      .catch((error) => {
        if (!isWanted()) return;
        if (isProblem(error, 'index-too-large')) {
          this.#refused.set(id, { estimate: estimateOf(summary), problem: error });
        } else this.#onError(error);
      })
      .finally(() => {
        if (isWanted()) this.#building.delete(id);
        this.#forgetName(id);
      });
    return build;
  }

  #forgetName(id: string): void {
    if (!this.#ready.has(id) && !this.#building.has(id) && !this.#loading.has(id)) this.#names.delete(id);
  }
}

/** The index, if it is one of counts. */
function countsOf(index: MemoryIndex | ArpaIndex | undefined): MemoryIndex | undefined {
  return index instanceof ArpaIndex ? undefined : index;
}

/** The index without what is added to it. */
function wholeOf(index: MemoryIndex): ResidentIndex;
function wholeOf(index: MemoryIndex | undefined): ResidentIndex | undefined;
function wholeOf(index: MemoryIndex | undefined): ResidentIndex | undefined {
  return index instanceof ExtendedIndex ? index.base : index;
}

/** The number of tokens that were added since an index was built; infinite if some were removed. */
function addedTo({ totals }: ResidentIndex, { tokens }: CorpusSummary): number {
  return tokens < totals.tokens ? Number.POSITIVE_INFINITY : tokens - totals.tokens;
}

/** The maximum number of tokens that are counted beside an index. */
function mostAdded({ totals }: ResidentIndex): number {
  return Math.min(manyAdded, totals.tokens / 8);
}

function estimateOf({ ngrams }: CorpusSummary): number {
  return trieBytes(ngrams.map(({ distinct }) => distinct));
}
