import { extname } from 'node:path';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { NgramdError, type Outcome, resultOf } from '../../errors.ts';
import type { ArpaLevel, ArpaLevels } from '../../index/arpa/arpa-table.ts';
import type { TextMemory } from '../receiving/text-memory.ts';
import { emptyRows, type NGramRows, rowsBytes } from './ngram-rows.ts';
import { type NGramTable, type OrderLines, RepeatedNGram } from './ngram-table.ts';

/** The messages to the thread that builds a table. All of them are answered, in order. */
export type TableCall =
  | { begin: ArpaLevel; announced: readonly number[] }
  | { rows: NGramRows }
  | { endOrder: OrderLines }
  | 'finish';

/** The answers: the levels to `finish`, and nothing to others. None follows one that says what went wrong. */
export type TableAnswer =
  | Outcome<ArpaLevels | undefined>
  | { repeated: Pick<RepeatedNGram, 'ngram' | 'number' | 'lines'> };

/**
 * How many calls may wait for the thread: so many n-grams, 3 million, are read while it sorts those of an order. At
 * order 5 their rows take 88 MB.
 */
const mostWaiting = 192;

const smallThread: ResourceLimits = { maxYoungGenerationSizeMb: 4 };

const base = import.meta.url;
const worker = new URL(`./table-worker${extname(base)}`, base);

/** The levels of an ARPA file, which another thread builds while this one reads the file. */
export class TableThread implements NGramTable {
  readonly #memory: TextMemory;
  readonly #highest: number;
  readonly #thread: Worker;
  readonly #waiting: PromiseWithResolvers<ArpaLevels | undefined>[] = [];
  /** Rows that the thread has read. */
  readonly #free: NGramRows[] = [];
  #failure: { error: unknown } | undefined;

  /** Of a file of order `highest`; `module` is the code of the thread. */
  constructor(memory: TextMemory, highest: number, module = worker) {
    this.#memory = memory;
    this.#highest = highest;
    this.#thread = new Worker(module, { workerData: memory.shared, resourceLimits: smallThread })
      .on('message', (answer: TableAnswer) => this.#receive(answer))
      .on('error', () => this.#fail(threadDied()))
      .on('exit', () => this.#fail(threadDied()));
  }

  begin(unigrams: ArpaLevel, announced: readonly number[]): void {
    void this.#call({ begin: unigrams, announced });
  }

  exchange(rows: NGramRows): NGramRows {
    const free = this.#free.pop() ?? this.#newRows();
    this.#call({ rows })
      .then(() => {
        rows.size = 0;
        this.#free.push(rows);
      })
      .catch(() => {});
    return free;
  }

  endOrder(lines: OrderLines): void {
    void this.#call({ endOrder: lines });
  }

  async ready(): Promise<void> {
    while (this.#waiting.length > mostWaiting) await this.#waiting[0].promise;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async settled(): Promise<void> {
    await this.#waiting.at(-1)?.promise;
    await this.ready();
  }

  async finish(): Promise<ArpaLevels> {
    return (await this.#call('finish')) as ArpaLevels;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #newRows(): NGramRows {
    this.#memory.take(rowsBytes(this.#highest));
    return emptyRows(this.#highest);
  }

  /** Sends a message. Resolves to the answer; what went wrong is thrown by `ready` too. */
  #call(call: TableCall): Promise<ArpaLevels | undefined> {
    const answer = Promise.withResolvers<ArpaLevels | undefined>();
    answer.promise.catch(() => {});
    if (this.#failure !== undefined) answer.reject(this.#failure.error);
    else {
      this.#waiting.push(answer);
      this.#thread.postMessage(call);
    }
    return answer.promise;
  }

  #receive(answer: TableAnswer): void {
    if ('repeated' in answer) {
      const { ngram, number, lines } = answer.repeated;
      this.#fail(new RepeatedNGram(ngram, number, lines));
      return;
    }
    try {
      this.#waiting.shift()?.resolve(resultOf(answer));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Every call, whether or not it was sent, is answered by the first error. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure.error);
  }
}

function threadDied(): NgramdError {
  return new NgramdError(
    'unavailable',
    'The thread that sorted the n-grams of this ARPA file has died, most likely from a lack of memory; nothing was kept. Try again.',
  );
}
