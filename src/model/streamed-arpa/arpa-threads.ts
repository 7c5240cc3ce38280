import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { NgramdError } from '../../errors.ts';
import type { Stage } from '../../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { Pruning } from '../arpa-pruning/pruning.ts';
import type { WorkerModel } from '../worker-model.ts';
import type { ArpaTask } from './thread.ts';

/** The threads that write ARPA files from the store, each one file at a time. */
export class ArpaThreads {
  readonly #threads = availableParallelism();
  readonly #scratch: string;
  readonly #stage: Stage;
  readonly #settle: (error: unknown) => Promise<unknown>;
  readonly #pool: WorkerPool;
  #files = 0;

  /** `scratch` is the prefix of the paths of temporary files; the others are as for `ModelWorkers`. */
  constructor(
    scratch: string,
    stage: Stage,
    settle: (error: unknown) => Promise<unknown>,
    onError: (error: unknown) => void,
  ) {
    this.#scratch = scratch;
    this.#stage = stage;
    this.#settle = settle;
    this.#pool = new WorkerPool(
      new URL(`./thread${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: this.#threads, idleTimeout: 30_000 },
      onError,
    );
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /**
   * A model's ARPA file, no faster than it is read, until `closed`. Resolves when all errors of the model have been
   * thrown; throws those of `streamedArpa`, and `unavailable` if every thread has a file to write.
   */
  async write(
    model: WorkerModel,
    pruning: Pruning,
    closed: Promise<unknown>,
  ): Promise<AsyncIterable<Uint8Array>> {
    if (this.#files === this.#threads) throw tooMany(this.#threads);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const reader = readable.getReader();
    const stopReading = () => reader.cancel().catch(() => {});
    let isClosed = false;
    void closed.finally(() => {
      isClosed = true;
      return stopReading();
    });
    const { corpus, choice } = model.chosen;
    const task: ArpaTask = { corpus, choice, pruning, scratch: this.#scratch, pieces: writable };
    this.#files++;
    const written = this.#stage('model.streamArpa', () =>
      this.#pool.run('default', task, { transferList: [writable as never] }),
    ).finally(() => {
      this.#files--;
    });
    const ended = written.catch(async (error) => {
      throw model.located(await this.#settle(error));
    });
    // A thread that failed, or died, writes nothing more: a reader of the next piece would wait forever.
    ended.catch(stopReading);
    const next = async () => {
      const { value } = await reader.read();
      if (value === undefined && !isClosed) await ended;
      return value;
    };
    return startingWith(await next(), next);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** What is read, of which the first piece has been read already. */
async function* startingWith(
  first: Uint8Array | undefined,
  next: () => Promise<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array, void> {
  for (let piece = first; piece !== undefined; piece = await next()) yield piece;
}

function tooMany(threads: number): NgramdError {
  return new NgramdError(
    'unavailable',
    `${threads} ARPA files are being written from the store, the most at a time. Try again.`,
  );
}
