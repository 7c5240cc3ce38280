import { NONE } from '../../index/arpa/arpa-table.ts';
import { hashedTogether, type NGramHashes } from './ngram-hashes.ts';

/** Numbers for each slot: two of the hash, and the n-gram's number + 1, which is 0 if the slot is free. */
const slotSize = 3;

/** Growth is by this factor. */
const growth = 4;

/**
 * Finds the n-grams of one order, which are the contexts of the next, by their hashes. A hash table with open
 * addressing and linear probing, at most 60 % full, in which an n-gram is found with one access to memory, where a
 * search from word to word would need several for each word.
 *
 * N-grams are distinguished by 64 bits: for one that is not there, the chance that another is found in its place is
 * about 10⁻¹⁹.
 */
export class ContextFinder {
  readonly #most: number;
  readonly #take: (bytes: number) => void;
  #size = 0;
  #room = 0;
  #slots = new Int32Array(0);
  /** The first slot to probe for a hash is its lower half times this. */
  #slotsPerHash = 0;
  readonly #firsts = new Int32Array(hashedTogether);

  /**
   * Of at most `most` n-grams, with room for the expected number of them, and for more when they come. `take` is called
   * with the bytes of memory that are about to be used, and with a negative number when some are freed.
   */
  constructor(most: number, expected: number, take: (bytes: number) => void) {
    this.#most = most;
    this.#take = take;
    this.#resize(Math.min(most, expected));
  }

  /** The bytes of memory that it takes. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** Inserts n-grams, which get the numbers after those that are there, from 0. */
  insert({ low, high, size }: NGramHashes): void {
    const needed = this.#size + size;
    if (needed > this.#room) this.#grow(Math.max(needed, Math.min(growth * this.#room, this.#most)));
    const firsts = this.#firstSlots(low, size);
    for (let i = 0; i < size; i++) this.#insert(firsts[i], low[i], high[i], ++this.#size);
  }

  /** The numbers of n-grams, into `numbers` from `at` on; `NONE` for those that are not there. */
  find({ low, high, size }: NGramHashes, numbers: Int32Array, at: number): void {
    const slots = this.#slots;
    // The slots are determined first, so that the processor reads several at the same time.
    const firsts = this.#firstSlots(low, size);
    for (let i = 0; i < size; i++) {
      let slot = firsts[i];
      while (slots[slot + 2] !== 0 && (slots[slot] !== low[i] || slots[slot + 1] !== high[i])) {
        slot += slotSize;
        if (slot === slots.length) slot = 0;
      }
      numbers[at + i] = slots[slot + 2] === 0 ? NONE : slots[slot + 2] - 1;
    }
  }

  #firstSlots(low: Int32Array, size: number): Int32Array {
    const firsts = this.#firsts;
    const slotsPerHash = this.#slotsPerHash;
    for (let i = 0; i < size; i++) firsts[i] = slotSize * Math.floor((low[i] >>> 0) * slotsPerHash);
    return firsts;
  }

  #insert(first: number, low: number, high: number, numberPlusOne: number): void {
    const slots = this.#slots;
    let slot = first;
    while (slots[slot + 2] !== 0) {
      slot += slotSize;
      if (slot === slots.length) slot = 0;
    }
    slots[slot] = low;
    slots[slot + 1] = high;
    slots[slot + 2] = numberPlusOne;
  }

  #grow(room: number): void {
    const old = this.#slots;
    this.#resize(room);
    for (let slot = 0; slot < old.length; slot += slotSize) {
      if (old[slot + 2] === 0) continue;
      const first = slotSize * Math.floor((old[slot] >>> 0) * this.#slotsPerHash);
      this.#insert(first, old[slot], old[slot + 1], old[slot + 2]);
    }
    this.#take(-old.byteLength);
  }

  /** Empty slots for so many n-grams. */
  #resize(room: number): void {
    const slots = Math.ceil(room / 0.6) + 1;
    this.#take(Int32Array.BYTES_PER_ELEMENT * slotSize * slots);
    this.#slots = new Int32Array(slotSize * slots);
    this.#slotsPerHash = slots / 2 ** 32;
    this.#room = room;
  }
}
