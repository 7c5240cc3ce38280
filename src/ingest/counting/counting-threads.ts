import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import {
  MessageChannel,
  type MessagePort,
  type ResourceLimits,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { NgramdError } from '../../errors.ts';
import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import { type SlicedText, sharedArray } from './sliced-text.ts';

/** What a counting thread is given. */
export interface CountingTask {
  readonly text: SlicedText;
  readonly blockNGrams: number;
  readonly port: MessagePort;
  readonly progress: Progress;
  /** How many slices may be counted that have not been taken. */
  readonly ahead: number;
}

/** Counters in shared memory, of one number each. */
export interface Progress {
  /** The next slice that no thread has begun. */
  readonly next: Int32Array;
  /** How many messages have been sent, and threads have died. */
  readonly sent: Int32Array;
  /** 1 where a thread has died, of what kept it from sending an error. */
  readonly died: Int32Array;
  /** How many slices have been taken. */
  readonly taken: Int32Array;
}

/** What the thread is given that starts the counting threads and watches them. */
export interface WatchTask {
  readonly tasks: readonly CountingTask[];
  /** What each of them runs. */
  readonly module: string;
  readonly resourceLimits: ResourceLimits;
  readonly progress: Progress;
}

/** What a counting thread sends. */
export type CountingMessage = { slice: number; orders: EncodedBlocks[] } | { error: unknown };

/** More threads than these wait for the one that takes the slices. */
const maxThreads = 8;

/** Longer than any slice takes, in milliseconds. */
const patience = 600_000;

const base = import.meta.url;
const extension = extname(base);

const smallThread: ResourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Threads that count the slices of a text, while their owner does something else or reads what they counted. */
export class CountingThreads {
  readonly #text: SlicedText;
  readonly #ports: MessagePort[] = [];
  readonly #counted = new Map<number, EncodedBlocks[]>();
  readonly #progress: Progress = { next: counter(), sent: counter(), died: counter(), taken: counter() };

  /** `module` is what a thread runs. */
  constructor(
    text: SlicedText,
    blockNGrams: number,
    module = new URL(`./counting-thread${extension}`, base),
  ) {
    this.#text = text;
    const progress = this.#progress;
    const threads = Math.min(availableParallelism(), maxThreads);
    const tasks = Array.from({ length: threads }, (): CountingTask => {
      const { port1, port2 } = new MessageChannel();
      this.#ports.push(port1);
      return { text, blockNGrams, port: port2, progress, ahead: threads + 1 };
    });
    const watch: WatchTask = { tasks, module: module.href, resourceLimits: smallThread, progress };
    new Worker(new URL(`./counting-watch${extension}`, base), {
      workerData: watch,
      transferList: tasks.map(({ port }) => port),
      resourceLimits: smallThread,
    }).on('error', () => {});
  }

  /**
   * The n-grams of each slice, one slice after the other. Blocks this thread while there is nothing. Throws what a thread
   * throws, and `unavailable` where one dies.
   */
  *[Symbol.iterator](): Generator<EncodedBlocks[], void> {
    const { taken } = this.#progress;
    for (let slice = 0; slice < this.#text.sizes.length; slice++) {
      const counted = this.#take(slice);
      Atomics.add(taken, 0, 1);
      Atomics.notify(taken, 0);
      yield counted;
    }
  }

  /** Lets the threads end, whether or not all was taken. */
  dispose(): void {
    const { next, taken } = this.#progress;
    Atomics.store(next, 0, this.#text.sizes.length);
    Atomics.store(taken, 0, this.#text.sizes.length);
    Atomics.notify(taken, 0);
    for (const port of this.#ports) port.close();
  }

  #take(slice: number): EncodedBlocks[] {
    const { sent, died } = this.#progress;
    for (;;) {
      const before = Atomics.load(sent, 0);
      for (const port of this.#ports) this.#receive(port);
      const counted = this.#counted.get(slice);
      if (counted !== undefined) {
        this.#counted.delete(slice);
        return counted;
      }
      const hasDied = Atomics.load(died, 0) === 1;
      if (hasDied || Atomics.wait(sent, 0, before, patience) === 'timed-out') {
        throw new NgramdError(
          'unavailable',
          'A thread that counted this text has died, most likely for want of memory; nothing was changed. Try again.',
        );
      }
    }
  }

  #receive(port: MessagePort): void {
    for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
      const message = received.message as CountingMessage;
      if ('error' in message) throw message.error;
      this.#counted.set(message.slice, message.orders);
    }
  }
}

function counter(): Int32Array {
  return new Int32Array(sharedArray(1).buffer);
}
