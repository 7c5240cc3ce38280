import { byteOrderMark, hasByteOrderMark } from './byte-order-mark.ts';
import { CharScanner } from './char.ts';
import { chineseLanguage } from './jieba.ts';
import { maxCharactersBytes, type Scanner, type ScannerState } from './stretches.ts';
import { type EncodingName, encodingNames, encodings, isEncoding } from './subwords/encodings.ts';
import { IdScanner } from './subwords/id-scanner.ts';
import { encodingTokens, isEncodingToken } from './subwords/own-tokens.ts';
import { PieceScanner } from './subwords/piece-scanner.ts';
import type { TokenSink } from './token-sink.ts';
import { tokenOf } from './token-table.ts';
import { continuedState, FileScanner } from './tokenizer-json/file-scanner.ts';
import { loadedTokenizer, type TokenizerDefinition } from './tokenizer-json/loaded.ts';
import { createUnicodeScanner, wordScanner } from './unicode.ts';
import { CharacterStream, decodeUtf8 } from './utf8.ts';
import { createWhitespaceScanner, type SpacedSettings, whiteSpaceOf } from './whitespace.ts';
import { createWordScanner } from './word.ts';

/** The tokenizers of words and of letters, whose tokens a corpus numbers itself. */
export const wordTokenizers = ['word', 'char', 'unicode', 'whitespace'] as const;

/** The tokenizers whose tokens have ids of their own. */
const idTokenizers = [...encodingNames, 'huggingface', 'ids'] as const;

export const tokenizerNames = [...wordTokenizers, 'jieba', ...idTokenizers] as const;

export type TokenizerName = (typeof tokenizerNames)[number];

/**
 * Takes the bytes of a text in chunks. The tokens do not depend on how the text was cut into chunks. After `end` another
 * text can begin. Both methods throw `invalid-text` if the text is not UTF-8 or a token is longer than 65,535 bytes;
 * offsets in the message are byte offsets in the text.
 */
export interface Tokenizer {
  write(chunk: Uint8Array): void;
  end(): void;
  /** Its state between two chunks. */
  state(): TokenizerState;
}

/** The state of a tokenizer within a text, from which another one can continue, also in another thread. */
export interface TokenizerState {
  /** The offset of the next character in the text, in bytes. */
  offset: number;
  /** The first bytes of a character whose remaining bytes have not arrived. */
  unfinished: Uint8Array;
  lineIsOpen: boolean;
  scanner: ScannerState;
}

/** How the texts of a corpus are split into tokens. */
export interface TokenizerSettings extends SpacedSettings {
  tokenizer: TokenizerName;
  /** For `unicode`, a BCP 47 tag in canonical form: the language whose rules word boundaries and lower case follow. */
  locale?: string | undefined;
  /** For `jieba`: the dictionary by which words are found, and its version. */
  dictionary?: string | undefined;
  /** For `ids`: how many there are, as `ids` of an object. For `huggingface`, a `TokenizerDefinition`. */
  vocabulary?: object | undefined;
  /** For tokenizers of subwords: whether lines are texts of their own, whose ends are in no token. */
  sequences?: 'document' | 'line' | undefined;
}

/** What ids depend on. */
export type IdSettings = Pick<TokenizerSettings, 'tokenizer' | 'vocabulary'>;

/** What settings say of the tokenizer.json by which texts are tokenized; undefined if they are not. */
export function definitionOf({ tokenizer, vocabulary }: IdSettings): TokenizerDefinition | undefined {
  return tokenizer === 'huggingface' ? (vocabulary as TokenizerDefinition) : undefined;
}

/** Whether the tokens of a tokenizer have ids of its own; if not, a corpus numbers its tokens itself. */
export function hasOwnIds(tokenizer: TokenizerName): boolean {
  return (idTokenizers as readonly string[]).includes(tokenizer);
}

/** How many ids a tokenizer has that are its own, from 0; 0 if a corpus numbers its tokens itself. */
export function ownIds({ tokenizer, vocabulary }: IdSettings): number {
  if (isEncoding(tokenizer)) return encodings[tokenizer].ids;
  return hasOwnIds(tokenizer) ? (vocabulary as { ids: number }).ids : 0;
}

/** The names of the tokens whose ids are a tokenizer's own, by id; none if a corpus numbers its tokens itself. */
export function* ownTokens(settings: IdSettings): Generator<string, void> {
  const definition = definitionOf(settings);
  if (isEncoding(settings.tokenizer)) yield* encodingTokens(settings.tokenizer);
  else if (definition !== undefined) {
    const { names } = loadedTokenizer(definition);
    for (let id = 0; id < names.size; id++) yield tokenOf(names, id);
  } else for (let id = 0; id < ownIds(settings); id++) yield String(id);
}

/** Whether this is the name of a token of a tokenizer that has ids of its own. */
export function isOwnToken(settings: IdSettings, name: string): boolean {
  const definition = definitionOf(settings);
  if (definition !== undefined) return loadedTokenizer(definition).find(name) >= 0;
  return isEncoding(settings.tokenizer) && isEncodingToken(settings.tokenizer, name);
}

/**
 * A tokenizer of texts. `isStart` says whether each text is the beginning of a request's body or of a text in JSON: a
 * byte order mark there is not part of the text. Anywhere else U+FEFF is a character. With `state` it continues that
 * text.
 */
export function createTokenizer(
  settings: TokenizerSettings,
  sink: TokenSink,
  isStart: boolean,
  state?: TokenizerState,
): Tokenizer {
  return new TextTokenizer(scanners[settings.tokenizer](sink, settings), sink, isStart, state);
}

