import { workerData } from 'node:worker_threads';
import type { CountingMessage, CountingTask } from './counting-threads.ts';
import { SliceEncoder } from './slice-encoder.ts';

const { text, blockNGrams, port, progress, ahead } = workerData as CountingTask;

try {
  const encoder = new SliceEncoder(text, blockNGrams);
  const slices = text.sizes.length;
  for (let slice = begin(); slice < slices; slice = begin()) {
    const orders = encoder.encode(slice);
    send(
      { slice, orders },
      orders.map(({ data }) => data.buffer as ArrayBuffer),
    );
  }
} catch (error) {
  send({ error }, []);
}

/** The next slice that nobody counts, as soon as it is not too far ahead of what has been taken. */
function begin(): number {
  const slice = Atomics.add(progress.next, 0, 1);
  for (let taken = Atomics.load(progress.taken, 0); slice >= taken + ahead; ) {
    Atomics.wait(progress.taken, 0, taken);
    taken = Atomics.load(progress.taken, 0);
  }
  return slice;
}

function send(message: CountingMessage, transfer: ArrayBuffer[]): void {
  port.postMessage(message, transfer);
  Atomics.add(progress.sent, 0, 1);
  Atomics.notify(progress.sent, 0);
}
