import { invalidTokenizer } from './json.ts';

/**
 * The table of normalized characters that SentencePiece compiles into its models: a double array (Aoe 1989), as the
 * library Darts writes it, and the texts that it leads to.
 */
export class PrecompiledTable {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;

  /** Reads the table in base64. Throws `invalid-request` where it is cut off. */
  constructor(base64: string) {
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
    const length = bytes.length < 4 ? -1 : new DataView(bytes.buffer).getUint32(0, true);
    if (length < 0 || length % 4 !== 0 || length === 0 || 4 + length > bytes.length)
      throw invalidTokenizer('the precompiled_charsmap of its normalizer is cut off.');
    this.#units = new Uint32Array(bytes.slice(4, 4 + length).buffer);
    this.#texts = bytes.slice(4 + length);
  }

  /** The replacement of the shortest prefix of `bytes` that the table has; undefined if it has none. */
  find(bytes: Uint8Array): string | undefined {
    let node = offsetIn(this.#units[0]);
    for (const byte of bytes) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = this.#units[node] ?? 0;
      if ((unit & 0x800000ff) !== byte) return undefined;
      node ^= offsetIn(unit);
      if (((unit >>> 8) & 1) === 0) continue;
      const start = (this.#units[node] ?? 0) & 0x7fffffff;
      const end = this.#texts.indexOf(0, start);
      return Buffer.from(this.#texts.subarray(start, end < 0 ? undefined : end)).toString();
    }
    return undefined;
  }
}

function offsetIn(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

/** Characters of ASCII that are graphemes of their own. */
const ascii = /^[\t\n -~]*$/;

/** The longest grapheme, in bytes, that is looked up as a whole. */
const longestGrapheme = 5;

/** Replaces graphemes by a table, or else their characters. */
export class PrecompiledNormalizer {
  readonly #table: PrecompiledTable;
  readonly #graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  /** What graphemes become. It is cleared when it is full. */
  readonly #known = new Map<string, string>();

  constructor(table: PrecompiledTable) {
    this.#table = table;
  }

  normalize(text: string): string {
    let normalized = '';
    if (ascii.test(text)) {
      for (let i = 0; i < text.length; i++) normalized += this.#known.get(text[i]) ?? this.#find(text[i]);
      return normalized;
    }
    for (const { segment } of this.#graphemes.segment(text))
      normalized += this.#known.get(segment) ?? this.#find(segment);
    return normalized;
  }

  #find(grapheme: string): string {
    const bytes = Buffer.from(grapheme);
    const whole = bytes.length <= longestGrapheme ? this.#table.find(bytes) : undefined;
    const found = whole ?? this.#ofCharacters(grapheme);
    if (this.#known.size === 2 ** 16) this.#known.clear();
    this.#known.set(grapheme, found);
    return found;
  }

  #ofCharacters(grapheme: string): string {
    return Array.from(grapheme, (character) => this.#table.find(Buffer.from(character)) ?? character).join(
      '',
    );
  }
}
