import { NgramdError } from '../errors.ts';

/** The longest token, in bytes. */
export const maxTokenBytes = 65_535;

/** Collects the bytes of the token that is being read. */
export class TokenBuffer {
  bytes = new Uint8Array(64);
  length = 0;

  push(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(this.length + 1);
    this.bytes[this.length++] = byte;
  }

  /** Adds bytes[start, end). */
  append(bytes: Uint8Array, start: number, end: number): void {
    const { length } = this;
    if (length + end - start > this.bytes.length) this.#grow(length + end - start);
    for (let i = start; i < end; i++) this.bytes[length + i - start] = bytes[i];
    this.length += end - start;
  }

  #grow(length: number): void {
    if (length > maxTokenBytes) throw tokenTooLong();
    const larger = new Uint8Array(length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** The error about a token of more than `maxTokenBytes`. */
export function tokenTooLong(): NgramdError {
  return new NgramdError(
    'invalid-text',
    `The text has a token of more than ${maxTokenBytes} bytes: it may not be text, or not be meant for this tokenizer.`,
  );
}
