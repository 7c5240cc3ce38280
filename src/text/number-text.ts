/** The room for the longest text of a number in bytes, such as -0.0000012345678901234567. */
export const maxNumberBytes = 26;

/** Numbers from here up to `endOfPlain` are written by division; others are rare and left to the engine. */
const startOfPlain = 1e-6;
const endOfPlain = 1e3;

/** 10^0, 10^1, … 10^22: the powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** "0000", "0001", … "9999" in bytes. */
const fourDigits = Uint8Array.from({ length: 40_000 }, (_, i) => {
  return 0x30 + (Math.floor(i / 4 / 10 ** (3 - (i % 4))) % 10);
});

const zero = 0x30;
const point = 0x2e;
const minus = 0x2d;

/**
 * Writes the text that `String` gives a finite number at `bytes[at]`, where there must be room for `maxNumberBytes`, and
 * returns its end.
 *
 * The text has as few significant digits as identify the number, and of these the closest to it. Let x be from 10^e to
 * 10^(e+1). Decimals of 15 digits are further apart than doubles: there is one that identifies x if and only if it is
 * n/s with s = 10^(14-e), n = x·s rounded, and the division gives x. Since n and s are doubles without an error, it is
 * rounded correctly. The same holds for 16 digits, if n is the integer closest to the exact product. Otherwise 17 digits
 * are needed, and the closest n is the text.
 */
export function writeNumber(x: number, bytes: Uint8Array, at: number): number {
  if (x >= 0 && x < 2 ** 31 && Math.floor(x) === x) return writeInteger(x, bytes, at);
  const magnitude = Math.abs(x);
  if (!(magnitude >= startOfPlain && magnitude < endOfPlain)) return writeText(String(x), bytes, at);
  const e = exponentOf(magnitude);
  // The 17 digits are `high`, of nine, and `low`, of eight.
  let high: number;
  let low: number;
  const n15 = Math.round(magnitude * powers[14 - e]);
  if (n15 / powers[14 - e] === magnitude) {
    high = Math.floor(n15 / 1e6);
    low = 100 * (n15 - 1e6 * high);
  } else {
    const product16 = magnitude * powers[15 - e];
    const n16 = Math.floor(product16);
    const fraction16 = product16 - n16 + productError(magnitude, powers[15 - e], product16);
    // Beyond, n would have no exact double; halves are rounded as the engine rounds them.
    if (product16 > 2 ** 53 - 2 || isHalf(fraction16)) return writeText(String(x), bytes, at);
    const closest16 = n16 + Math.round(fraction16);
    if (closest16 / powers[15 - e] === magnitude) {
      high = Math.floor(closest16 / 1e7);
      low = 10 * (closest16 - 1e7 * high);
    } else {
      const product17 = magnitude * powers[16 - e];
      const error17 = productError(magnitude, powers[16 - e], product17);
      if (isHalf(error17)) return writeText(String(x), bytes, at);
      high = Math.floor(product17 / 1e8);
      low = product17 - 1e8 * high + Math.round(error17);
      if (low < 0) {
        high--;
        low += 1e8;
      } else if (low >= 1e8) {
        high++;
        low -= 1e8;
      }
    }
  }
  let start = at;
  if (x < 0) bytes[start++] = minus;
  return writeDigits(high, low, e, bytes, start);
}

/** Writes an integer from 0 to 2³¹ - 1; returns its end. */
function writeInteger(x: number, bytes: Uint8Array, at: number): number {
  let end = at + 1;
  for (let least = 10; x >= least; least *= 10) end++;
  let left = x;
  for (let i = end - 1; i >= at; i--) {
    const tenth = Math.floor(left / 10);
    bytes[i] = zero + left - 10 * tenth;
    left = tenth;
  }
  return end;
}

/** The largest e with 10^e ≤ x. */
function exponentOf(x: number): number {
  if (x >= 1) return x < 10 ? 0 : x < 100 ? 1 : 2;
  if (x >= 1e-2) return x >= 1e-1 ? -1 : -2;
  return x >= 1e-3 ? -3 : x >= 1e-4 ? -4 : x >= 1e-5 ? -5 : -6;
}

/** a·b - product, exactly, for the rounded product of a and b (Dekker, 1971). */
function productError(a: number, b: number, product: number): number {
  const scaledA = 134217729 * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = 134217729 * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** Whether rounding this fraction is not clearly up or down. */
function isHalf(fraction: number): boolean {
  return Math.abs(fraction - Math.floor(fraction) - 0.5) < 1e-6;
}

/** Writes 17 digits with the point after those of 10^e and higher, without zeros at the end; returns its end. */
function writeDigits(high: number, low: number, e: number, bytes: Uint8Array, at: number): number {
  let start = at;
  if (e < 0) {
    bytes[start] = zero;
    bytes[start + 1] = point;
    start += 2;
    for (let i = e; i < -1; i++) bytes[start++] = zero;
  } else start++;
  const first = Math.floor(high / 1e8);
  bytes[start] = zero + first;
  writeEight(high - 1e8 * first, bytes, start + 1);
  writeEight(low, bytes, start + 9);
  if (e >= 0) {
    for (let i = 0; i <= e; i++) bytes[at + i] = bytes[at + i + 1];
    bytes[at + e + 1] = point;
  }
  let end = start + 17;
  while (bytes[end - 1] === zero) end--;
  return bytes[end - 1] === point ? end - 1 : end;
}

function writeEight(number: number, bytes: Uint8Array, at: number): void {
  const high = Math.floor(number / 1e4);
  const left = 4 * high;
  const right = 4 * (number - 1e4 * high);
  bytes[at] = fourDigits[left];
  bytes[at + 1] = fourDigits[left + 1];
  bytes[at + 2] = fourDigits[left + 2];
  bytes[at + 3] = fourDigits[left + 3];
  bytes[at + 4] = fourDigits[right];
  bytes[at + 5] = fourDigits[right + 1];
  bytes[at + 6] = fourDigits[right + 2];
  bytes[at + 7] = fourDigits[right + 3];
}

/** Writes ASCII text; returns its end. */
export function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
