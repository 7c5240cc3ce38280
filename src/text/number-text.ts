/**
 * The room in bytes for the longest text of a number, such as -0.0000012345678901234567, and for what is written after
 * it.
 */
export const maxNumberBytes = 26;

/** Numbers from here up to `endOfPlain` are written here; others are rare and left to the engine. */
const startOfPlain = 1e-6;
const endOfPlain = 1e3;

/** 10^0, 10^1, … 10^22, the powers of ten that a double holds exactly, and their halves. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const highPowers = powers.map(highHalf);
const lowPowers = powers.map((power, i) => power - highPowers[i]);

/** Half the distance between neighbouring doubles, by the eleven bits of their exponent. */
const halfUnits = Float64Array.from({ length: 2 ** 11 }, (_, exponent) => 2 ** (exponent - 1023 - 53));

/** A number, and its bits. */
const numbers = new Float64Array(1);
const bits = new Uint32Array(numbers.buffer);

/** The digits of 0, 1, … 9999 with leading zeros, four bytes in one number. */
const fourDigits = Uint32Array.from({ length: 10_000 }, (_, number) =>
  Buffer.from(String(number).padStart(4, '0')).readUInt32LE(),
);
/** "0.00" and "0000". */
const zeroPoint = Buffer.from('0.00').readUInt32LE();
const zeros = Buffer.from('0000').readUInt32LE();

const zero = 0x30;
const point = 0x2e;
const minus = 0x2d;

/** More than the error of a distance below. */
const tiny = 1e-6;

/**
 * Writes the text that `String` gives a finite number at byte `at`, where there must be room for `maxNumberBytes`, and
 * returns its end; bytes after it may be overwritten.
 *
 * The text has as few significant digits as identify the number x, and of these the closest to it. Let x be from 10^e
 * to 10^(e+1), so that x·10^(16-e) has 17 digits before its point; `product` and its error are that, exactly. A decimal
 * identifies x if it is less than half the distance between doubles away from it, which is 0.55 to 11.2 units of the
 * 17th digit. So there is one of 15 digits if and only if the closest multiple of 100 is that near; otherwise one of 16
 * digits if the closest multiple of 10 is; and 17 digits always suffice. What is too close to call is left to the
 * engine, as are powers of two, whose lower neighbours are nearer.
 */
export function writeNumber(x: number, view: DataView, at: number): number {
  if (x >= 0 && x < 2 ** 31 && Math.floor(x) === x) return writeInteger(x, view, at);
  const magnitude = Math.abs(x);
  if (!(magnitude >= startOfPlain && magnitude < endOfPlain)) return writeText(String(x), view, at);
  numbers[0] = magnitude;
  if (bits[0] === 0 && (bits[1] & 0xfffff) === 0) return writeText(String(x), view, at);
  const e = exponentOf(magnitude);
  const half = halfUnits[bits[1] >>> 20] * powers[16 - e];
  const product = magnitude * powers[16 - e];
  // The 17 digits are `high`, of nine, and `low`, of eight and a fraction.
  let high = Math.floor(product * 1e-8);
  const low = product - 1e8 * high + productError(magnitude, 16 - e, product);
  const past100 = low - 100 * Math.floor(low * 0.01 + 0.5);
  const past10 = low - 10 * Math.floor(low * 0.1 + 0.5);
  const from100 = Math.abs(past100);
  const from10 = Math.abs(past10);
  let rounded: number;
  let unneeded = 0;
  if (from100 < half - tiny) {
    rounded = Math.round(low - past100);
    unneeded = 2;
  } else if (from100 > half + tiny && from10 < Math.min(half, 5) - tiny) {
    rounded = Math.round(low - past10);
    unneeded = 1;
  } else {
    rounded = Math.floor(low + 0.5);
    const isClear = from100 > half + tiny && from10 > half + tiny && Math.abs(low - rounded) < 0.5 - tiny;
    if (!isClear) return writeText(String(x), view, at);
  }
  if (rounded < 0) {
    high--;
    rounded += 1e8;
  } else if (rounded >= 1e8) {
    high++;
    rounded -= 1e8;
  }
  let start = at;
  if (x < 0) view.setUint8(start++, minus);
  const end = writeDigits(high, rounded, e, view, start) - unneeded;
  return unneeded < 2 ? end : withoutZeros(view, end);
}

/** Writes an integer from 0 to 2³¹ - 1; returns its end. */
function writeInteger(x: number, view: DataView, at: number): number {
  let end = at + 1;
  for (let least = 10; x >= least; least *= 10) end++;
  let left = x;
  for (let i = end - 1; i >= at; i--) {
    const tenth = Math.floor(left / 10);
    view.setUint8(i, zero + left - 10 * tenth);
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

/** a·10^exponent - product, exactly, for the rounded product (Dekker, 1971). */
function productError(a: number, exponent: number, product: number): number {
  const highA = highHalf(a);
  const lowA = a - highA;
  const highB = highPowers[exponent];
  const lowB = lowPowers[exponent];
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** The upper 26 bits of a double; the rest of it has as many. */
function highHalf(a: number): number {
  const scaled = 134217729 * a;
  return scaled - (scaled - a);
}

/** Writes 17 digits, nine and eight, with the point after those of 10^e and higher; returns their end. */
function writeDigits(high: number, low: number, e: number, view: DataView, at: number): number {
  let start = at + 1;
  if (e < 0) {
    view.setUint32(at, zeroPoint, true);
    view.setUint32(at + 4, zeros, true);
    start -= e;
  }
  const first = Math.floor(high / 1e8);
  view.setUint8(start, zero + first);
  writeEight(high - 1e8 * first, view, start + 1);
  writeEight(low, view, start + 9);
  if (e >= 0) {
    for (let i = 0; i <= e; i++) view.setUint8(at + i, view.getUint8(at + i + 1));
    view.setUint8(at + e + 1, point);
  }
  return start + 17;
}

function writeEight(number: number, view: DataView, at: number): void {
  const high = Math.floor(number / 1e4);
  view.setUint32(at, fourDigits[high], true);
  view.setUint32(at + 4, fourDigits[number - 1e4 * high], true);
}

/** The end of a number without the zeros at its end, and without a point there. */
function withoutZeros(view: DataView, end: number): number {
  let shorter = end;
  while (view.getUint8(shorter - 1) === zero) shorter--;
  return view.getUint8(shorter - 1) === point ? shorter - 1 : shorter;
}

/** Writes ASCII text; returns its end. */
export function writeText(text: string, view: DataView, at: number): number {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  return at + text.length;
}
