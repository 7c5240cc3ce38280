import { NgramdError } from '../../errors.ts';
import type { Scanner, ScannerState } from '../stretches.ts';
import type { TokenSink } from '../token-sink.ts';
import { decodeUtf8 } from '../utf8.ts';

/** What stands between ids: white space, and the commas and brackets of lists in JSON. */
const isSeparator = Uint8Array.from({ length: 256 }, (_, byte) =>
  ' \t\r\v\f,[]'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

const lineFeed = 0x0a;
const zero = 0x30;

/** The most bytes of an id, with leading zeros. */
const mostDigits = 20;

/**
 * Reads ids of tokens, in decimal, as the tokens of a text. Throws `invalid-text`, with the line, for what is none and
 * for ids that are not below a number.
 */
export class IdScanner implements Scanner {
  readonly #ids: number;
  readonly #sink: TokenSink;
  /** The bytes of the id that has begun, and its value, NaN where it is none. */
  readonly #digits = new Uint8Array(mostDigits);
  #length = 0;
  #id = 0;
  #line = 1;

  constructor(ids: number, sink: TokenSink) {
    this.#ids = ids;
    this.#sink = sink;
  }

  write(characters: Uint8Array): void {
    for (const byte of characters) {
      if (byte === lineFeed) {
        this.#end();
        this.#line++;
        this.#sink.lineEnd();
      } else if (isSeparator[byte] === 1) this.#end();
      else this.#add(byte);
    }
  }

  end(): void {
    this.#end();
    this.#line = 1;
  }

  /** Its `offset` is the number of the line. */
  state(): ScannerState {
    return { bytes: this.#digits.slice(0, this.#length), offset: this.#line };
  }

  resume({ bytes, offset }: ScannerState): void {
    for (const byte of bytes) this.#add(byte);
    this.#line = offset;
  }

  #add(byte: number): void {
    const digit = byte - zero;
    this.#id = digit >= 0 && digit <= 9 ? 10 * this.#id + digit : Number.NaN;
    if (this.#length === mostDigits) throw this.#refusal();
    this.#digits[this.#length++] = byte;
  }

  #end(): void {
    if (this.#length === 0) return;
    if (!(this.#id < this.#ids)) throw this.#refusal();
    let start = 0;
    while (start < this.#length - 1 && this.#digits[start] === zero) start++;
    this.#sink.token(this.#digits, start, this.#length);
    this.#length = 0;
    this.#id = 0;
  }

  #refusal(): NgramdError {
    const shown = JSON.stringify(decodeUtf8(this.#digits, 0, this.#length));
    return new NgramdError(
      'invalid-text',
      `Line ${this.#line} has ${shown}, which is not an id of this corpus: ids are whole numbers below ${this.#ids} (vocabulary_ids), with white space or commas between them.`,
    );
  }
}
