import { maxNumberBytes, writeNumber } from '../text/number-text.ts';

/** JSON as UTF-8 that is written piece by piece. */
export class JsonBytes {
  /** The bytes written, followed by free ones. */
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  length = 0;

  /** Writes into `memory`, and into larger memory when that is full. */
  constructor(memory = new ArrayBuffer(initialBytes)) {
    this.bytes = new Uint8Array(memory);
    this.view = new DataView(memory);
  }

  /** Appends ASCII. */
  text(text: string): void {
    this.makeRoom(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** Appends a number as `JSON.stringify` writes it: null if it is not finite. */
  number(x: number): void {
    if (!Number.isFinite(x)) {
      this.text('null');
      return;
    }
    this.makeRoom(maxNumberBytes);
    this.length = writeNumber(x, this.view, this.length);
  }

  /** Appends the UTF-8 `from[start, end)` as a string, escaped as `JSON.stringify` does. */
  string(from: Uint8Array, start: number, end: number): void {
    this.makeRoom(longestEscape * (end - start) + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = quote;
    for (let i = start; i < end; i++) {
      const byte = from[i];
      if (byte >= space && byte !== quote && byte !== backslash) bytes[at++] = byte;
      else {
        const escaped = JSON.stringify(String.fromCharCode(byte));
        for (let j = 1; j < escaped.length - 1; j++) bytes[at++] = escaped.charCodeAt(j);
      }
    }
    bytes[at++] = quote;
    this.length = at;
  }

  /** Appends `from[start, end)` as it is. */
  copy(from: Uint8Array, start: number, end: number): void {
    this.makeRoom(end - start);
    const { bytes } = this;
    bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** The bytes written so far, in memory of their own; what is written afterwards begins anew. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  /** Makes room for this many more bytes. */
  makeRoom(more: number): void {
    const length = this.length + more;
    if (length <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** The initial room, so that it is not made in many small steps. */
const initialBytes = 2 ** 14;
/** The bytes of `\u0000`. */
const longestEscape = 6;
const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
