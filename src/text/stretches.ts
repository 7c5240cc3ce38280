import { NgramdError } from '../errors.ts';
import type { TokenSink } from './token-sink.ts';

/** The maximum length of a token in bytes. */
export const maxTokenBytes = 65_535;

/** The maximum length in bytes of the `characters` passed to one call of `Scanner.write`. */
export const maxCharactersBytes = 65_536;

/** Turns well-formed UTF-8 into tokens: the part in which tokenizers differ. */
export interface Scanner {
  /** Takes the next whole characters of the text; `offset` is the byte offset in the text at which they begin. */
  write(characters: Uint8Array, offset: number): void;
  end(): void;
  /** Its state between two calls of `write`. */
  state(): ScannerState;
  /** Continues from the state of another scanner of the same kind. */
  resume(state: ScannerState): void;
}

/** The state of a scanner: bytes of its own format, of a stretch that begins at `offset` in the text. */
export interface ScannerState {
  bytes: Uint8Array;
  offset: number;
}

/** The classes of bytes for a `StretchScanner`. */
export const ByteClass = { inside: 0, separator: 1, lineFeed: 2, maybeSeparator: 3 } as const;

/** The separators between stretches. */
export interface Separators {
  /** The result of `readBytesAs`. */
  readAs: Uint16Array;
  /** The length of the separator at `at`, where the byte has the class `maybeSeparator`; 0 if none begins there. */
  length?(bytes: Uint8Array, at: number): number;
}

/**
 * For each byte, the byte it is read as (by default itself) with its class in the bits above: one look-up gives both.
 */
export function readBytesAs(classes: Uint8Array, fold?: Uint8Array): Uint16Array {
  return Uint16Array.from(classes, (byteClass, byte) => (byteClass << 8) | (fold?.[byte] ?? byte));
}

/**
 * Called with `bytes[start, end)`, the first `maxTokenBytes` + 1 bytes of a stretch that is longer than a token may be.
 * Consumes at least one of them and returns how many; `offset` is the byte offset in the text at which they begin.
 */
export type CutStretch = (bytes: Uint8Array, start: number, end: number, offset: number) => number;

/** The buffer's initial size in bytes: small enough for the engine to allocate it on the heap, for short texts. */
const shortStretch = 64;

/** Emits the maximal stretches of a text without separators as tokens. */
export class StretchScanner implements Scanner {
  readonly #readAs: Uint16Array;
  readonly #separatorLength: (bytes: Uint8Array, at: number) => number;
  readonly #sink: TokenSink;
  readonly #cut: CutStretch;
  /** The unfinished stretch at the end of the previous characters, followed by the next characters. */
  #buffer = new Uint8Array(shortStretch);
  #unfinished = 0;
  /** The byte offset in the text at which the unfinished stretch begins. */
  #offset = 0;

  constructor({ readAs, length = () => 0 }: Separators, sink: TokenSink, cut: CutStretch = refuseToken) {
    this.#readAs = readAs;
    this.#separatorLength = length;
    this.#sink = sink;
    this.#cut = cut;
  }

  write(characters: Uint8Array, offset: number): void {
    const { lineFeed, maybeSeparator } = ByteClass;
    const readAs = this.#readAs;
    const sink = this.#sink;
    const unfinished = this.#unfinished;
    const { length } = characters;
    const buffer = this.#makeRoom(length);
    let start = 0;
    for (let at = 0; at < length; at++) {
      const read = readAs[characters[at]];
      // The array stores the byte it is read as, without the class.
      buffer[unfinished + at] = read;
      if (read < 0x100) continue;
      const byteClass = read >>> 8;
      const separatorLength = byteClass === maybeSeparator ? this.#separatorLength(characters, at) : 1;
      if (separatorLength === 0) continue;
      const end = unfinished + at;
      if (end - start > maxTokenBytes) start = this.#shorten(start, end, offset);
      if (end > start) sink.token(buffer, start, end);
      if (byteClass === lineFeed) sink.lineEnd();
      start = end + separatorLength;
      at += separatorLength - 1;
    }
    const end = unfinished + length;
    if (end - start > maxTokenBytes) start = this.#shorten(start, end, offset);
    if (start > 0 || unfinished === 0) this.#offset = this.#offsetOf(start, offset);
    // While the stretch only grows, moving it onto itself would take time quadratic in its length.
    if (start > 0) buffer.copyWithin(0, start, end);
    this.#unfinished = end - start;
  }

  /** The byte offset in the text of the buffer's byte `at`, while the characters at `offset` are being taken. */
  #offsetOf(at: number, offset: number): number {
    return at < this.#unfinished ? this.#offset + at : offset + at - this.#unfinished;
  }

  end(): void {
    if (this.#unfinished > 0) this.#sink.token(this.#buffer, 0, this.#unfinished);
    this.#unfinished = 0;
  }

  state(): ScannerState {
    return { bytes: this.#buffer.slice(0, this.#unfinished), offset: this.#offset };
  }

  resume({ bytes, offset }: ScannerState): void {
    this.#unfinished = 0;
    this.#makeRoom(bytes.length).set(bytes);
    this.#unfinished = bytes.length;
    this.#offset = offset;
  }

  /** The buffer, with room for `more` bytes after the unfinished stretch. */
  #makeRoom(more: number): Uint8Array {
    const length = this.#unfinished + more;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(2 * length, maxTokenBytes + maxCharactersBytes));
      larger.set(this.#buffer.subarray(0, this.#unfinished));
      this.#buffer = larger;
    }
    return this.#buffer;
  }

  /** Cuts the stretch until it is no longer than a token may be; returns the start of the rest. */
  #shorten(start: number, end: number, offset: number): number {
    let from = start;
    while (end - from > maxTokenBytes) {
      from += this.#cut(this.#buffer, from, from + maxTokenBytes + 1, this.#offsetOf(from, offset));
    }
    return from;
  }
}

/** The error for a token longer than `maxTokenBytes`; `where` completes the sentence. */
export function tokenTooLong(where: string): NgramdError {
  return new NgramdError('invalid-text', `A token may be at most ${maxTokenBytes} bytes long; ${where}`);
}

function refuseToken(_bytes: Uint8Array, _start: number, _end: number, offset: number): never {
  throw tokenTooLong(`the one that begins at byte offset ${offset} is longer.`);
}
