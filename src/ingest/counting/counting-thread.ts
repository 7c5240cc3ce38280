import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { dataBytes } from '../../ngrams/block-batch.ts';
import type { CountingMessage, CountingTask } from './counting-threads.ts';
import { SliceEncoder } from './slice-encoder.ts';

const { text, blockNGrams, progress, ahead, unreadBytes } = workerData as CountingTask;

try {
  const encoder = new SliceEncoder(text, blockNGrams);
  const slices = text.sizes.length;
  for (let slice = begin(); slice < slices; slice = begin()) {
    const blocks = encoder.encode(slice);
    Atomics.add(progress.unread, 0, dataBytes(blocks));
    send(
      { slice, blocks },
      blocks.map(({ data }) => data.buffer as ArrayBuffer),
    );
  }
} catch (error) {
  send({ error });
}

/** The next slice that no thread has begun, as soon as those that were counted and not read are few or small. */
function begin(): number {
  const slice = Atomics.add(progress.next, 0, 1);
  for (;;) {
    const read = Atomics.load(progress.read, 0);
    if (slice < read + ahead || Atomics.load(progress.unread, 0) < unreadBytes) return slice;
    Atomics.wait(progress.read, 0, read);
  }
}

function send(message: CountingMessage, transfer: ArrayBuffer[] = []): void {
  (parentPort as MessagePort).postMessage(message, transfer);
}
