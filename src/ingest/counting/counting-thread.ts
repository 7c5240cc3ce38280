import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CountingMessage, CountingTask } from './counting-threads.ts';
import { SliceEncoder } from './slice-encoder.ts';

const { text, blockNGrams, progress, ahead } = workerData as CountingTask;

try {
  const encoder = new SliceEncoder(text, blockNGrams);
  const slices = text.sizes.length;
  for (let slice = begin(); slice < slices; slice = begin()) {
    const blocks = encoder.encode(slice);
    send(
      { slice, blocks },
      blocks.map(({ data }) => data.buffer as ArrayBuffer),
    );
  }
} catch (error) {
  send({ error });
}

/** The next slice that no thread has begun, as soon as it is not too far ahead of those that have been read. */
function begin(): number {
  const slice = Atomics.add(progress.next, 0, 1);
  for (let read = Atomics.load(progress.read, 0); slice >= read + ahead; ) {
    Atomics.wait(progress.read, 0, read);
    read = Atomics.load(progress.read, 0);
  }
  return slice;
}

function send(message: CountingMessage, transfer: ArrayBuffer[] = []): void {
  (parentPort as MessagePort).postMessage(message, transfer);
}
