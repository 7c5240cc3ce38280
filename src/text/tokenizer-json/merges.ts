import { PairHeap } from '../subwords/pair-heap.ts';
import { hashOfPair } from './trie.ts';

/**
 * The number of values of a slot: the parts of a pair, the left one + 1, the rank of the pair and the token that it
 * becomes.
 */
const slotSize = 4;

/** The pairs of tokens that may be merged, by rank: a hash table with open addressing, at most half full. */
export class MergeTable {
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** For `pairs` pairs. */
  constructor(pairs: number) {
    let slots = 2;
    while (slots < 2 * pairs) slots *= 2;
    this.#slots = new Int32Array(slotSize * slots);
    this.#mask = slots - 1;
  }

  /** Adds a pair with its rank; of two with the same parts the last one counts. */
  add(left: number, right: number, rank: number, merged: number): void {
    this.#slots.set([left + 1, right, rank, merged], this.#slot(left, right));
  }

  /** The rank of a pair; -1 if it may not be merged. */
  rank(left: number, right: number): number {
    const slot = this.#slot(left, right);
    return this.#slots[slot] === 0 ? -1 : this.#slots[slot + 2];
  }

  /** What a pair that may be merged becomes. */
  merged(left: number, right: number): number {
    return this.#slots[this.#slot(left, right) + 3];
  }

  #slot(left: number, right: number): number {
    const slots = this.#slots;
    let place = hashOfPair(left, right) & this.#mask;
    for (;;) {
      const slot = slotSize * place;
      if (slots[slot] === 0 || (slots[slot] === left + 1 && slots[slot + 1] === right)) return slot;
      place = (place + 1) & this.#mask;
    }
  }
}

/** Up to this many tokens, the next pair is found by looking at all of them. */
const few = 64;

/**
 * Merges neighbouring tokens of a piece (Sennrich, Haddow & Birch 2016): of all pairs that may be merged, the one with
 * the lowest rank first, the leftmost among equals, until there are none. The time is O(n log n) in the number of
 * tokens.
 */
export class Merging {
  readonly #table: MergeTable;
  /**
   * The tokens; of each that is left, where the next one is and the one before it, and the rank of it with the next.
   */
  #tokens = new Int32Array(few);
  #next = new Int32Array(few);
  #previous = new Int32Array(few + 1);
  #ranks = new Int32Array(few);
  /** The pairs that may be merged; those that are out of date are skipped. */
  readonly #pairs = new PairHeap();

  constructor(table: MergeTable) {
    this.#table = table;
  }

  /** Calls `take` with each token that `tokens` are merged to, of which there are fewer than 2²⁴. */
  merge(tokens: readonly number[], take: (id: number) => void): void {
    const { length } = tokens;
    if (length > this.#tokens.length) {
      this.#tokens = new Int32Array(2 * length);
      this.#next = new Int32Array(2 * length);
      this.#previous = new Int32Array(2 * length + 1);
      this.#ranks = new Int32Array(2 * length);
    }
    for (let at = 0; at < length; at++) {
      this.#tokens[at] = tokens[at];
      this.#next[at] = at + 1;
      this.#previous[at] = at - 1;
      this.#ranks[at] = at + 1 < length ? this.#table.rank(tokens[at], tokens[at + 1]) : -1;
    }
    if (length <= few) this.#mergeFew(length);
    else this.#mergeMany(length);
    for (let at = 0; at < length; at = this.#next[at]) take(this.#tokens[at]);
  }

  #rankAt(at: number, length: number): number {
    const next = this.#next[at];
    return next >= length ? -1 : this.#table.rank(this.#tokens[at], this.#tokens[next]);
  }

  #mergeAt(at: number, length: number): void {
    const merged = this.#next[at];
    const next = this.#next[merged];
    this.#tokens[at] = this.#table.merged(this.#tokens[at], this.#tokens[merged]);
    this.#ranks[merged] = -1;
    this.#next[at] = next;
    this.#previous[next] = at;
    this.#ranks[at] = this.#rankAt(at, length);
    const before = this.#previous[at];
    if (before >= 0) this.#ranks[before] = this.#rankAt(before, length);
  }

  #mergeFew(length: number): void {
    for (;;) {
      let lowest = -1;
      for (let at = 0; at < length; at = this.#next[at]) {
        const rank = this.#ranks[at];
        if (rank >= 0 && (lowest < 0 || rank < this.#ranks[lowest])) lowest = at;
      }
      if (lowest < 0) return;
      this.#mergeAt(lowest, length);
    }
  }

  #mergeMany(length: number): void {
    const pairs = this.#pairs;
    // Each merge makes at most two pairs that were not there.
    pairs.begin(3 * length);
    for (let at = 0; at < length; at++) this.#add(at);
    while (pairs.take()) {
      const { at, rank } = pairs;
      if (this.#ranks[at] !== rank) continue;
      this.#mergeAt(at, length);
      this.#add(at);
      if (this.#previous[at] >= 0) this.#add(this.#previous[at]);
    }
  }

  #add(at: number): void {
    if (this.#ranks[at] >= 0) this.#pairs.add(this.#ranks[at], at);
  }
}
