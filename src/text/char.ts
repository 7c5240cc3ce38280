import type { Scanner, ScannerState } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { lowerCase } from './word.ts';

/**
 * Tokens are the letters A–Z and a–z, lower-cased, and one space for each run of other characters with letters on both
 * sides in the same line.
 */
export class CharScanner implements Scanner {
  readonly #sink: TokenSink;
  #afterLetter = false;
  #afterGap = false;

  constructor(sink: TokenSink) {
    this.#sink = sink;
  }

  write(characters: Uint8Array): void {
    const sink = this.#sink;
    for (let i = 0; i < characters.length; i++) {
      const byte = characters[i];
      const letter = lowerCase[byte];
      if (letter !== 0) {
        if (this.#afterGap) sink.token(everyByte, space, space + 1);
        sink.token(everyByte, letter, letter + 1);
        this.#afterLetter = true;
        this.#afterGap = false;
      } else if (byte === lineFeed) {
        this.end();
        sink.lineEnd();
      } else {
        this.#afterGap = this.#afterLetter;
      }
    }
  }

  end(): void {
    this.#afterLetter = false;
    this.#afterGap = false;
  }

  state(): ScannerState {
    return { bytes: Uint8Array.of(Number(this.#afterLetter), Number(this.#afterGap)), offset: 0 };
  }

  resume({ bytes: [afterLetter, afterGap] }: ScannerState): void {
    this.#afterLetter = afterLetter === 1;
    this.#afterGap = afterGap === 1;
  }
}

const lineFeed = 0x0a;
const space = 0x20;
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
