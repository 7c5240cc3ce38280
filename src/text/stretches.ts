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
}

/** What a byte can be to a `StretchScanner`. */
export const ByteClass = { inside: 0, separator: 1, lineFeed: 2, maybeSeparator: 3 } as const;

/** What separates stretches from each other. */
export interface Separators {
  /** The class of each byte. */
  classes: Uint8Array;
  /** The length of the separator at `at`, a byte of the class `maybeSeparator`; 0 where none begins there. */
  length?(bytes: Uint8Array, at: number): number;
  /** What each byte is read as; itself where undefined. */
  fold?: Uint8Array;
}

/**
 * Takes `bytes[start, end)`, the first `maxTokenBytes` + 1 bytes of a stretch that is longer than a token can be, or
 * as many of them as it likes, and returns how many (at least one); `offset` is where in the text they begin.
 */
export type CutStretch = (bytes: Uint8Array, start: number, end: number, offset: number) => number;

/** The buffer's first size in bytes: so small that the engine keeps it among its own objects, for the texts of queries. */
const shortStretch = 64;

/** Hands on the longest stretches of a text without a separator in them, as tokens. */
export class StretchScanner implements Scanner {
  readonly #classes: Uint8Array;
  readonly #separatorLength: (bytes: Uint8Array, at: number) => number;
  readonly #fold: Uint8Array | undefined;
  readonly #sink: TokenSink;
  readonly #cut: CutStretch;
  /** The stretch that the last characters ended in, and after it the next characters. */
  #buffer = new Uint8Array(shortStretch);
  #unfinished = 0;
  /** Where in the text the buffer begins. */
  #offset = 0;

  constructor(separators: Separators, sink: TokenSink, cut: CutStretch = refuseToken) {
    this.#classes = separators.classes;
    this.#separatorLength = separators.length ?? (() => 0);
    this.#fold = separators.fold;
    this.#sink = sink;
    this.#cut = cut;
  }

  write(characters: Uint8Array, offset: number): void {
    const { inside, lineFeed, maybeSeparator } = ByteClass;
    const classes = this.#classes;
    const sink = this.#sink;
    const length = this.#fill(characters, offset);
    const buffer = this.#buffer;
    let start = 0;
    let i = this.#unfinished;
    while (i < length) {
      const byteClass = classes[buffer[i]];
      if (byteClass === inside) {
        i++;
        continue;
      }
      const separatorLength = byteClass === maybeSeparator ? this.#separatorLength(buffer, i) : 1;
      if (separatorLength === 0) {
        i++;
        continue;
      }
      if (i - start > maxTokenBytes) start = this.#shorten(start, i);
      if (i > start) sink.token(buffer, start, i);
      if (byteClass === lineFeed) sink.lineEnd();
      i += separatorLength;
      start = i;
    }
    if (length - start > maxTokenBytes) start = this.#shorten(start, length);
    buffer.copyWithin(0, start, length);
    this.#unfinished = length - start;
    this.#offset += start;
  }

  end(): void {
    if (this.#unfinished > 0) this.#sink.token(this.#buffer, 0, this.#unfinished);
    this.#unfinished = 0;
  }

  /** Puts the characters behind the unfinished stretch; returns how many bytes are in the buffer then. */
  #fill(characters: Uint8Array, offset: number): number {
    const from = this.#unfinished;
    const length = from + characters.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(2 * length, maxTokenBytes + maxCharactersBytes));
      larger.set(this.#buffer.subarray(0, from));
      this.#buffer = larger;
    }
    const buffer = this.#buffer;
    const fold = this.#fold;
    if (fold === undefined) buffer.set(characters, from);
    else for (let i = 0; i < characters.length; i++) buffer[from + i] = fold[characters[i]];
    this.#offset = offset - from;
    return length;
  }

  /** Cuts the stretch until it is no longer than a token can be; returns where the rest begins. */
  #shorten(start: number, end: number): number {
    let from = start;
    while (end - from > maxTokenBytes) {
      from += this.#cut(this.#buffer, from, from + maxTokenBytes + 1, this.#offset + from);
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
