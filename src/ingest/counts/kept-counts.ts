import { packBlocks, unpackBlocks } from '../../ngrams/block-pieces.ts';
import type { BlockSpill } from '../counting/block-spill.ts';

/** The n-grams of a run of a spill file as pieces of a file, the lowest order first. */
export function* packRun(spill: BlockSpill, run: number, order: number): Generator<Uint8Array, void> {
  for (let n = 1; n <= order; n++)
    for (const blocks of spill.pages(n, run)) yield packBlocks({ ...blocks, order: n });
}

/** Writes the pieces of a file to a run of a spill file. */
export async function unpackRun(
  pieces: AsyncIterable<Uint8Array>,
  spill: BlockSpill,
  run: number,
): Promise<void> {
  for await (const piece of pieces) spill.add(unpackBlocks(piece), run);
}
