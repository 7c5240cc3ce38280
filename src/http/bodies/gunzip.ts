import { createGunzip, type Gunzip } from 'node:zlib';
import { NgramdError } from '../../errors.ts';

/** The number of bytes decompressed at a time. */
const chunkSize = 2 ** 16;

/**
 * Decompresses gzip as it arrives, in constant memory: one or more members (RFC 1952, 2.2), after the last of which
 * only NULs may follow, as padding. Empty input gives empty output. Throws `invalid-text` if the input is not gzip,
 * ends early or continues after its end.
 */
export async function* gunzip(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const members = createGunzip({ chunkSize });
  const fed = feed(compressed, members);
  // A reader gets every error below; if nobody reads on, the error is ignored.
  fed.catch(() => {});
  members.on('error', () => {});
  try {
    yield* members;
    await fed;
  } catch (error) {
    throw readable(error as NodeJS.ErrnoException);
  } finally {
    members.destroy();
  }
}

/**
 * Writes the input to the decompressor, no faster than its output is read. Node's own decompressor ends at the first NUL
 * after a member, and whatever follows would be lost.
 */
async function feed(compressed: AsyncIterable<Uint8Array>, members: Gunzip): Promise<void> {
  let received = 0;
  let hasEnded = false;
  try {
    for await (const chunk of compressed) {
      received += chunk.length;
      let padding = chunk;
      if (!hasEnded) {
        await new Promise<void>((resolve) => members.write(chunk, () => resolve()));
        if (members.errored !== null || (members.destroyed && !members.readableEnded)) return;
        const taken = chunk.length - (received - members.bytesWritten);
        hasEnded = taken < chunk.length;
        padding = chunk.subarray(taken);
      }
      const other = padding.findIndex((byte) => byte !== 0);
      if (other >= 0) throw afterTheEnd(received - padding.length + other);
    }
    // Empty input would otherwise be gzip that ends early.
    if (received === 0) members.push(null);
    else if (!hasEnded) members.end();
  } catch (error) {
    members.destroy(error as Error);
    throw error;
  }
}

function afterTheEnd(offset: number): NgramdError {
  return new NgramdError(
    'invalid-text',
    `The gzip data has other bytes after its end, at byte offset ${offset} of the input: only further members, or NULs up to the end of the input, may follow a member.`,
  );
}

/** An error of zlib as `invalid-text`, any other unchanged. */
function readable(error: NodeJS.ErrnoException): Error {
  if (error.code?.startsWith('Z_') !== true) return error;
  return new NgramdError('invalid-text', `The gzip data cannot be decompressed: ${error.message}.`);
}
