import { isUtf8 } from 'node:buffer';
import { NgramdError } from '../errors.ts';

const nothing = new Uint8Array(0);

/**
 * Checks the UTF-8 of a text that arrives in chunks, and returns it in pieces of whole characters. Offsets are byte
 * offsets in the whole text.
 */
export class CharacterStream {
  #unfinished: Uint8Array;
  #offset: number;

  /** Continues where another stream stopped, with its `offset` and `unfinished`. */
  constructor(offset = 0, unfinished: Uint8Array = nothing) {
    this.#offset = offset;
    this.#unfinished = unfinished;
  }

  /** The offset of the first byte that has not been returned. */
  get offset(): number {
    return this.#offset;
  }

  /** The first bytes of a character whose remaining bytes have not arrived; at most three. */
  get unfinished(): Uint8Array {
    return this.#unfinished;
  }

  /**
   * Takes the next bytes of the text and returns its next whole characters (a view of `chunk` where possible). Throws
   * `invalid-text` with the offset of the first byte of the first ill-formed sequence.
   */
  write(chunk: Uint8Array): Uint8Array {
    const bytes = this.#unfinished.length === 0 ? chunk : Buffer.concat([this.#unfinished, chunk]);
    const unfinished = unfinishedLength(bytes);
    const length = bytes.length - unfinished;
    const characters = unfinished === 0 ? bytes : bytes.subarray(0, length);
    if (!isUtf8(characters)) throw illFormedText(this.#offset + findIllFormed(characters));
    this.#unfinished = unfinished === 0 ? nothing : Uint8Array.from(bytes.subarray(length));
    this.#offset += length;
    return characters;
  }

  /** Ends the text; another can begin. Throws `invalid-text` if it ends inside a character. */
  end(): void {
    if (this.#unfinished.length > 0) throw illFormedText(this.#offset);
    this.#offset = 0;
  }
}

/** The text of `bytes[start, end)`, which must be well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** The index of the first byte of the first ill-formed sequence (Unicode, table 3-7); -1 if there is none. */
export function findIllFormed(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes[i]);
    if (length === 0 || !hasContinuation(bytes, i, length)) return i;
    i += length;
  }
  return -1;
}

function illFormedText(offset: number): NgramdError {
  return new NgramdError(
    'invalid-text',
    `The text is not valid UTF-8 at byte offset ${offset}. Convert it to UTF-8 first, for example with iconv.`,
  );
}

/** The number of bytes at the end that belong to an incomplete sequence; 0 to 3. */
export function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (!isContinuation(byte)) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** The length of the sequence that begins with `lead`; 0 if none does. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function hasContinuation(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 1; i < length; i++) if (!isContinuation(bytes[at + i])) return false;
  const second = bytes[at + 1];
  switch (bytes[at]) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second < 0xa0;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second < 0x90;
    default:
      return true;
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
