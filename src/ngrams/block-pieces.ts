import type { EncodedBlocks } from './block-batch.ts';
import type { BlockBytes } from './block-stream.ts';

/** Blocks of an order. */
export type OrderedBlocks = BlockBytes & Pick<EncodedBlocks, 'order'>;

/**
 * Some blocks of one order as a piece of a file, in little-endian: the order and the number of blocks, the ends of the
 * blocks (32 bits each), the keys of their first n-grams, their data.
 */
export function packBlocks({ order, ends, firsts, data }: OrderedBlocks): Uint8Array {
  const piece = Buffer.alloc(8 + 4 * ends.length + firsts.length + data.length);
  piece.writeUInt32LE(order, 0);
  piece.writeUInt32LE(ends.length, 4);
  for (const [i, end] of ends.entries()) piece.writeUInt32LE(end, 8 + 4 * i);
  const firstsAt = 8 + 4 * ends.length;
  piece.set(firsts, firstsAt);
  piece.set(data, firstsAt + firsts.length);
  return piece;
}

/** The blocks of a piece of `packBlocks`, as views of it. */
export function unpackBlocks(bytes: Uint8Array): OrderedBlocks {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const order = piece.readUInt32LE(0);
  const length = piece.readUInt32LE(4);
  const ends = Array.from({ length }, (_, i) => piece.readUInt32LE(8 + 4 * i));
  const firstsAt = 8 + 4 * length;
  const dataAt = firstsAt + 4 * order * length;
  return { order, ends, firsts: piece.subarray(firstsAt, dataAt), data: piece.subarray(dataAt) };
}
