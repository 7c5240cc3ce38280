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

/** Shared memory by which a piece of text reaches the receiving thread. */
interface Slot {
  bytes: Uint8Array;
  /** Whether the thread still has to read it. */
  isFull: boolean;
}

/** One piece is on its way to the thread while it tokenizes the one before. */
const slots = 2;

/**
 * The main thread's end of an upload that is being received. Calls are answered in order; all throw `unavailable` after
 * the receiving thread has died.
 */
export class UploadClient {
  readonly #port: MessagePort;
  readonly #done: Promise<void>;
  readonly #waiting: Waiting[] = [];
  readonly #stopped = new AbortController();
  /** They are used again and again: new memory for each piece would cost more time than copying it. */
  readonly #slots: readonly Slot[] = Array.from({ length: slots }, () => ({
    bytes: new Uint8Array(0),
    isFull: false,
  }));

  /** The tokens of long texts, or an ARPA file, are kept at `spoolPath` until the upload is closed or they are taken. */
  constructor(
    pool: WorkerPool,
    { settings, tokenizer }: Reading,
    { spoolPath, memory, tableMemory }: Pick<UploadRoom, 'spoolPath' | 'memory' | 'tableMemory'>,
  ) {
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

  /** Sends the next bytes of a text; returns the number of tokens in all texts so far. */
  async write(chunk: Uint8Array): Promise<number> {
    const slot = this.#slots.find(({ isFull }) => !isFull);
    if (slot === undefined) return (await this.#call({ write: chunk })) as number;
    if (slot.bytes.length < chunk.length) slot.bytes = new Uint8Array(new SharedArrayBuffer(chunk.length));
    slot.bytes.set(chunk);
    slot.isFull = true;
    const tokens = await this.#call({ write: slot.bytes.subarray(0, chunk.length) });
    slot.isFull = false;
    return tokens as number;
  }

  /** Ends the current text, or the documents; the next `write` begins another. */
  async finish(names: TextNames = {}): Promise<ReceivedText> {
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

  async #call(call: ReceiveCall): Promise<unknown> {
    this.#stopped.signal.throwIfAborted();
    const answered = new Promise<Outcome<unknown>>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    this.#port.postMessage(call);
    return resultOf(await answered);
  }
}