/** The tokens of a part of a text, from all of its lines. */
export function tokenize(settings: TokenizerSettings, text: string): string[] {
  const { tokenizer } = settings;
  const kept = readers[tokenizer];
  const reader = kept?.reads(settings) ? kept : new TextReader(settings);
  // A reader that throws is left in the middle of its text and must not be reused.
  readers[tokenizer] = undefined;
  const tokens = reader.read(text);
  readers[tokenizer] = reader;
  return tokens;
}

/** The tokens of a part of a text that was cut from what is before it, under a tokenizer with ids of its own. */
export function tokenizeContinued(settings: TokenizerSettings, part: string): string[] {
  const definition = definitionOf(settings);
  if (definition === undefined) return tokenize(settings, part);
  const tokens: string[] = [];
  const sink: TokenSink = {
    token: (bytes, start, end) => tokens.push(decodeUtf8(bytes, start, end)),
    lineEnd() {},
  };
  const tokenizer = createTokenizer(settings, sink, false, {
    offset: 0,
    unfinished: new Uint8Array(0),
    lineIsOpen: true,
    scanner: continuedState,
  });
  tokenizer.write(Buffer.from(part));
  tokenizer.end();
  return tokens;
}

/** Reads parts of texts, one after the other. */
class TextReader {
  readonly #settings: TokenizerSettings;
  readonly #tokenizer: Tokenizer;
  #tokens: string[] = [];

  constructor(settings: TokenizerSettings) {
    const sink: TokenSink = {
      token: (bytes, start, end) => this.#tokens.push(decodeUtf8(bytes, start, end)),
      lineEnd() {},
    };
    this.#settings = settings;
    this.#tokenizer = createTokenizer(settings, sink, false);
  }

  /** Whether it reads texts of these settings, which have its tokenizer. */
  reads(settings: TokenizerSettings): boolean {
    const own = this.#settings;
    if (own.locale !== settings.locale || own.dictionary !== settings.dictionary) return false;
    if (whiteSpaceOf(own) !== whiteSpaceOf(settings)) return false;
    if (ownIds(own) !== ownIds(settings)) return false;
    if (definitionOf(own)?.sha256 !== definitionOf(settings)?.sha256) return false;
    return ownIds(own) === 0 || own.sequences === settings.sequences;
  }

  read(text: string): string[] {
    this.#tokens = [];
    this.#tokenizer.write(Buffer.from(text));
    this.#tokenizer.end();
    return this.#tokens;
  }
}

/** One reader per tokenizer, reused because creating one costs about as much as reading the text of a query. */
const readers: Partial<Record<TokenizerName, TextReader | undefined>> = {};

const scanners: Record<TokenizerName, (sink: TokenSink, settings: TokenizerSettings) => Scanner> = {
  word: createWordScanner,
  char: (sink) => new CharScanner(sink),
  unicode: (sink, { locale }) => createUnicodeScanner(sink, locale),
  whitespace: createWhitespaceScanner,
  gpt2: encodingScanner('gpt2'),
  cl100k_base: encodingScanner('cl100k_base'),
  o200k_base: encodingScanner('o200k_base'),
  jieba: (sink, { dictionary }) => wordScanner(chineseLanguage(dictionary), sink),
  huggingface: (sink, settings) =>
    new FileScanner(
      loadedTokenizer(definitionOf(settings) as TokenizerDefinition),
      sink,
      settings.sequences === 'line',
    ),
  ids: (sink, settings) => new IdScanner(ownIds(settings), sink),
};

function encodingScanner(name: EncodingName) {
  return (sink: TokenSink, { sequences }: TokenizerSettings): Scanner =>
    new PieceScanner(name, sink, sequences === 'line');
}

/** Reads texts with a scanner, and reports the end of the last line to `sink`. */
export class TextTokenizer implements Tokenizer {
  readonly #characters: CharacterStream;
  readonly #scanner: Scanner;
  readonly #sink: TokenSink;
  readonly #isStart: boolean;
  #lineIsOpen: boolean;

  constructor(scanner: Scanner, sink: TokenSink, isStart: boolean, state?: TokenizerState) {
    this.#scanner = scanner;
    this.#sink = sink;
    this.#isStart = isStart;
    this.#characters = new CharacterStream(state?.offset, state?.unfinished);
    this.#lineIsOpen = state?.lineIsOpen ?? false;
    if (state !== undefined) scanner.resume(state.scanner);
  }

  write(chunk: Uint8Array): void {
    const step = maxCharactersBytes - maxUnfinishedBytes;
    for (let at = 0; at < chunk.length; at += step) this.#writePart(chunk.subarray(at, at + step));
  }

  end(): void {
    this.#characters.end();
    this.#scanner.end();
    if (this.#lineIsOpen) this.#sink.lineEnd();
    this.#lineIsOpen = false;
  }

  state(): TokenizerState {
    const { offset, unfinished } = this.#characters;
    return { offset, unfinished, lineIsOpen: this.#lineIsOpen, scanner: this.#scanner.state() };
  }

  #writePart(part: Uint8Array): void {
    const { offset } = this.#characters;
    const characters = this.#characters.write(part);
    const skipsMark = this.#isStart && offset === 0 && hasByteOrderMark(characters);
    const skipped = skipsMark ? byteOrderMark.length : 0;
    if (characters.length === skipped) return;
    this.#scanner.write(characters.subarray(skipped), offset + skipped);
    this.#lineIsOpen = characters.at(-1) !== lineFeed;
  }
}

/** The most bytes that a `CharacterStream` holds back. */
const maxUnfinishedBytes = 3;
const lineFeed = 0x0a;
