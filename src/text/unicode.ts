import { eachNotIgnored } from './ignored.ts';
import { SegmentedStretches } from './segmented-stretches.ts';
import {
  type CutStretch,
  type Scanner,
  type ScannerState,
  StretchScanner,
  tokenTooLong,
} from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { decodeUtf8, unfinishedLength } from './utf8.ts';
import { whiteSpace } from './whitespace.ts';
import { WordFinder } from './word-finder.ts';

/**
 * Tokens are the words that Unicode's word segmentation (UAX #29, with dictionaries for the scripts without spaces)
 * finds in the text in Normalization Form C, lower-cased; a Chinese character is a word of its own. White space is
 * always a boundary, so each stretch between white space is segmented separately.
 */
export function createUnicodeScanner(sink: TokenSink, locale?: string): Scanner {
  return wordScanner(languageOf(locale), sink);
}

/** Emits the words of a language. */
export function wordScanner(language: Language, sink: TokenSink): Scanner {
  return new UnicodeStretches(language, {
    token: (bytes, start, end) => language.stretches.emit(bytes, start, end, sink),
    lineEnd: () => sink.lineEnd(),
  });
}

/** Finds words by the rules of a locale, and caches the words of stretches. */
export interface Language {
  finder: WordFinder;
  stretches: SegmentedStretches;
}

/** The word finder and cache of a locale, or of no locale, shared by all texts of this thread. */
export function languageOf(locale: string | undefined): Language {
  const key = locale ?? '';
  let language = languages.get(key);
  if (language === undefined) {
    const finder = new WordFinder(locale);
    language = { finder, stretches: new SegmentedStretches(finder, locale === undefined ? 1 : localeShare) };
  }
  // The most recently used one comes last.
  languages.delete(key);
  languages.set(key, language);
  if (languages.size > maxLanguages) languages.delete(languages.keys().next().value as string);
  return language;
}

const languages = new Map<string, Language>();
/** The maximum number of languages; the cache of a locale is this fraction of the size of the cache without one. */
const maxLanguages = 16;
const localeShare = 1 / 8;

/**
 * Emits, as tokens, stretches of a text that have the same words as the whole when each is segmented separately. They do
 * not contain ignored characters, and are at most 65,535 bytes long.
 */
export class UnicodeStretches implements Scanner {
  readonly #scanner: StretchScanner;

  constructor({ finder }: Language, sink: TokenSink) {
    const cut: CutStretch = (bytes, start, end, offset) => {
      const length = completeLength(finder, bytes.subarray(start, end));
      if (length === 0) throw tokenTooLong(`the one that begins at byte offset ${offset} is longer.`);
      sink.token(bytes, start, start + length);
      return length;
    };
    this.#scanner = new StretchScanner(whiteSpace, sink, cut);
  }

  write(characters: Uint8Array, offset: number): void {
    eachNotIgnored(characters, (start, end) =>
      this.#scanner.write(characters.subarray(start, end), offset + start),
    );
  }

  end(): void {
    this.#scanner.end();
  }

  state(): ScannerState {
    return this.#scanner.state();
  }

  resume(state: ScannerState): void {
    this.#scanner.resume(state);
  }
}

/**
 * The number of bytes at the beginning of a stretch that is too long which can be segmented before the rest is known; 0
 * if all of it is one word.
 */
function completeLength(finder: WordFinder, beginning: Uint8Array): number {
  const text = decodeUtf8(beginning, 0, beginning.length - unfinishedLength(beginning));
  return Buffer.byteLength(text.slice(0, finder.cut(text)));
}
