import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Outcome, resultOf } from '../../errors.ts';
import type { WorkerPool } from '../../platform/worker-pool.ts';
import type { UploadRoom } from '../admission.ts';
import type { ReceivedArpa } from '../arpa/arpa-draft.ts';
import type { ReceivedText, UploadedFields } from './document-lines.ts';
import type { TextNames } from './draft.ts';
import type { PackedDraft } from './packed-draft.ts';
import type { Reading, ReceiveCall, ReceiveTask } from './receive-worker.ts';

/** A call that has not been answered yet. */
interface Waiting {
  resolve(answer: Outcome<unknown>): void;
  reject(reason: unknown): void;
}

/** The most that is gathered for one message, in bytes: the thread reads other uploads only between messages. */
const messageBytes = 2 ** 18;

const noBytes = new Uint8Array(new SharedArrayBuffer(0));

/** How many messages with bytes may be under way: one waits while the thread reads the one before. */
const messagesUnderWay = 2;

/**
 * The main thread's end of an upload that is being received. Calls are answered in order; all throw `unavailable` after
 * the receiving thread has died.
 */
export class UploadClient {
  readonly #port: MessagePort;
  readonly #done: Promise<void>;
  readonly #waiting: Waiting[] = [];
  readonly #stopped = new AbortController();
  /** The messages with bytes that are under way, the oldest first. */
  readonly #sent: Promise<void>[] = [];
  #failure: { error: unknown } | undefined;
  /** The memory of messages that were read: new memory for each would cost more time than copying the bytes. */
  readonly #free: Uint8Array<SharedArrayBuffer>[] = [];
  /** `#gathered[0, #length)` is sent next; it grows as long as the thread has enough to read. */
  #gathered = noBytes;
  #length = 0;
  readonly #onTokens: (tokens: number) => void;

  /**
   * The tokens of long texts, or an ARPA file, are kept at `spoolPath` until the upload is closed or they are taken.
   * `onTokens` is called with the number of tokens in all texts whenever the thread has read more of them.
   */
  constructor(
    pool: WorkerPool,
    { settings, tokenizer }: Reading,
    { spoolPath, memory, tableMemory }: Pick<UploadRoom, 'spoolPath' | 'memory' | 'tableMemory'>,
    onTokens: (tokens: number) => void,
  ) {
    this.#onTokens = onTokens;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const task: ReceiveTask = { port: port2, settings, tokenizer, spoolPath, memory, tableMemory };
    this.#done = pool.run('receive', task, { transferList: [port2] });
    this.#port.on('message', (answer: Outcome<unknown>) => this.#waiting.shift()?.resolve(answer));
    const stop = (error: unknown) => {
      this.#stopped.abort(error);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped.signal.reason);
      this.#port.close();
    };
    this.#done.then(() => stop(undefined), stop);
  }

  /** Aborted when nothing more can be sent. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Says that what is sent until the next `finish` is documents in JSON, one per line. */
  async beginDocuments(fields: UploadedFields): Promise<void> {
    await this.#call({ beginDocuments: fields });
  }

  /** Says that what is sent is not texts but the counts of one document. Nothing has been sent before. */
  async beginCounts(): Promise<void> {
    await this.#call('beginCounts');
  }

  /**
   * Sends the next bytes of a text, and resolves when more can be sent. One call at a time; what is wrong with bytes is
   * thrown by a later one, at the latest by `finish`.
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    if (this.#length > 0 && this.#length + chunk.length > messageBytes) await this.#sent[0];
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#gather(chunk);
    if (this.#sent.length < messagesUnderWay) this.#send();
  }

  /** Ends the current text, or the documents; the next `write` begins another. */
  async finish(names: TextNames = {}): Promise<ReceivedText> {
    while (this.#sent.length > 0) await this.#sent[0];
    return (await this.#call({ finish: names })) as ReceivedText;
  }

  /** Says that what is sent is an ARPA file, and nothing else. */
  async beginArpa(): Promise<void> {
    await this.#call('beginArpa');
  }

  /** Takes over all finished texts, and the file at `spoolPath`, if there is one. */
  async take(): Promise<PackedDraft> {
    return (await this.#call('take')) as PackedDraft;
  }

  /** As `take`, of an ARPA file. */
  async takeArpa(): Promise<ReceivedArpa> {
    return (await this.#call('take')) as ReceivedArpa;
  }

  /** Ends the upload and waits until everything that was not taken has been freed. */
  async close(): Promise<void> {
    // The port is closed by the other end: it cannot be sent to a worker that is still starting once this end is closed.
    this.#port.postMessage('end' satisfies ReceiveCall);
    await this.#done;
  }

  #gather(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#gathered.length) {
      const larger = new Uint8Array(new SharedArrayBuffer(Math.max(length, 2 * this.#gathered.length)));
      larger.set(this.#gathered.subarray(0, this.#length));
      this.#gathered = larger;
    }
    this.#gathered.set(chunk, this.#length);
    this.#length = length;
  }

  /** Sends what has been gathered. */
  #send(): void {
    const bytes = this.#gathered;
    const sent = this.#call({ write: bytes.subarray(0, this.#length) }).then((tokens) => {
      this.#sent.shift();
      this.#free.push(bytes);
      this.#onTokens(tokens as number);
      if (this.#length > 0) this.#send();
    });
    sent.catch((error) => {
      this.#failure ??= { error };
    });
    this.#sent.push(sent);
    this.#gathered = this.#free.pop() ?? noBytes;
    this.#length = 0;
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
