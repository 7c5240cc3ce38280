import type { ServerResponse } from 'node:http';
import type { BufferPool } from '../platform/buffer-pool.ts';

/** Bytes to send, and the buffer that can be used again afterwards. */
export interface Piece {
  bytes: Uint8Array;
  memory: ArrayBuffer;
}

/**
 * The bytes of pieces, for a stream with the high-water mark 1 that is piped to the response. Their buffers are given
 * back to `free` when they have been sent.
 */
export async function* recycled(
  pieces: AsyncIterable<Piece>,
  free: BufferPool,
  response: ServerResponse,
): AsyncGenerator<Uint8Array, void> {
  /** Of pieces that the stream has passed on to the response. */
  const passedOn: ArrayBuffer[] = [];
  const giveBackSent = () => {
    if (response.writableLength > 0) return;
    for (const memory of passedOn.splice(0)) free.giveBack(memory);
  };
  response.on('drain', giveBackSent);
  response.once('finish', giveBackSent);
  let last: ArrayBuffer | undefined;
  for await (const { bytes, memory } of pieces) {
    if (bytes.length > 0) yield bytes;
    // The stream may still hold this piece, but none before.
    if (last !== undefined) passedOn.push(last);
    last = memory;
    giveBackSent();
  }
  if (last !== undefined) passedOn.push(last);
}
