import { NgramdError } from '../../errors.ts';
import type { Scanner, ScannerState } from '../stretches.ts';
import type { TokenSink } from '../token-sink.ts';
import { decodeUtf8 } from '../utf8.ts';
import { lastCutOf } from './cuts.ts';
import type { LoadedTokenizer } from './loaded.ts';

/** The most bytes of a text without a place where it can be cut. */
const maxUncutBytes = 2 ** 20;

/**
 * Emits the names of the tokens of a tokenizer.json. If the text is of lines, these are texts of their own, without
 * their ends; otherwise line ends are read as other characters are.
 */
export class FileScanner implements Scanner {
  readonly #tokenizer: LoadedTokenizer;
  readonly #isOfLines: boolean;
  readonly #sink: TokenSink;
  readonly #take: (id: number) => void;
  /** What has arrived and cannot be tokenized yet, and its byte offset in the text. */
  #pending: Uint8Array = new Uint8Array(0);
  #offset = 0;
  /** Whether what is pending continues a text, a part of which has been tokenized. */
  #continues = false;

  constructor(tokenizer: LoadedTokenizer, sink: TokenSink, isOfLines: boolean) {
    const { bytes, ends } = tokenizer.names;
    this.#tokenizer = tokenizer;
    this.#isOfLines = isOfLines;
    this.#sink = sink;
    this.#take = (id) => sink.token(bytes, ends[id], ends[id + 1]);
  }

  write(characters: Uint8Array, offset: number): void {
    const before = this.#pending.length;
    const bytes = before === 0 ? characters : Buffer.concat([this.#pending, characters]);
    let start = 0;
    if (this.#isOfLines) {
      for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
        this.#end(decodeUtf8(bytes, start, end));
        this.#sink.lineEnd();
        start = end + 1;
      }
    }
    const text = decodeUtf8(bytes, start, bytes.length);
    const cut = lastCutOf(this.#tokenizer.cuts, text);
    if (cut > 0) {
      const part = text.slice(0, cut);
      this.#tokenizer.tokenize(part, { continues: this.#continues, goesOn: true }, this.#take);
      this.#continues = true;
      start += Buffer.byteLength(part);
    }
    if (start > 0 || before === 0) this.#offset = offset - before + start;
    this.#pending = Uint8Array.from(bytes.subarray(start));
    if (this.#pending.length <= maxUncutBytes) return;
    throw new NgramdError(
      'invalid-text',
      `The text has more than ${maxUncutBytes} bytes after byte offset ${this.#offset} without a place where its tokenizer lets it be cut, such as a space after a word. Some tokenizers let no text be cut: with sequences=line, each line is a text of its own.`,
    );
  }

  end(): void {
    const bytes = this.#pending;
    this.#pending = new Uint8Array(0);
    this.#end(decodeUtf8(bytes, 0, bytes.length));
  }

  /** Its `bytes` begin with 1 where they continue a text, or else 0. */
  state(): ScannerState {
    return {
      bytes: Buffer.concat([Buffer.of(Number(this.#continues)), this.#pending]),
      offset: this.#offset,
    };
  }

  resume({ bytes, offset }: ScannerState): void {
    this.#continues = bytes[0] === 1;
    this.#pending = bytes.subarray(1);
    this.#offset = offset;
  }

  /** Tokenizes the last part of a text; the next begins another. */
  #end(rest: string): void {
    const text = this.#isOfLines && rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    this.#tokenizer.tokenize(text, { continues: this.#continues, goesOn: false }, this.#take);
    this.#continues = false;
  }
}

/** The state of a scanner after a part of a text that ended at a cut. */
export const continuedState: ScannerState = { bytes: Uint8Array.of(1), offset: 0 };

const lineFeed = 0x0a;
