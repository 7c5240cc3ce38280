/**
 * Integers from 0 to 2⁵³ in one, two, three, five or nine bytes. The first byte says how many; the others are big-endian.
 *
 * | first byte | number |
 * | --- | --- |
 * | 0 to 191 | the byte |
 * | 192 to 247 | (byte − 192) · 2⁸ + the next byte + 192 |
 * | 248 to 253 | (byte − 248) · 2¹⁶ + the next two bytes + 14,528 |
 * | 254 | the next four bytes |
 * | 255 | the next eight bytes |
 */

/** The lowest first bytes of numbers that take two, three, five and nine bytes. */
const two = 192;
const three = 248;
const five = 254;
const nine = 255;

/** The least numbers that take two, three, five and nine bytes. */
const leastOfTwo = two;
const leastOfThree = leastOfTwo + (three - two) * 2 ** 8;
const leastOfFive = leastOfThree + (five - three) * 2 ** 16;
const leastOfNine = 2 ** 32;

/** The most bytes that a number takes, and the most that one below 2³² takes. */
export const maxNumberBytes = 9;
export const maxIdBytes = 5;

/** Writes a number at `at`; returns where it ends. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value < leastOfTwo) {
    bytes[at] = value;
    return at + 1;
  }
  if (value < leastOfThree) {
    const rest = value - leastOfTwo;
    bytes[at] = two + (rest >>> 8);
    bytes[at + 1] = rest;
    return at + 2;
  }
  return writeLong(bytes, at, value);
}

function writeLong(bytes: Uint8Array, at: number, value: number): number {
  if (value < leastOfFive) {
    const rest = value - leastOfThree;
    bytes[at] = three + (rest >>> 16);
    bytes[at + 1] = rest >>> 8;
    bytes[at + 2] = rest;
    return at + 3;
  }
  bytes[at] = value < leastOfNine ? five : nine;
  const end = at + numberLength(bytes[at]);
  for (let i = end - 1, rest = value; i > at; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return end;
}

/** The number at `at`. */
export function readNumber(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (isShort(first)) return readShort(bytes, at, isTwoBytes(first));
  if (first < five) return (((first - three) << 16) | (bytes[at + 1] << 8) | bytes[at + 2]) + leastOfThree;
  let value = 0;
  for (let i = at + 1, end = at + numberLength(first); i < end; i++) value = value * 256 + bytes[i];
  return value;
}

/** How many bytes a number takes whose first byte is `first`. */
export function numberLength(first: number): number {
  if (isShort(first)) return 1 + isTwoBytes(first);
  if (first < five) return 3;
  return first === five ? maxIdBytes : maxNumberBytes;
}

/*
 * The following functions are for loops that read many numbers. Nearly all take one byte or two, at random: a branch
 * between these would often be predicted wrongly, so there is none.
 */

/** Whether a number whose first byte is `first` takes one byte or two. */
export function isShort(first: number): boolean {
  return first < three;
}

/** 1 if a short number whose first byte is `first` takes two bytes, or else 0. */
export function isTwoBytes(first: number): number {
  return (two - 1 - first) >>> 31;
}

/** The short number at `at`, where `more` is what `isTwoBytes` says of its first byte. */
export function readShort(bytes: Uint8Array, at: number, more: number): number {
  return (((bytes[at] - two) & -more) << 8) + bytes[at + more] + (leastOfTwo & -more);
}
