import { maxNumberBytes, writeNumber } from '../text/number-text.ts';

/** ASCII that is written often, as numbers of eight bytes each; the last one may have bytes beyond its length. */
export interface Piece {
  readonly words: Float64Array;
  readonly length: number;
}

/** A piece of ASCII. */
export function piece(text: string): Piece {
  const bytes = Buffer.from(text.padEnd(wordBytes * Math.ceil(text.length / wordBytes)));
  const words = Float64Array.from({ length: bytes.length / wordBytes }, (_, i) =>
    bytes.readDoubleLE(wordBytes * i),
  );
  return { words, length: text.length };
}

/**
 * Writes a piece at byte `at`; returns its end. Up to `slack` bytes beyond it are overwritten, for which there must be
 * room.
 */
export function writePiece({ words, length }: Piece, view: DataView, at: number): number {
  for (let i = 0; i < words.length; i++) view.setFloat64(at + wordBytes * i, words[i], true);
  return at + length;
}

const wordBytes = 8;

/** The number of bytes beyond its end that a piece may overwrite, and that may be read after a string. */
export const slack = wordBytes - 1;

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

  /** Appends a piece. */
  piece(piece: Piece): void {
    this.makeRoom(piece.length + slack);
    this.length = writePiece(piece, this.view, this.length);
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

  /**
   * Appends the UTF-8 `from[start, end)` as a string, escaped as `JSON.stringify` does, and leaves `slack` bytes after
   * it.
   */
  string(from: Uint8Array, start: number, end: number): void {
    this.makeRoom(longestEscape * (end - start) + 2 + slack);
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

  /** Appends bytes as they are. */
  copy(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /**
   * Appends other JSON. If it is short, a loop takes less time than a call of `set`, and leaves no garbage. The loop
   * copies the bytes of doubles, none of which is a NaN, whose bits might change: no UTF-8 has 0xff, or 0x7f after 0xf0
   * or more.
   */
  append({ bytes: from, view: source, length }: JsonBytes): void {
    if (length > shortBytes) {
      this.copy(from.subarray(0, length));
      return;
    }
    this.makeRoom(length);
    const { bytes, view, length: start } = this;
    let i = 0;
    for (; i + wordBytes <= length; i += wordBytes) {
      view.setFloat64(start + i, source.getFloat64(i, true), true);
    }
    for (; i < length; i++) bytes[start + i] = from[i];
    this.length = start + length;
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

/** Up to this many bytes are copied in a loop. */
const shortBytes = 2 ** 12;

/** The initial room, so that it is not made in many small steps. */
const initialBytes = 2 ** 14;
/** The bytes of `\u0000`. */
const longestEscape = 6;
const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
