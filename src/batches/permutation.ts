/** The number of rounds of the network; more rounds mix better. */
export const rounds = 8;

/**
 * A bijection of the integers 0 ≤ i < `size` (at most 2^48), chosen by `keys` (one 32-bit number per round): a balanced
 * Feistel network over the smallest even number of bits that holds `size`, applied repeatedly until the result is below
 * `size` (cycle walking; Black & Rogaway 2002). O(1) for each number.
 */
export function createPermutation(size: number, keys: Uint32Array): (index: number) => number {
  let half = 1;
  while (2 ** (2 * half) < size) half++;
  const radix = 2 ** half;
  const encrypt = (value: number) => {
    let left = Math.floor(value / radix);
    let right = value % radix;
    for (let round = 0; round < rounds; round++) {
      const mixed = mix(right, keys[round]) & (radix - 1);
      [left, right] = [right, left ^ mixed];
    }
    return left * radix + right;
  };
  return (index) => {
    let value = encrypt(index);
    while (value >= size) value = encrypt(value);
    return value;
  };
}

/** The finalizer of MurmurHash3, 32 bits as a signed number, over a number and a key. */
function mix(value: number, key: number): number {
  let hash = value ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
