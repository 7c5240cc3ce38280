/** 10^0, 10^1, … 10^22, the powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The digits that a double holds exactly whatever they are. */
const exactDigits = 15;

/** Spellings of infinity, as `printf` of C and C++ and languages above them write it. */
const infinity = /^([+-]?)inf(inity)?$/i;

/** What a decimal number looks like. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The decimal number that `bytes[start, end)` spell, correctly rounded, also in scientific notation, or an infinity; NaN if they
 * spell none. A mantissa of up to 15 digits and a power of ten that are both exact give one rounding (Clinger, "How to read
 * floating point numbers accurately", 1990); others are left to the engine.
 */
export function arpaNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let digit = bytes[at] - 0x30;
  for (; at < end && digit >= 0 && digit <= 9; digit = bytes[++at] - 0x30) {
    mantissa = 10 * mantissa + digit;
    digits++;
  }
  if (at < end && bytes[at] === 0x2e) {
    digit = bytes[++at] - 0x30;
    for (; at < end && digit >= 0 && digit <= 9; digit = bytes[++at] - 0x30) {
      mantissa = 10 * mantissa + digit;
      digits++;
      decimals++;
    }
  }
  if (at < end || digits === 0 || digits > exactDigits) return slowNumber(bytes, start, end);
  const value = mantissa / powers[decimals];
  return isNegative ? -value : value;
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  if (decimal.test(text)) return Number(text);
  const [, sign] = infinity.exec(text) ?? [];
  if (sign === undefined) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
