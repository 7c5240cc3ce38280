import { NgramdError } from '../errors.ts';
import type { TokenSink } from './token-sink.ts';

/** The longest token in bytes. */
export const maxTokenBytes = 65_535;

/** The longest `characters` that `Scanner.write` is given at once, in bytes. */
export const maxCharactersBytes = 65_536;

/** Turns well-formed UTF-8 into tokens; the part of a tokenizer that differs from one to the other. */
export interface Scanner {
  /** Takes the next whole characters of the text; `offset` is where in the text they begin, in bytes. */
  write(characters: Uint8Array, offset: number): void;
  end(): void;
  /** What it remembers of the text between two calls of `write`. */
  state(): ScannerState;
  /** Goes on in the place of another scanner of its kind. */
  resume(state: ScannerState): void;
}

/** What a scanner remembers: bytes as it likes, of a stretch that begins at `offset` of the text. */
export interface ScannerState {
  bytes: Uint8Array;
  offset: number;
}

/** What a byte can be to a `StretchScanner`. */
export const ByteClass = { inside: 0, separator: 1, lineFeed: 2, maybeSeparator: 3 } as const;

/** What separates stretches from each other. */
export interface Separators {
  /** Of `readBytesAs`. */
  readAs: Uint16Array;
  /** The length of the separator at `at`, a byte of the class `maybeSeparator`; 0 where none begins there. */
  length?(bytes: Uint8Array, at: number): number;
}

/** What each byte is read as, by default itself, with its class above that: one look-up tells both. */
export function readBytesAs(classes: Uint8Array, fold?: Uint8Array): Uint16Array {
  return Uint16Array.from(classes, (byteClass, byte) => (byteClass << 8) | (fold?.[byte] ?? byte));
}

/**
 * Takes `bytes[start, end)`, the first `maxTokenBytes` + 1 bytes of a stretch that is longer than a token can be, or
 * as many of them as it likes, and returns how many (at least one); `offset` is where in the text they begin.
 */
export type CutStretch = (bytes: Uint8Array, start: number, end: number, offset: number) => number;

/** The buffer's first size in bytes: so small that the engine keeps it among its own objects, for texts that are short. */
const shortStretch = 64;

/** Hands on the longest stretches of a text without a separator in them, as tokens. */
export class StretchScanner implements Scanner {
  readonly #readAs: Uint16Array;
  readonly #separatorLength: (bytes: Uint8Array, at: number) => number;
  readonly #sink: TokenSink;
  readonly #cut: CutStretch;
  /** The stretch that the last characters ended in, and after it the next characters. */
  #buffer = new Uint8Array(shortStretch);
  #unfinished = 0;
  /** Where in the text the unfinished stretch begins. */
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
      // The array keeps what the byte is read as, without the class.
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
    // Where the stretch only grows, moving it onto itself takes time with the square of its length.
    if (start > 0) buffer.copyWithin(0, start, end);
    this.#unfinished = end - start;
  }

  /** Where in the text the byte at `at` of the buffer stands, while the characters at `offset` are taken. */
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

  /** The buffer, with room for so many bytes behind the unfinished stretch. */
  #makeRoom(more: number): Uint8Array {
    const length = this.#unfinished + more;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(2 * length, maxTokenBytes + maxCharactersBytes));
      larger.set(this.#buffer.subarray(0, this.#unfinished));
      this.#buffer = larger;
    }
    return this.#buffer;
  }

  /** Cuts the stretch until it is no longer than a token can be; returns where the rest begins. */
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
  return new NgramdError('invalid-text', `A token is at most ${maxTokenBytes} bytes long; ${where}`);
}

function refuseToken(_bytes: Uint8Array, _start: number, _end: number, offset: number): never {
  throw tokenTooLong(`the one that begins at byte offset ${offset} is longer.`);
}
