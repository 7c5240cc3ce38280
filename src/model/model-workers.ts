import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Outcome } from '../errors.ts';
import type { Stage } from '../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../platform/worker-pool.ts';
import { cancelledBy } from './cancelling.ts';
import type * as worker from './worker.ts';

export type Worker = typeof worker;

/** The answer to a question of the worker. */
export type Answer<Name extends keyof Worker> =
  Awaited<ReturnType<Worker[Name]>> extends Outcome<infer Result> ? Result : never;

/** The threads that answer long questions of models. */
export class ModelWorkers {
  /** The number of questions answered at the same time. */
  readonly threads = availableParallelism();
  readonly #stage: Stage;
  readonly #settle: (error: unknown) => Promise<unknown>;
  readonly #pool: WorkerPool;

  /**
   * `stage` runs each question, as `model.` and its name; `settle` maps a question's error to the one that the caller
   * gets; `onError` receives the errors of threads that die without a question.
   */
  constructor(stage: Stage, settle: (error: unknown) => Promise<unknown>, onError: (error: unknown) => void) {
    this.#stage = stage;
    this.#settle = settle;
    this.#pool = new WorkerPool(
      new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: this.threads, idleTimeout: 30_000 },
      onError,
    );
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /**
   * Asks a question and throws its errors. After `signal` is aborted, the question is not started, or ends at its next
   * checkpoint, and throws `cancelled`. The memory of `transferred` goes over to the thread.
   */
  async ask<Name extends keyof Worker>(
    name: Name,
    question: Parameters<Worker[Name]>[0],
    signal: AbortSignal,
    transferred: ArrayBuffer[] = [],
  ): Promise<Answer<Name>> {
    // Not Piscina's own signal: it ends the thread, and with it the questions of others.
    const task = { ...question, cancelled: cancelledBy(signal) };
    try {
      return await this.#stage(`model.${name}`, () =>
        this.#pool.run<Answer<Name>>(name, task, { transferList: transferred }),
      );
    } catch (error) {
      throw await this.#settle(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
