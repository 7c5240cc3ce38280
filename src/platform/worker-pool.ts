import { Piscina } from 'piscina';
import { NgramdError, type Outcome, resultOf } from '../errors.ts';

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;
type RunOptions = NonNullable<Parameters<Piscina['run']>[1]>;

/** In what pools differ from each other. */
export type WorkerPoolOptions = Pick<
  PiscinaOptions,
  'minThreads' | 'maxThreads' | 'idleTimeout' | 'concurrentTasksPerWorker' | 'loadBalancer'
>;

/** What can be seen of a pool of worker threads from outside. */
export type PoolFigures = Readonly<Pick<Piscina, 'maxThreads' | 'threads' | 'idleThreads' | 'queueSize'>>;

/**
 * How large the young generation of a thread's heap grows, in MB. V8 would let that of each thread grow to 48 MB in the
 * first hour, though the threads' own data lies in arrays outside of the heap.
 */
const youngGenerationMb = 8;

/** The longest delay of a timer, in milliseconds: `close` waits for tasks, however long they take. */
const forever = 2 ** 31 - 1;

/**
 * Worker threads that run the functions which a module exports. These return an `Outcome` and never throw, so that
 * a task fails otherwise only when its thread dies.
 */
export class WorkerPool {
  readonly #threads: Piscina;

  /** `onError` is told of threads that die without a task. */
  constructor(module: URL, options: WorkerPoolOptions, onError: (error: unknown) => void) {
    this.#threads = new Piscina({
      minThreads: 0,
      ...options,
      filename: module.href,
      // A thread that waits inside a task's turn never ends the turn: what SQLite's objects hold would never be freed.
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
   * Runs the function `name` of the module. Throws what it throws, `unavailable` where its thread dies, and an
   * `AbortError` where the pool is being closed.
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

  /** Finishes what is under way and stops the threads. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  /** Stops the threads; what is under way is given up. */
  async destroy(): Promise<void> {
    await this.#threads.destroy();
  }

  /** Tasks that wait for a thread would wait for ever where the last one died: the next task starts another. */
  #replace(): void {
    if (this.#threads.queueSize > 0) this.#threads.run(undefined, { name: 'nothing' }).catch(() => {});
  }
}

/** The problem of a task whose thread has died, most often since there was no memory left. */
function threadDied(error: unknown): NgramdError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new NgramdError(
    'unavailable',
    `The thread that worked on this request has died (${code ?? message}). Try again.`,
  );
}
