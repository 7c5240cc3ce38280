import { Readable } from 'node:stream';
import type { NgramdError } from '../../errors.ts';
import { collectRecentGarbage } from '../../platform/garbage.ts';

/** After how many bytes of a body the buffers in which they came are freed. */
const garbageBytes = 4 * 2 ** 20;

/** Passes on at most `most` bytes. Throws the error of `tooLarge` if there are more. */
export async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  tooLarge: () => NgramdError,
): AsyncGenerator<Uint8Array, void> {
  let passed = 0;
  for await (const chunk of leftOpen(chunks)) {
    if (passed % garbageBytes > (passed + chunk.length) % garbageBytes) collectRecentGarbage();
    passed += chunk.length;
    if (passed > most) throw tooLarge();
    yield chunk;
  }
}

/**
 * The same chunks. A body that is not read to its end is left open, since its rest must be skipped before the client can
 * read the answer.
 */
export function leftOpen(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return chunks instanceof Readable ? chunks.iterator({ destroyOnReturn: false }) : chunks;
}
