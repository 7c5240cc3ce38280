import { NgramdError } from '../../errors.ts';
import type { Scanner, ScannerState } from '../stretches.ts';
import type { TokenSink } from '../token-sink.ts';
import { decodeUtf8 } from '../utf8.ts';
import { writeName } from './byte-names.ts';
import { BytePairs } from './byte-pairs.ts';
import { lastCut } from './cuts.ts';
import { type EncodingName, encodings } from './encodings.ts';
import { MergedPieces } from './merged-pieces.ts';
import { readTokens, type TokenBytes } from './token-file.ts';

/**
 * The most bytes of a text without a place where it can be cut: white space before a word, or the end of letters or
 * digits.
 */
const maxUncutBytes = 2 ** 20;

/** An encoding whose tokens have been read. */
interface LoadedEncoding {
  readonly tokens: TokenBytes;
  readonly pieces: MergedPieces;
}

const loaded = new Map<EncodingName, LoadedEncoding>();

/** The tokens of an encoding, which are read when they are used first in a thread. */
export function loadEncoding(name: EncodingName): LoadedEncoding {
  let encoding = loaded.get(name);
  if (encoding === undefined) {
    const tokens = readTokens(name);
    encoding = { tokens, pieces: new MergedPieces(new BytePairs(tokens)) };
    loaded.set(name, encoding);
  }
  return encoding;
}

/** Room for the name of a token; the longest has 128 bytes. */
const room = new Uint8Array(1024);

/**
 * Emits the names of the tokens of an encoding. If the text is of lines, these are texts of their own, without their
 * ends; otherwise line ends are in tokens as other characters are.
 */
export class PieceScanner implements Scanner {
  readonly #encoding: LoadedEncoding;
  readonly #pieces: RegExp;
  readonly #sink: TokenSink;
  readonly #isOfLines: boolean;
  readonly #take: (id: number) => void;
  /** What has arrived and cannot be tokenized yet, and its byte offset in the text. */
  #pending: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(name: EncodingName, sink: TokenSink, isOfLines: boolean) {
    const encoding = loadEncoding(name);
    const { bytes, ends } = encoding.tokens;
    this.#encoding = encoding;
    this.#pieces = encodings[name].pieces;
    this.#sink = sink;
    this.#isOfLines = isOfLines;
    this.#take = (id) => sink.token(room, 0, writeName(bytes, ends[id], ends[id + 1], room));
  }

  write(characters: Uint8Array, offset: number): void {
    const before = this.#pending.length;
    const bytes = before === 0 ? characters : Buffer.concat([this.#pending, characters]);
    const text = decodeUtf8(bytes, 0, bytes.length);
    let at = 0;
    let start = 0;
    if (this.#isOfLines) {
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        at = this.#tokenize(withoutReturn(text.slice(start, end)), bytes, at);
        // The line feed, and a carriage return before it.
        at += text.charCodeAt(end - 1) === carriageReturn && end > start ? 2 : 1;
        this.#sink.lineEnd();
        start = end + 1;
      }
    }
    const rest = start === 0 ? text : text.slice(start);
    at = this.#tokenize(rest.slice(0, lastCut(rest)), bytes, at);
    if (at > 0 || before === 0) this.#offset = offset - before + at;
    this.#pending = Uint8Array.from(bytes.subarray(at));
    if (this.#pending.length <= maxUncutBytes) return;
    throw new NgramdError(
      'invalid-text',
      `The text has more than ${maxUncutBytes} bytes after byte offset ${this.#offset} without a place where a tokenizer of byte pairs can cut it, such as white space between words.`,
    );
  }

  end(): void {
    const bytes = this.#pending;
    this.#pending = new Uint8Array(0);
    const text = decodeUtf8(bytes, 0, bytes.length);
    this.#tokenize(this.#isOfLines ? withoutReturn(text) : text, bytes, 0);
  }

  state(): ScannerState {
    return { bytes: this.#pending, offset: this.#offset };
  }

  resume({ bytes, offset }: ScannerState): void {
    this.#pending = bytes;
    this.#offset = offset;
  }

  /** Emits the tokens of a text whose UTF-8 begins at `bytes[at]`; returns where it ends. */
  #tokenize(text: string, bytes: Uint8Array, at: number): number {
    const pieces = this.#pieces;
    const merged = this.#encoding.pieces;
    const { length } = text;
    let start = at;
    let from = 0;
    while (from < length) {
      pieces.lastIndex = from;
      // Every character is in a piece.
      pieces.test(text);
      const to = pieces.lastIndex;
      const end = start + utf8Length(text, from, to);
      merged.merge(bytes, start, end, this.#take);
      start = end;
      from = to;
    }
    return start;
  }
}

const carriageReturn = 0x0d;

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** The number of bytes of the UTF-8 of a part of a text. */
function utf8Length(text: string, from: number, to: number): number {
  let length = to - from;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    // A surrogate is half of a character of four bytes.
    length += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return length;
}
