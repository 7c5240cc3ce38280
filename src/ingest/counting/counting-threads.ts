import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { NgramdError } from '../../errors.ts';
import { dataBytes, type EncodedBlocks } from '../../ngrams/block-batch.ts';
import { type SlicedText, sharedArray } from './sliced-text.ts';

/** The task of a counting thread. */
export interface CountingTask {
  readonly text: SlicedText;
  readonly blockNGrams: number;
  readonly progress: Progress;
  /** So many slices may be counted and not read, and more while their blocks take less than `unreadBytes`. */
  readonly ahead: number;
  readonly unreadBytes: number;
}

/** Counters in shared memory, of one number each. */
export interface Progress {
  /** The next slice that no thread has begun to count. */
  readonly next: Int32Array;
  /** The number of slices that have been read. */
  readonly read: Int32Array;
  /** How many bytes of blocks have been counted and not read. */
  readonly unread: Int32Array;
}

/** The messages of a counting thread. */
export type CountingMessage = { slice: number; blocks: EncodedBlocks[] } | { error: unknown };

/** More threads would only wait for the one that reads the slices. */
const maxThreads = 8;

/** The reader has other work at first, and the threads need not wait for it. */
const unreadBytes = 2 ** 24;

const base = import.meta.url;
const extension = extname(base);

const smallThread: ResourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Threads that count the slices of a text, while their owner does something else or reads the result. */
export class CountingThreads implements AsyncIterable<EncodedBlocks[]> {
  readonly #text: SlicedText;
  readonly #threads: readonly Worker[];
  /** The counted slices that have not been read. */
  readonly #counted = new Map<number, EncodedBlocks[]>();
  readonly #progress: Progress = { next: counter(), read: counter(), unread: counter() };
  #failure: { error: unknown } | undefined;
  /** Wakes the reader when there is something new. */
  #wake: () => void = () => {};

  /** `module` is the code of a thread. */
  constructor(
    text: SlicedText,
    blockNGrams: number,
    module = new URL(`./counting-thread${extension}`, base),
  ) {
    this.#text = text;
    const threads = Math.min(availableParallelism(), maxThreads);
    const workerData: CountingTask = {
      text,
      blockNGrams,
      progress: this.#progress,
      ahead: threads + 1,
      unreadBytes,
    };
    this.#threads = Array.from({ length: threads }, () => {
      const thread = new Worker(module, { workerData, resourceLimits: smallThread });
      return thread
        .on('message', (message: CountingMessage) => this.#receive(message))
        .on('error', () => this.#fail(threadDied()))
        .on('exit', (code) => {
          if (code !== 0) this.#fail(threadDied());
        });
    });
  }

  /**
   * The n-grams of each slice, one slice after the other. Throws what a thread throws, and `unavailable` if one dies.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<EncodedBlocks[], void> {
    const { read, unread } = this.#progress;
    for (let slice = 0; slice < this.#text.sizes.length; slice++) {
      const blocks = await this.#take(slice);
      Atomics.sub(unread, 0, dataBytes(blocks));
      Atomics.add(read, 0, 1);
      Atomics.notify(read, 0);
      yield blocks;
    }
  }

  /** Stops the threads, whether or not all was read. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  async #take(slice: number): Promise<EncodedBlocks[]> {
    for (;;) {
      const counted = this.#counted.get(slice);
      if (counted !== undefined) {
        this.#counted.delete(slice);
        return counted;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(message: CountingMessage): void {
    if ('error' in message) {
      this.#fail(message.error);
      return;
    }
    this.#counted.set(message.slice, message.blocks);
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }
}

function threadDied(): NgramdError {
  return new NgramdError(
    'unavailable',
    'A thread that counted this text has died, most likely from a lack of memory; nothing was changed. Try again.',
  );
}

function counter(): Int32Array {
  return new Int32Array(sharedArray(1).buffer);
}
