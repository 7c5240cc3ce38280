import { normalForm } from './normal-form.ts';

/** Where a text is cut before a character; see `WordFinder.isBoundary`. */
const Kind = { unknown: 0, other: 1, separate: 2, pictograph: 3, between: 4 } as const;

/** Kinds are kept for the characters below; those above are ideographs and tags. */
const knownKinds = 0x20000;

/** How much text is segmented first to find where a run without a boundary is cut. */
const firstLook = 256;

/**
 * Words as Unicode's word segmentation (UAX #29, with dictionaries for the scripts without spaces) finds them by the
 * rules of a locale.
 */
export class WordFinder {
  readonly #locale: string | undefined;
  readonly #segmenter: Intl.Segmenter;
  #kinds: Uint8Array | undefined;
  readonly #asciiWords: RegExp;

  /** Without a locale by the rules that hold for most languages. */
  constructor(locale?: string) {
    this.#locale = locale;
    // The last locale keeps the machine's own out of the result.
    this.#segmenter = new Intl.Segmenter(locale === undefined ? 'en' : [locale, 'en'], {
      granularity: 'word',
    });
    this.#asciiWords = this.#makeAsciiWords();
  }

  /** The words of a text without white space, in Normalization Form C and in lower case. */
  words(text: string): string[] {
    if (ascii.test(text)) {
      const words = text.match(this.#asciiWords) ?? [];
      return words.filter((word) => word !== '_').map((word) => this.#lowerCase(word));
    }
    const normalized = normalForm(text);
    if (chinese.test(normalized)) return normalized.match(ideograph) ?? [];
    const words: string[] = [];
    for (const { segment, isWordLike } of this.#segmenter.segment(normalized)) {
      if (!isWordLike) continue;
      // Lower case can undo the normalisation: J̌ is two characters, ǰ is one.
      const word = normalForm(this.#lowerCase(segment));
      if (ideographs.test(word)) words.push(...word);
      else words.push(word);
    }
    return words;
  }

  /** The text in Normalization Form C and in lower case, as words are. */
  fold(text: string): string {
    return normalForm(this.#lowerCase(normalForm(text)));
  }

  #lowerCase(text: string): string {
    return this.#locale === undefined ? text.toLowerCase() : text.toLocaleLowerCase(this.#locale);
  }

  /**
   * Whether the text has a boundary before the character at `at` whatever is on either side, so that both parts have the
   * words of the whole. By the rules of UAX #29 that holds before characters that never join another one (rule WB999),
   * before pictographs but after a zero width joiner (WB3c), and between two characters that join others only where they
   * stand between two letters or digits (WB6, WB7, WB11, WB12), such as full stops. Not all boundaries are found.
   */
  isBoundary(text: string, at: number): boolean {
    switch (this.#kind(text.codePointAt(at) as number)) {
      case Kind.separate:
        return true;
      case Kind.pictograph:
        return text.charCodeAt(at - 1) !== zeroWidthJoiner;
      case Kind.between: {
        const before = this.#kind(text.charCodeAt(at - 1));
        return before === Kind.between || before === Kind.separate;
      }
      default:
        return false;
    }
  }

  /** The first boundary of a text after its beginning, as `isBoundary` finds it; -1 where there is none. */
  firstBoundary(text: string): number {
    for (let at = 1; at < text.length; at++) if (this.isBoundary(text, at)) return at;
    return -1;
  }

  /**
   * Where to cut a text without white space that goes on behind: at its last boundary. A run without one, such as
   * Thai, is cut between two words near its end, found among the last characters alone, so that the place does
   * not depend on all of a long text. 0 where the text is one word, its length where it is one segment that is no word.
   */
  cut(text: string): number {
    for (let at = text.length - 1; at > 0; at--) if (this.isBoundary(text, at)) return at;
    for (let look = firstLook; look < text.length; look *= 4) {
      const from = text.length - look;
      const cut = this.#boundaryInMiddle(text.slice(from));
      if (cut > 0) return from + cut;
    }
    let last: Intl.SegmentData | undefined;
    for (const segment of this.#segmenter.segment(text)) last = segment;
    if (last === undefined || last.index > 0) return last?.index ?? 0;
    return last.isWordLike ? 0 : text.length;
  }

  /** The first boundary in the middle half of a text; 0 where there is none. */
  #boundaryInMiddle(text: string): number {
    for (const { index } of this.#segmenter.segment(text)) {
      if (index >= text.length / 4) return index <= (3 * text.length) / 4 ? index : 0;
    }
    return 0;
  }

  /** What is joined of ASCII, as the segmenter joins it. */
  #makeAsciiWords(): RegExp {
    const punctuation = String.fromCharCode(...Array(128).keys()).match(/[!-/:-@[-`{-~]/g) ?? [];
    const joining = (side: string) =>
      punctuation
        .filter((character) => this.#isOne(side + character + side))
        .map((character) => `\\x${character.charCodeAt(0).toString(16)}`)
        .join('');
    const part = '[A-Za-z0-9_]+';
    const letters = `(?<=[A-Za-z])[${joining('a')}](?=[A-Za-z])`;
    const digits = `(?<=[0-9])[${joining('1')}](?=[0-9])`;
    return new RegExp(`${part}(?:(?:${letters}|${digits})${part})*`, 'g');
  }

  #kind(code: number): number {
    if (code >= knownKinds) return Kind.other;
    this.#kinds ??= new Uint8Array(knownKinds);
    if (this.#kinds[code] === Kind.unknown) this.#kinds[code] = this.#findKind(String.fromCodePoint(code));
    return this.#kinds[code];
  }

  /** Asks the segmenter, so that the kinds are those of its version of Unicode. */
  #findKind(character: string): number {
    if (!mayBeSeparate.test(character) || character.normalize('NFC') !== character) return Kind.other;
    const joins = [character, ...sides].some(
      (side) => this.#isOne(side + character) || this.#isOne(character + side),
    );
    if (joins) return Kind.other;
    if (pictograph.test(character)) return Kind.pictograph;
    return sides.some((side) => this.#isOne(side + character + side)) ? Kind.between : Kind.separate;
  }

  #isOne(text: string): boolean {
    const [first] = this.#segmenter.segment(text);
    return first.segment.length === text.length;
  }
}

const zeroWidthJoiner = 0x200d;
const ascii = /^[\0-\x7f]*$/;
const ideograph = /\p{Unified_Ideograph}/gu;
/** Chinese with its punctuation, of which nothing is joined. */
const chinese = /^(?:\p{Unified_Ideograph}|(?=\p{Script=Common})[\p{Po}\p{Ps}\p{Pe}\p{Pi}\p{Pf}])+$/u;

/** Words of Chinese characters alone, which are taken apart: see docs/decisions/0004-ideographs-are-words.md. */
const ideographs = /^\p{Script=Han}+$/u;

/** Punctuation and signs but those of the scripts that have dictionaries, which are segmented together with letters. */
const mayBeSeparate =
  /^(?=[\p{sc=Common}\p{sc=Arabic}\p{sc=Armenian}\p{sc=Ethiopic}\p{sc=Hebrew}\p{sc=Tibetan}])[\p{P}\p{S}\p{Cc}\u200b]$/u;
const pictograph = /\p{Extended_Pictographic}/u;

/** A character of each class that joins others. */
const sides = ['a', '1', '_', 'א', 'ア', 'あ', '人', '한', 'ก', '\u{1f1e9}'];
