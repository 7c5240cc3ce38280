import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import { invalidField } from '../invalid-fields.ts';

/** The largest list of words in bytes. */
export const maxWordListBytes = 8 * 2 ** 20;

/** A list of words, one per line, with its SHA-256 in hexadecimal. */
export interface WordList {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** A list in JSON as a list in lines. */
export function wordListOf(words: readonly string[]): WordList {
  const bytes = Buffer.from(words.map((word) => `${word}\n`).join(''));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Reads a list in lines. Throws `invalid-request` if it is not UTF-8. */
export async function readWordList(body: AsyncIterable<Uint8Array>): Promise<WordList> {
  const chunks: Uint8Array[] = [];
  const hash = createHash('sha256');
  for await (const chunk of body) {
    chunks.push(chunk);
    hash.update(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw invalidField('/body/vocabulary', 'The vocabulary is not valid UTF-8.');
  return { bytes, sha256: hash.digest('hex') };
}

export function wordListTooLarge(): NgramdError {
  const detail = `The vocabulary has more than ${maxWordListBytes} bytes.`;
  return new NgramdError('content-too-large', detail, [{ pointer: '/body/vocabulary', detail }]);
}
