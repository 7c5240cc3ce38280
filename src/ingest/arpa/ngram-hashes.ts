import { maxOrder } from '../../store/store.ts';
import { randomKey, usableBits } from '../../text/token-hash.ts';

/** How many n-grams are hashed together. */
export const hashedTogether = 1024;

/** The number of sums that a hash is made of, each of which has 17 bits to use. */
const sums = 4;

/**
 * Random keys, so that no file can be constructed in advance whose n-grams collide: for each place of a word, two for
 * each sum.
 */
const keys = randomKey(2 * sums * maxOrder);

/**
 * Hashes of 64 bits of some n-grams, computed word by word: pair-multiply-shift (Thorup, "High Speed Hashing for
 * Integers and Strings", 2015), applied four times.
 */
export class NGramHashes {
  /** The number of n-grams. */
  size = 0;
  /** The two halves of each hash. */
  readonly low = new Int32Array(hashedTogether);
  readonly high = new Int32Array(hashedTogether);
  readonly #sums = Array.from({ length: sums }, () => new Int32Array(hashedTogether));

  /** Begins with as many n-grams without words. */
  begin(size: number): void {
    this.size = size;
    for (const sum of this.#sums) sum.fill(0, 0, size);
  }

  /** Adds the word at a place of each n-gram: `words[from]` to the first one, and so on. */
  add(place: number, words: Int32Array, from: number): void {
    const [a, b, c, d] = this.#sums;
    const [a0, a1, b0, b1, c0, c1, d0, d1] = keys.subarray(2 * sums * place);
    for (let i = 0; i < this.size; i++) {
      const word = words[from + i];
      const x = word & 0xffff;
      const y = word >>> 16;
      a[i] += Math.imul(a0 + y, a1 + x);
      b[i] += Math.imul(b0 + y, b1 + x);
      c[i] += Math.imul(c0 + y, c1 + x);
      d[i] += Math.imul(d0 + y, d1 + x);
    }
  }

  /** Makes the hashes of the n-grams as they are. */
  hash(): void {
    const [a, b, c, d] = this.#sums;
    for (let i = 0; i < this.size; i++) {
      this.low[i] = usableBits(a[i], b[i]);
      this.high[i] = usableBits(c[i], d[i]);
    }
  }
}
