import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Outcome, resultOf } from '../../errors.ts';
import type { WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSettings } from '../../store/store.ts';
import type { DraftContent, DraftSummary } from './draft.ts';
import type { ReceiveCall, ReceiveTask } from './receive-worker.ts';
import type { SharedTextMemory } from './text-memory.ts';

/** A call that is not answered yet. */
interface Waiting {
  resolve(answer: Outcome<unknown>): void;
  reject(reason: unknown): void;
}

/**
 * The main thread's end of an upload that is received. Calls are answered in their order; all throw `unavailable` once
 * the thread that receives has died.
 */
export class UploadClient {
  readonly #port: MessagePort;
  readonly #done: Promise<void>;
  readonly #waiting: Waiting[] = [];
  readonly #stopped = new AbortController();

  /** Where the texts are long, their tokens are kept at `spoolPath` until the upload is closed or they are taken. */
  constructor(pool: WorkerPool, settings: CorpusSettings, spoolPath: string, memory: SharedTextMemory) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const task: ReceiveTask = { port: port2, settings, spoolPath, memory };
    this.#done = pool.run('receive', task, { transferList: [port2] });
    this.#port.on('message', (answer: Outcome<unknown>) => this.#waiting.shift()?.resolve(answer));
    const stop = (error: unknown) => {
      this.#stopped.abort(error);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped.signal.reason);
      this.#port.close();
    };
    this.#done.then(() => stop(undefined), stop);
  }

  /** Is aborted when nothing can be sent any more. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Sends the next bytes of a text; how many tokens have come with them in all texts. */
  async write(chunk: Uint8Array): Promise<number> {
    return (await this.#call({ write: chunk })) as number;
  }

  /** Ends the current text; the next `write` begins another. */
  async finish(): Promise<DraftSummary> {
    return (await this.#call('finish')) as DraftSummary;
  }

  /** Takes over all texts that were finished, and the file at `spoolPath`, if there is one. */
  async take(): Promise<DraftContent> {
    return (await this.#call('take')) as DraftContent;
  }

  /** Ends the upload and waits until nothing that was not taken is left of it. */
  async close(): Promise<void> {
    // Not closed from here: a port cannot go to a worker that is still to come when its other end is closed.
    this.#port.postMessage('end' satisfies ReceiveCall);
    await this.#done;
  }

  async #call(call: ReceiveCall): Promise<unknown> {
    this.#stopped.signal.throwIfAborted();
    const answered = new Promise<Outcome<unknown>>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    this.#port.postMessage(call);
    return resultOf(await answered);
  }
}
