import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { type Outcome, resultOf } from '../errors.ts';
import type { CorpusSettings, CorpusSummary } from '../store/corpus.ts';
import type { DraftSummary } from './draft.ts';
import type { Added, Addition } from './upload.ts';
import type { UploadMethod, UploadTask } from './worker.ts';

/** A call that is not answered yet. */
interface Waiting {
  resolve(answer: Outcome<unknown>): void;
  reject(reason: unknown): void;
}

/** The main thread's end of an upload. Calls are answered in their order. */
export class UploadClient {
  readonly #port: MessagePort;
  readonly #done: Promise<void>;
  readonly #waiting: Waiting[] = [];
  readonly #stopped = new AbortController();

  constructor(pool: Piscina, settings: CorpusSettings, temporaryPath: string, progress: SharedArrayBuffer) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const task: UploadTask = { port: port2, settings, temporaryPath, progress };
    this.#done = pool.run(task, { name: 'upload', transferList: [port2] });
    this.#port.on('message', (answer: Outcome<unknown>) => this.#waiting.shift()?.resolve(answer));
    const stop = () => {
      this.#stopped.abort();
      for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped.signal.reason);
    };
    this.#done.then(stop, stop);
  }

  /** Sends the next bytes of a text; how many tokens have come with them. */
  async write(chunk: Uint8Array): Promise<number> {
    return (await this.#call('write', chunk)) as number;
  }

  async finish(): Promise<DraftSummary> {
    return (await this.#call('finish')) as DraftSummary;
  }

  async create(path: string, now: string, key?: string): Promise<CorpusSummary> {
    return (await this.#call('create', path, now, key)) as CorpusSummary;
  }

  async append(path: string, addition: Addition, now: string): Promise<Added> {
    return (await this.#call('append', path, addition, now)) as Added;
  }

  /** Ends the upload, committed or not, and waits until its temporary files are gone. */
  async close(): Promise<void> {
    // Not closed from here: a port cannot go to a worker that is still to come when its other end is closed.
    this.#port.postMessage('end');
    await this.#done;
  }

  async #call(method: UploadMethod, ...args: unknown[]): Promise<unknown> {
    this.#stopped.signal.throwIfAborted();
    const answered = new Promise<Outcome<unknown>>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    this.#port.postMessage({ method, args });
    return resultOf(await answered);
  }
}
