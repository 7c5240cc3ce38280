import { CharScanner } from './char.ts';
import { maxCharactersBytes, type Scanner } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { createUnicodeScanner } from './unicode.ts';
import { CharacterStream, decodeUtf8 } from './utf8.ts';
import { createWhitespaceScanner } from './whitespace.ts';
import { createWordScanner } from './word.ts';

export const tokenizerNames = ['word', 'char', 'unicode', 'whitespace'] as const;

export type TokenizerName = (typeof tokenizerNames)[number];

/**
 * Takes the bytes of a text in chunks. What the sink gets does not depend on where the text was cut into chunks.
 * Both methods throw `invalid-text` where the text is not UTF-8 or a token is longer than 65,535 bytes; offsets in
 * the message are byte offsets in the text.
 */
export interface Tokenizer {
  write(chunk: Uint8Array): void;
  end(): void;
}

/** A tokenizer for one text. A byte order mark at the beginning of the text is no part of it. */
export function createTokenizer(name: TokenizerName, sink: TokenSink): Tokenizer {
  return new TextTokenizer(scanners[name](sink), sink);
}

/** The tokens of a text, across all of its lines. */
export function tokenize(name: TokenizerName, text: string): string[] {
  const tokens: string[] = [];
  const tokenizer = createTokenizer(name, {
    token: (bytes, start, end) => tokens.push(decodeUtf8(bytes, start, end)),
    lineEnd() {},
  });
  tokenizer.write(Buffer.from(text));
  tokenizer.end();
  return tokens;
}

const scanners: Record<TokenizerName, (sink: TokenSink) => Scanner> = {
  word: createWordScanner,
  char: (sink) => new CharScanner(sink),
  unicode: createUnicodeScanner,
  whitespace: createWhitespaceScanner,
};

class TextTokenizer implements Tokenizer {
  readonly #characters = new CharacterStream();
  readonly #scanner: Scanner;
  readonly #sink: TokenSink;
  #lineIsOpen = false;

  constructor(scanner: Scanner, sink: TokenSink) {
    this.#scanner = scanner;
    this.#sink = sink;
  }

  write(chunk: Uint8Array): void {
    const step = maxCharactersBytes - maxUnfinishedBytes;
    for (let at = 0; at < chunk.length; at += step) this.#writePart(chunk.subarray(at, at + step));
  }

  end(): void {
    this.#characters.end();
    this.#scanner.end();
    if (this.#lineIsOpen) this.#sink.lineEnd();
  }

  #writePart(part: Uint8Array): void {
    const { offset } = this.#characters;
    const characters = this.#characters.write(part);
    const skipped = offset === 0 && beginsWithByteOrderMark(characters) ? byteOrderMark.length : 0;
    if (characters.length === skipped) return;
    this.#scanner.write(characters.subarray(skipped), offset + skipped);
    this.#lineIsOpen = characters.at(-1) !== lineFeed;
  }
}

/** What a `CharacterStream` keeps back at most. */
const maxUnfinishedBytes = 3;
const lineFeed = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];

function beginsWithByteOrderMark(characters: Uint8Array): boolean {
  return byteOrderMark.every((byte, i) => characters[i] === byte);
}
