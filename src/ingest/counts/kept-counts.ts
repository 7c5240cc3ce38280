import type { BlockSpill, OrderedBlocks } from '../counting/block-spill.ts';

/** The name of the file of a corpus that keeps the counts which a document was given as, so that it can be taken back. */
export function countsFile(document: string): string {
  return `counts/${document}`;
}

/**
 * The n-grams of a run of a spill file as pieces of a file. A piece has some blocks of one order, in little-endian: the order
 * and the number of blocks, the ends of the blocks (32 bits each), the keys of their first n-grams, their data.
 */
export function* packRun(spill: BlockSpill, run: number, order: number): Generator<Uint8Array, void> {
  for (let n = 1; n <= order; n++)
    for (const blocks of spill.pages(n, run)) yield pack({ ...blocks, order: n });
}

/** Writes the pieces of a file to a run of a spill file. */
export async function unpackRun(
  pieces: AsyncIterable<Uint8Array>,
  spill: BlockSpill,
  run: number,
): Promise<void> {
  for await (const piece of pieces) spill.add(unpack(piece), run);
}

function pack({ order, ends, firsts, data }: OrderedBlocks): Uint8Array {
  const piece = Buffer.alloc(8 + 4 * ends.length + firsts.length + data.length);
  piece.writeUInt32LE(order, 0);
  piece.writeUInt32LE(ends.length, 4);
  for (const [i, end] of ends.entries()) piece.writeUInt32LE(end, 8 + 4 * i);
  const firstsAt = 8 + 4 * ends.length;
  piece.set(firsts, firstsAt);
  piece.set(data, firstsAt + firsts.length);
  return piece;
}

function unpack(bytes: Uint8Array): OrderedBlocks {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const order = piece.readUInt32LE(0);
  const length = piece.readUInt32LE(4);
  const ends = Array.from({ length }, (_, i) => piece.readUInt32LE(8 + 4 * i));
  const firstsAt = 8 + 4 * length;
  const dataAt = firstsAt + 4 * order * length;
  return { order, ends, firsts: piece.subarray(firstsAt, dataAt), data: piece.subarray(dataAt) };
}
