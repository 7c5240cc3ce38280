import { randomBytes } from 'node:crypto';
import { type ArpaLevels, NONE } from '../../index/arpa/arpa-table.ts';
import { maxOrder } from '../../store/store.ts';

/** The number of sums that a hash is made of, each of which has 17 bits to use. */
const sums = 4;

/** Random keys, so that no file can be constructed in advance whose n-grams collide: for each place of a word, two for each sum. */
const keys = new Int32Array(2 * sums * maxOrder);
randomBytes(keys.byteLength).copy(new Uint8Array(keys.buffer));

/** Numbers for each slot: two of the hash, and the place of the node + 1, which is 0 if the slot is free. */
const slotSize = 3;

/**
 * Finds the nodes of n-grams of one order by all of their words. A hash table with open addressing and linear probing, 60 % full, in
 * which an n-gram is found with one access to memory, where a search from word to word would need several for each word.
 *
 * N-grams are told by 64 bits: pair-multiply-shift (Thorup, "High Speed Hashing for Integers and Strings", 2015), applied four
 * times. For one that is not there, the chance that another is found in its place is about 10⁻¹⁹.
 */
export class ContextFinder {
  readonly #order: number;
  readonly #slots: Int32Array;
  /** A slot for each hash: the hash times this. */
  readonly #slotsPerHash: number;
  readonly #levels: ArpaLevels;
  /** Of n-grams that are looked up, or added, together: where the slots of each begin, and its hash. */
  readonly #firsts: Int32Array;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  /** Of those that are added: the nodes, and how many there are. */
  #nodes: Int32Array;
  #adding = 0;

  /** Of the n-grams of the highest order that is there, at least 2; up to `most` are looked up together. */
  constructor(levels: ArpaLevels, most: number) {
    this.#levels = levels;
    this.#order = levels.length;
    const slots = slotsFor(levels[levels.length - 1].size);
    this.#slots = new Int32Array(slotSize * slots);
    this.#slotsPerHash = slots / 2 ** 32;
    this.#firsts = new Int32Array(most);
    this.#low = new Int32Array(most);
    this.#high = new Int32Array(most);
    this.#nodes = new Int32Array(most);
    this.#add(0, 0, levels[0].size, 0, 0, 0, 0);
    this.#insert();
    this.#nodes = new Int32Array(0);
  }

  /** The bytes that a finder of so many n-grams takes. */
  static bytes(ngrams: number): number {
    return 4 * slotSize * slotsFor(ngrams);
  }

  /** The nodes of n-grams, given as a column for each word, into `nodes`; `NONE` for those that are not there. */
  find(words: readonly Int32Array[], nodes: Int32Array, size: number): void {
    const slots = this.#slots;
    const firsts = this.#firsts;
    const low = this.#low;
    const high = this.#high;
    // The slots are determined first, so that the processor reads several at the same time.
    this.#hash(words, size);
    for (let i = 0; i < size; i++) {
      let slot = firsts[i];
      while (slots[slot + 2] !== 0 && (slots[slot] !== low[i] || slots[slot + 1] !== high[i])) {
        slot += slotSize;
        if (slot === slots.length) slot = 0;
      }
      nodes[i] = slots[slot + 2] === 0 ? NONE : slots[slot + 2] - 1;
    }
  }

  #hash(words: readonly Int32Array[], size: number): void {
    for (let i = 0; i < size; i++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < this.#order; k++) {
        const key = 2 * sums * k;
        const x = words[k][i] & 0xffff;
        const y = words[k][i] >>> 16;
        a += Math.imul(keys[key] + y, keys[key + 1] + x);
        b += Math.imul(keys[key + 2] + y, keys[key + 3] + x);
        c += Math.imul(keys[key + 4] + y, keys[key + 5] + x);
        d += Math.imul(keys[key + 6] + y, keys[key + 7] + x);
      }
      this.#low[i] = combined(a, b);
      this.#high[i] = combined(c, d);
      this.#firsts[i] = this.#first(this.#low[i]);
    }
  }

  /** Adds the n-grams below nodes of a level, whose parent's words have these sums. */
  #add(level: number, from: number, to: number, a0: number, b0: number, c0: number, d0: number): void {
    const { words, children } = this.#levels[level];
    const key = 2 * sums * level;
    const isLast = level + 1 === this.#order;
    for (let node = from; node < to; node++) {
      const x = words[node] & 0xffff;
      const y = words[node] >>> 16;
      const a = (a0 + Math.imul(keys[key] + y, keys[key + 1] + x)) | 0;
      const b = (b0 + Math.imul(keys[key + 2] + y, keys[key + 3] + x)) | 0;
      const c = (c0 + Math.imul(keys[key + 4] + y, keys[key + 5] + x)) | 0;
      const d = (d0 + Math.imul(keys[key + 6] + y, keys[key + 7] + x)) | 0;
      if (isLast) this.#keep(combined(a, b), combined(c, d), node);
      else if (children[node] < children[node + 1])
        this.#add(level + 1, children[node], children[node + 1], a, b, c, d);
    }
  }

  #keep(low: number, high: number, node: number): void {
    if (this.#adding === this.#nodes.length) this.#insert();
    const i = this.#adding++;
    this.#low[i] = low;
    this.#high[i] = high;
    this.#firsts[i] = this.#first(low);
    this.#nodes[i] = node;
  }

  /** Inserts the n-grams that have been kept. */
  #insert(): void {
    const slots = this.#slots;
    const nodes = this.#nodes;
    for (let i = 0; i < this.#adding; i++) {
      let slot = this.#firsts[i];
      while (slots[slot + 2] !== 0) {
        slot += slotSize;
        if (slot === slots.length) slot = 0;
      }
      slots[slot] = this.#low[i];
      slots[slot + 1] = this.#high[i];
      slots[slot + 2] = nodes[i] + 1;
    }
    this.#adding = 0;
  }

  #first(low: number): number {
    return slotSize * Math.floor((low >>> 0) * this.#slotsPerHash);
  }
}

/** The 17 high bits of a sum above, and the 15 high ones of another below. */
function combined(low: number, high: number): number {
  return (low >>> 15) | (high & 0xfffe0000);
}

function slotsFor(ngrams: number): number {
  return Math.ceil(ngrams / 0.6) + 1;
}
