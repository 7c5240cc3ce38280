import { createHash } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import type { SharedTokenizerJson } from '../../ingest/ingest.ts';
import { maxTokenizerBytes } from '../../text/tokenizer-json/tokenizer-file.ts';

/** Reads a tokenizer.json into memory that threads share. */
export async function readTokenizerJson(body: AsyncIterable<Uint8Array>): Promise<SharedTokenizerJson> {
  const hash = createHash('sha256');
  let bytes = new Uint8Array(new SharedArrayBuffer(2 ** 20));
  let length = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    if (length + chunk.length > bytes.length) {
      const larger = new Uint8Array(new SharedArrayBuffer(Math.max(2 * bytes.length, length + chunk.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return { sha256: hash.digest('hex'), json: bytes.subarray(0, length) };
}

export function tokenizerTooLarge(): NgramdError {
  const detail = `The tokenizer.json has more than ${maxTokenizerBytes} bytes.`;
  return new NgramdError('content-too-large', detail, [{ pointer: '/body/tokenizer', detail }]);
}
