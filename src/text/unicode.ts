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
 * finds in the text in Normalization Form C, in lower case; a Chinese character is a word of its own. White space is a
 * boundary whatever is next to it, so each stretch between is segmented by itself.
 */
export function createUnicodeScanner(sink: TokenSink, locale?: string): Scanner {
  const language = languageOf(locale);
  return new UnicodeStretches(language, {
    token: (bytes, start, end) => language.stretches.emit(bytes, start, end, sink),
    lineEnd: () => sink.lineEnd(),
  });
}

/** Finds words by the rules of a locale, and remembers those of stretches. */
export interface Language {
  finder: WordFinder;
  stretches: SegmentedStretches;
}

/** What is kept for all texts of the thread in a locale, or in none. */
export function languageOf(locale: string | undefined): Language {
  const key = locale ?? '';
  let language = languages.get(key);
  if (language === undefined) {
    const finder = new WordFinder(locale);
    language = { finder, stretches: new SegmentedStretches(finder, locale === undefined ? 1 : localeShare) };
  }
  // The one that was used last comes last.
  languages.delete(key);
  languages.set(key, language);
  if (languages.size > maxLanguages) languages.delete(languages.keys().next().value as string);
  return language;
}

const languages = new Map<string, Language>();
/** There are at most so many, of which each locale remembers only a share of what is remembered without one. */
const maxLanguages = 16;
const localeShare = 1 / 8;

/**
 * Hands on stretches of a text that have the words of the whole when each is segmented by itself, as tokens. They are
 * without the characters that are no part of words, and at most 65,535 bytes long.
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
 * How much of the beginning of a stretch that is too long can be segmented before the rest is known, in bytes; 0 where it
 * is all one word.
 */
function completeLength(finder: WordFinder, beginning: Uint8Array): number {
  const text = decodeUtf8(beginning, 0, beginning.length - unfinishedLength(beginning));
  return Buffer.byteLength(text.slice(0, finder.cut(text)));
}
