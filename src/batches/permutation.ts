/** The number of rounds of the network; more rounds mix better. */
export const rounds = 8;

/** The largest half in bits whose numbers fit into the integers of 32 bits, with which the engine is much faster. */
const maxShortHalf = 15;

/**
 * A bijection of the integers 0 ≤ i < `size` (at most 2^48), chosen by `keys` (one 32-bit number per round): a balanced
 * Feistel network over the smallest even number of bits that holds `size`, applied repeatedly until the result is below
 * `size` (cycle walking; Black & Rogaway 2002). O(1) for each number.
 */
export function createPermutation(size: number, keys: Uint32Array): (index: number) => number {
  let half = 1;
  while (2 ** (2 * half) < size) half++;
  const encrypt = half <= maxShortHalf ? shortNetwork(half, keys) : longNetwork(half, keys);
  return (index) => {
    let value = encrypt(index);
    while (value >= size) value = encrypt(value);
    return value;
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
