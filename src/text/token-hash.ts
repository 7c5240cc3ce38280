import { randomBytes } from 'node:crypto';

/** The number of numbers in the key of a hash: two times six for `slotHash`, two for `hashOf`. */
const keyLength = 14;

/** A random key of so many numbers for hashes, so that no text can be constructed in advance whose hashes collide. */
export function randomKey(length = keyLength): Int32Array {
  const key = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * length));
  randomBytes(key.byteLength).copy(new Uint8Array(key.buffer));
  return key;
}

/**
 * 32 bits of two sums of pair-multiply-shift, of each of which the 17 high bits are usable: those of the first below,
 * and the 15 high ones of the second above.
 */
export function usableBits(low: number, high: number): number {
  return (low >>> 15) | (high & 0xfffe0000);
}

/**
 * The hash that determines the first slot to probe. Any two tokens have the same hash for one key in 2³²:
 * pair-multiply-shift (Thorup, "High Speed Hashing for Integers and Strings", 2015) of 16-bit halves, of which the 17
 * high bits are usable, applied twice.
 */
export function slotHash(key: Int32Array, first: number, second: number, length: number): number {
  const a = first & 0xffff;
  const b = first >>> 16;
  const c = second & 0xffff;
  const d = second >>> 16;
  const low =
    Math.imul(key[0] + b, key[1] + a) +
    Math.imul(key[2] + d, key[3] + c) +
    Math.imul(key[4], length) +
    key[5];
  const high =
    Math.imul(key[6] + b, key[7] + a) +
    Math.imul(key[8] + d, key[9] + c) +
    Math.imul(key[10], length) +
    key[11];
  return usableBits(low, high);
}

/** HalfSipHash-1-3 (Aumasson and Bernstein, 2012) of `bytes[start, end)` under the last two numbers of the key. */
export function hashOf(key: Int32Array, bytes: Uint8Array, start: number, end: number): number {
  let v0 = key[12];
  let v1 = key[13];
  let v2 = v0 ^ 0x6c796765;
  let v3 = v1 ^ 0x74656462;
  const length = end - start;
  // The last block holds the remaining bytes and, above them, the length.
  for (let at = start, left = length + 1; left > 0; at += 4, left -= 4) {
    const word =
      left > 4
        ? bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
        : lastWord(bytes, at, end, length);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  v2 ^= 0xff;
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return v1 ^ v3;
}

function lastWord(bytes: Uint8Array, start: number, end: number, length: number): number {
  let word = length << 24;
  for (let i = start; i < end; i++) word |= bytes[i] << (8 * (i - start));
  return word;
}
