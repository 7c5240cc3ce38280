import { isInMemory } from '../index/corpus.ts';
import type { Answer, ModelWorkers, Worker } from './model-workers.ts';
import type { ChosenModel } from './tasks/asking.ts';

/** A question of the worker without the fields that all questions of one model share. */
type Question<Name extends keyof Worker> = Omit<
  Parameters<Worker[Name]>[0],
  keyof WorkerModel['chosen'] | 'cancelled'
>;

/**
 * The chosen model: the address of its counts, and the estimator; with the one that it is scored against, if there is
 * one.
 */
type Chosen = ChosenModel & { against?: ChosenModel | undefined };

/** A model that one request asks in the worker threads. */
export class WorkerModel {
  readonly chosen: Chosen;
  readonly #workers: ModelWorkers;
  readonly #signal: AbortSignal;
  /** Converts an error of the model to one about the request. */
  readonly located: (error: unknown) => unknown;

  /** After `signal` is aborted, questions are cancelled. */
  constructor(
    workers: ModelWorkers,
    chosen: Chosen,
    signal: AbortSignal,
    located: (error: unknown) => unknown = (error) => error,
  ) {
    this.#workers = workers;
    this.chosen = chosen;
    this.#signal = signal;
    this.located = located;
  }

  /** The number of questions answered at the same time. */
  get threads(): number {
    return this.#workers.threads;
  }

  /** Whether its counts are in memory, so that all questions are answered from one version of the corpus. */
  get isInMemory(): boolean {
    return isInMemory(this.chosen.corpus);
  }

  /** Asks a question. Throws the errors of `ModelWorkers.ask`, located in the request. */
  async ask<Name extends keyof Worker>(
    name: Name,
    question: Question<Name>,
    transferred?: ArrayBuffer[],
  ): Promise<Answer<Name>> {
    try {
      const whole = { ...this.chosen, ...question } as unknown as Parameters<Worker[Name]>[0];
      return await this.#workers.ask(name, whole, this.#signal, transferred);
    } catch (error) {
      throw this.located(error);
    }
  }
}
