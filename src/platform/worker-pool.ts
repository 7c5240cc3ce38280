import { Piscina } from 'piscina';
import { NgramdError, type Outcome, resultOf } from '../errors.ts';

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;
type RunOptions = NonNullable<Parameters<Piscina['run']>[1]>;

/** The options in which pools differ. */
export type WorkerPoolOptions = Pick<
  PiscinaOptions,
  'minThreads' | 'maxThreads' | 'idleTimeout' | 'concurrentTasksPerWorker' | 'loadBalancer'
>;

/** The figures of a pool of worker threads for metrics. */
export type PoolFigures = Readonly<Pick<Piscina, 'maxThreads' | 'threads' | 'idleThreads' | 'queueSize'>>;

/**
 * The maximum size of the young generation of a thread's heap, in MB. V8 would let it grow to 48 MB per thread within
 * the first hour, although the threads' own data is in arrays outside the heap.
 */
const youngGenerationMb = 8;

/** The longest possible delay of a timer, in milliseconds: `close` waits for tasks, however long they take. */
const forever = 2 ** 31 - 1;

/**
 * Worker threads that run the functions exported by a module. These return an `Outcome` and never throw, so a task is
 * rejected only when its thread dies.
 */
export class WorkerPool {
  readonly #threads: Piscina;

  /** `onError` receives the errors of threads that die without a task. */
  constructor(module: URL, options: WorkerPoolOptions, onError: (error: unknown) => void) {
    this.#threads = new Piscina({
      minThreads: 0,
      ...options,
      filename: module.href,
      // A thread that blocked between tasks would never end its turn of the event loop, and SQLite's native objects
      // would never be freed.
      atomics: 'disabled',
      closeTimeout: forever,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#threads.on('error', onError);
    this.#threads.on('workerDestroy', () => setImmediate(() => this.#replace()));
  }

  get figures(): PoolFigures {
    return this.#threads;
  }

  /**
   * Runs the function `name` of the module. Throws its errors, `unavailable` if its thread dies, and an `AbortError` if
   * the pool is being closed.
   */
  async run<T>(name: string, task: unknown, options: Pick<RunOptions, 'transferList'> = {}): Promise<T> {
    let outcome: Outcome<T>;
    try {
      outcome = await this.#threads.run(task, { ...options, name });
    } catch (error) {
      throw (error as Error).name === 'AbortError' ? error : threadDied(error);
    }
    return resultOf(outcome);
  }

  /** Finishes the tasks in progress and stops the threads. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  /** Stops the threads and abandons the tasks in progress. */
  async destroy(): Promise<void> {
    await this.#threads.destroy();
  }

  /** If the last thread died, queued tasks would wait forever: an empty task makes the pool start another thread. */
  #replace(): void {
    if (this.#threads.queueSize > 0) this.#threads.run(undefined, { name: 'nothing' }).catch(() => {});
  }
}

/** The problem of a task whose thread has died, usually because it ran out of memory. */
function threadDied(error: unknown): NgramdError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new NgramdError(
    'unavailable',
    `The thread that worked on this request has died (${code ?? message}). Try again.`,
  );
}
