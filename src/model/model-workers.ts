import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { type Outcome, resultOf } from '../errors.ts';
import type { PoolFigures } from '../pool-figures.ts';
import type { Stage } from '../stage.ts';
import { cancelledBy } from './cancelling.ts';
import type * as worker from './worker.ts';

type Worker = typeof worker;

/** What a question of the worker is answered with. */
type Answer<Name extends keyof Worker> =
  ReturnType<Worker[Name]> extends Outcome<infer Result> ? Result : never;

/** The threads that answer long questions of models. */
export class ModelWorkers {
  /** How many questions are answered at a time. */
  readonly threads = availableParallelism();
  readonly #stage: Stage;
  readonly #settle: (error: unknown) => unknown;
  readonly #pool = new Piscina({
    filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: this.threads,
    idleTimeout: 30_000,
  });

  /**
   * `stage` runs each question, as `model.` and its name; `settle` makes of what a question throws what is thrown for it.
   */
  constructor(stage: Stage, settle: (error: unknown) => unknown) {
    this.#stage = stage;
    this.#settle = settle;
  }

  get pool(): PoolFigures {
    return this.#pool;
  }

  /**
   * Asks a question. After `signal` nobody waits for its answer: it is not begun, or ends at its next checkpoint, and
   * throws `cancelled`. Throws what the question throws.
   */
  async ask<Name extends keyof Worker>(
    name: Name,
    question: Parameters<Worker[Name]>[0],
    signal: AbortSignal,
  ): Promise<Answer<Name>> {
    // Not Piscina's own signal: it ends threads, and with them what others ask.
    const task = { ...question, cancelled: cancelledBy(signal) };
    try {
      return await this.#stage(`model.${name}`, async () =>
        resultOf((await this.#pool.run(task, { name })) as Outcome<Answer<Name>>),
      );
    } catch (error) {
      throw this.#settle(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
