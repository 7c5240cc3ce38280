/** The number of rounds of the network; more rounds mix better. */
export const rounds = 8;

/** The largest half in bits whose numbers fit into the integers of 32 bits, with which the engine is much faster. */
const maxShortHalf = 15;

/** A bijection of the integers 0 ≤ i < `size`. */
export interface Permutation {
  /** The image of one number. */
  of(index: number): number;
  /** Sets `images[from]` up to `images[to]` (not included) to the images of `first`, `first` + 1, … */
  range(first: number, images: Float64Array, from: number, to: number): void;
}

/**
 * A permutation of `size` numbers (at most 2^48), chosen by `keys` (one 32-bit number per round): a balanced Feistel
 * network over the smallest even number of bits that holds `size`, applied repeatedly until the result is below `size`
 * (cycle walking; Black & Rogaway 2002). O(1) for each number.
 */
export function createPermutation(size: number, keys: Uint32Array): Permutation {
  let half = 1;
  while (2 ** (2 * half) < size) half++;
  const isShort = half <= maxShortHalf;
  const encrypt = isShort ? shortNetwork(half, keys) : longNetwork(half, keys);
  const of = (index: number) => {
    let value = encrypt(index);
    while (value >= size) value = encrypt(value);
    return value;
  };
  if (isShort) return { of, range: shortRange(size, encrypt) };
  return {
    of,
    range: (first, images, from, to) => {
      for (let i = from; i < to; i++) images[i] = of(first + i - from);
    },
  };
}

/**
 * `Permutation.range` for a network of integers. All numbers are encrypted once, then all that are still too large, and
 * so on, without a branch that depends on any of them, so that the processor works on several at a time.
 */
function shortRange(size: number, encrypt: (value: number) => number): Permutation['range'] {
  let values = new Int32Array(0);
  let places = new Int32Array(0);
  return (first, images, from, to) => {
    let left = to - from;
    if (values.length < left) {
      values = new Int32Array(left);
      places = new Int32Array(left);
    }
    for (let i = 0; i < left; i++) {
      values[i] = first + i;
      places[i] = from + i;
    }
    while (left > 0) {
      let tooLarge = 0;
      for (let i = 0; i < left; i++) {
        const value = encrypt(values[i]);
        const place = places[i];
        images[place] = value;
        values[tooLarge] = value;
        places[tooLarge] = place;
        // 1 if the value is not below the size.
        tooLarge += (size - 1 - value) >>> 31;
      }
      left = tooLarge;
    }
  };
}

/** The network over `2 * half` bits, which are at most 30. */
function shortNetwork(half: number, keys: Uint32Array): (value: number) => number {
  const mask = 2 ** half - 1;
  return (value) => {
    let left = value >>> half;
    let right = value & mask;
    for (let round = 0; round < rounds; round++) {
      const next = left ^ (mix(right, keys[round]) & mask);
      left = right;
      right = next;
    }
    return (left << half) | right;
  };
}

/** The network over any number of bits up to 48. */
function longNetwork(half: number, keys: Uint32Array): (value: number) => number {
  const radix = 2 ** half;
  return (value) => {
    let left = Math.floor(value / radix);
    let right = value % radix;
    for (let round = 0; round < rounds; round++) {
      const mixed = mix(right, keys[round]) & (radix - 1);
      [left, right] = [right, left ^ mixed];
    }
    return left * radix + right;
  };
}

/** The finalizer of MurmurHash3, 32 bits as a signed number, over a number and a key. */
function mix(value: number, key: number): number {
  let hash = value ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
