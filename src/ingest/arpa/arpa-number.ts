/** 10^0, 10^1, … 10^22, the powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The digits that a double holds exactly whatever they are. */
const exactDigits = 15;

/** Spellings of infinity, as `printf` of C and C++ and languages above them write it. */
const infinity = /^([+-]?)inf(inity)?$/i;

/** What a decimal number looks like. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads numbers that are a sign, digits and perhaps a point, as nearly all are. */
export class PlainNumbers {
  /** Where the number that was read last ends. */
  end = 0;

  /**
   * The number that begins at `start`, correctly rounded, up to the first byte that cannot go on with it; NaN if there
   * is none, or more than 15 digits. A mantissa and a power of ten that are both exact give one rounding (Clinger, "How
   * to read floating point numbers accurately", 1990).
   */
  read(bytes: Uint8Array, start: number): number {
    let at = start;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at++;
    let mantissa = 0;
    let digits = -at;
    let decimals = 0;
    let digit = bytes[at] - 0x30;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at] - 0x30) mantissa = 10 * mantissa + digit;
    if (bytes[at] === 0x2e) {
      decimals = -++at;
      digits--;
      digit = bytes[at] - 0x30;
      for (; digit >= 0 && digit <= 9; digit = bytes[++at] - 0x30) mantissa = 10 * mantissa + digit;
      decimals += at;
    }
    digits += at;
    this.end = at;
    if (digits === 0 || digits > exactDigits) return Number.NaN;
    const value = mantissa / powers[decimals];
    return isNegative ? -value : value;
  }
}

const plain = new PlainNumbers();

/**
 * The decimal number that `bytes[start, end)` spell, correctly rounded, also in scientific notation, or an infinity;
 * NaN if they spell none. What is not plain is left to the engine.
 */
export function arpaNumber(bytes: Uint8Array, start: number, end: number): number {
  const value = plain.read(bytes, start);
  return plain.end === end && !Number.isNaN(value) ? value : slowNumber(bytes, start, end);
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  if (decimal.test(text)) return Number(text);
  const [, sign] = infinity.exec(text) ?? [];
  if (sign === undefined) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
