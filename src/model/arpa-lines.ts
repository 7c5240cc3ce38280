import type { TokenList } from '../text/token-table.ts';

/** The decimal places of the logarithms in ARPA files, as a power of ten. */
const decimals = 1e7;

/** log10 of the probability 0 in ARPA files. */
const impossible = -99;

/** A token that is a space, since spaces separate the words of an n-gram. */
const space = Buffer.from('<space>');

const tab = 0x09;
const newline = 0x0a;
const blank = 0x20;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

/** More bytes than the two numbers of a line take together, with what separates them. */
const numberBytes = 64;

/** The decimal logarithm of a probability or weight with seven decimal places, as ARPA files have it. */
export function log10(probability: number | null): number {
  if (probability === null || probability === 0) return impossible;
  return Math.round(Math.log10(probability) * decimals) / decimals + 0;
}

/** Four digits of each number below 10,000, as bytes. */
const fourDigits = new Uint8Array(4 * 10_000);
for (let i = 0; i < 10_000; i++) fourDigits.set(Buffer.from(String(i).padStart(4, '0')), 4 * i);

/** Writes the lines of n-grams as UTF-8. */
export class ArpaLines {
  readonly #tokens: TokenList;
  /** The id of the token that is a space; -1 if there is none. */
  readonly #space: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `capacity` is the expected number of bytes, `spaceId` the id of the token that is a space. */
  constructor(tokens: TokenList, spaceId: number, capacity: number) {
    this.#tokens = tokens;
    this.#space = spaceId;
    this.#bytes = new Uint8Array(capacity);
  }

  /** Everything that was written. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#length;
  }

  /** Writes the line of the n-gram `words[from, to)`, with its back-off weight unless it is omitted. */
  add(probability: number, words: Int32Array, from: number, to: number, backoff?: number): void {
    this.#reserve(words, from, to);
    this.#logarithm(probability);
    for (let i = from; i < to; i++) {
      this.#bytes[this.#length++] = i === from ? tab : blank;
      this.#token(words[i]);
    }
    if (backoff !== undefined) {
      this.#bytes[this.#length++] = tab;
      this.#logarithm(backoff);
    }
    this.#bytes[this.#length++] = newline;
  }

  /** Makes room for the line of an n-gram. */
  #reserve(words: Int32Array, from: number, to: number): void {
    const { ends } = this.#tokens;
    let least = this.#length + numberBytes;
    for (let i = from; i < to; i++) least += ends[words[i] + 1] - ends[words[i]] + space.length;
    if (least <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * least);
    grown.set(this.written);
    this.#bytes = grown;
  }

  #token(id: number): void {
    if (id === this.#space) {
      this.#bytes.set(space, this.#length);
      this.#length += space.length;
      return;
    }
    const { bytes: from, ends } = this.#tokens;
    const to = this.#bytes;
    const end = ends[id + 1];
    let at = this.#length;
    // Most tokens are short, for which a call of `set` takes longer.
    for (let i = ends[id]; i < end; i++) to[at++] = from[i];
    this.#length = at;
  }

  /** Writes `log10(value)` as JavaScript prints numbers, from the digits of the rounded integer. */
  #logarithm(value: number): void {
    const rounded = value === 0 ? impossible * decimals : Math.round(Math.log10(value) * decimals);
    const size = Math.abs(rounded);
    // JavaScript prints numbers below 1e-6 with an exponent, and integers of 32 bits are enough for all others that occur.
    if (!(size < 2 ** 31) || (size < 10 && size > 0)) {
      this.#text(String(log10(value)));
      return;
    }
    const bytes = this.#bytes;
    let at = this.#length;
    if (rounded < 0) bytes[at++] = minus;
    const whole = (size / decimals) | 0;
    const fraction = (size - whole * decimals) | 0;
    if (whole >= 100) bytes[at++] = zero + ((whole / 100) | 0);
    if (whole >= 10) bytes[at++] = zero + (((whole / 10) | 0) % 10);
    bytes[at++] = zero + (whole % 10);
    if (fraction > 0) at = writeFraction(bytes, at, fraction);
    this.#length = at;
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }
}

/** Writes seven decimal places without the zeros at their end. Returns where they end. */
function writeFraction(bytes: Uint8Array, start: number, fraction: number): number {
  const high = (fraction / 10_000) | 0;
  const low = fraction - high * 10_000;
  let at = start;
  bytes[at++] = point;
  for (let i = 1; i < 4; i++) bytes[at++] = fourDigits[4 * high + i];
  for (let i = 0; i < 4; i++) bytes[at++] = fourDigits[4 * low + i];
  while (bytes[at - 1] === zero) at--;
  return at;
}
