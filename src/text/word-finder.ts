import { normalForm } from './normal-form.ts';

/** How characters behave at boundaries; see `WordFinder.isBoundary`. */
const Kind = { unknown: 0, other: 1, separate: 2, pictograph: 3, between: 4 } as const;

/** Kinds are cached for the characters below this; those above are ideographs and tags. */
const knownKinds = 0x20000;

/** The number of characters that are segmented first to find where to cut a run without a boundary. */
const firstLook = 256;

/**
 * Finds words by Unicode's word segmentation (UAX #29, with dictionaries for the scripts without spaces) and the rules
 * of a locale.
 */
export class WordFinder {
  readonly #locale: string | undefined;
  readonly #segmenter: Intl.Segmenter;
  #kinds: Uint8Array | undefined;
  readonly #asciiWords: RegExp;

  /** Without a locale, the rules that apply to most languages are used. */
  constructor(locale?: string) {
    this.#locale = locale;
    // The second locale is the fallback, so that the machine's own locale has no effect.
    this.#segmenter = new Intl.Segmenter(locale === undefined ? 'en' : [locale, 'en'], {
      granularity: 'word',
    });
    this.#asciiWords = this.#makeAsciiWords();
  }

  /** The words of a text without white space, in Normalization Form C and lower-cased. */
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

  /** The text in Normalization Form C and lower-cased, as words are. */
  fold(text: string): string {
    return normalForm(this.#lowerCase(normalForm(text)));
  }

  #lowerCase(text: string): string {
    return this.#locale === undefined ? text.toLowerCase() : text.toLocaleLowerCase(this.#locale);
  }

  /**
   * Whether the text has a boundary before the character at `at` whatever precedes and follows, so that both parts have
   * the words of the whole. By the rules of UAX #29 that is true before characters that never join another one (rule
   * WB999), before pictographs unless they follow a zero width joiner (WB3c), and between two characters that join
   * others only between two letters or digits (WB6, WB7, WB11, WB12), such as full stops. Not all boundaries are found.
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

  /** The first boundary after the beginning of a text, as defined by `isBoundary`; -1 if there is none. */
  firstBoundary(text: string): number {
    for (let at = 1; at < text.length; at++) if (this.isBoundary(text, at)) return at;
    return -1;
  }

  /**
   * Where to cut a text without white space that continues afterwards: at its last boundary. A run without one, such as
   * Thai, is cut between two words near its end, found from the last characters only, so that the position does not
   * depend on all of a long text. Returns 0 if the text is one word, and its length if it is one segment that is not a
   * word.
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

  /** The first boundary in the middle half of a text; 0 if there is none. */
  #boundaryInMiddle(text: string): number {
    for (const { index } of this.#segmenter.segment(text)) {
      if (index >= text.length / 4) return index <= (3 * text.length) / 4 ? index : 0;
    }
    return 0;
  }

  /** Matches the words of ASCII text, joined as the segmenter joins them. */
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
/** Chinese with its punctuation, in which nothing is joined. */
const chinese = /^(?:\p{Unified_Ideograph}|(?=\p{Script=Common})[\p{Po}\p{Ps}\p{Pe}\p{Pi}\p{Pf}])+$/u;

/** Words that consist only of Chinese characters, which are split: see docs/decisions/0004-ideographs-are-words.md. */
const ideographs = /^\p{Script=Han}+$/u;

/** Punctuation and signs, except those of the scripts with dictionaries, which are segmented together with letters. */
const mayBeSeparate =
  /^(?=[\p{sc=Common}\p{sc=Arabic}\p{sc=Armenian}\p{sc=Ethiopic}\p{sc=Hebrew}\p{sc=Tibetan}])[\p{P}\p{S}\p{Cc}\u200b]$/u;
const pictograph = /\p{Extended_Pictographic}/u;

/** One character of each class that joins others. */
const sides = ['a', '1', '_', 'א', 'ア', 'あ', '人', '한', 'ก', '\u{1f1e9}'];
