import { PairHeap } from './pair-heap.ts';
import { findToken, type TokenBytes } from './token-file.ts';

/** Up to this many bytes, the next pair is found by looking at all of them. */
const fewBytes = 64;

/**
 * Merges the byte pairs of a piece of a text (Sennrich, Haddow & Birch 2016; with ranks as in tiktoken): of all
 * neighbouring parts that are a token together, those with the lowest id are merged first, the leftmost among equals,
 * until none are. The time is O(n log n) in the number of bytes, whatever the piece is.
 */
export class BytePairs {
  readonly #tokens: TokenBytes;
  /**
   * Of a part that begins at an index: where the one after it begins and the one before it, and the id of it with the
   * next.
   */
  #next = new Int32Array(fewBytes + 1);
  #previous = new Int32Array(fewBytes + 1);
  #ids = new Int32Array(fewBytes + 1);
  /** The pairs that may be merged; those that are out of date are skipped. */
  readonly #pairs = new PairHeap();

  constructor(tokens: TokenBytes) {
    this.#tokens = tokens;
  }

  /** Calls `take` with the id of each token of `bytes[start, end)`, which has fewer than 2²⁴ bytes. */
  merge(bytes: Uint8Array, start: number, end: number, take: (id: number) => void): void {
    const tokens = this.#tokens;
    const whole = findToken(tokens, bytes, start, end);
    if (whole >= 0) {
      take(whole);
      return;
    }
    const length = end - start;
    this.#begin(bytes, start, length);
    if (length <= fewBytes) this.#mergeFew(bytes, start, length);
    else this.#mergeMany(bytes, start, length);
    for (let at = 0; at < length; at = this.#next[at])
      take(findToken(tokens, bytes, start + at, start + this.#next[at]));
  }

  #begin(bytes: Uint8Array, start: number, length: number): void {
    if (length >= this.#next.length) {
      this.#next = new Int32Array(2 * length);
      this.#previous = new Int32Array(2 * length);
      this.#ids = new Int32Array(2 * length);
    }
    for (let at = 0; at <= length; at++) {
      this.#next[at] = at + 1;
      this.#previous[at] = at - 1;
    }
    for (let at = 0; at < length; at++) this.#ids[at] = this.#pairAt(bytes, start, at, length);
  }

  /** The id of the part at `at` together with the next one; -1 if they are not a token. */
  #pairAt(bytes: Uint8Array, start: number, at: number, length: number): number {
    const next = this.#next[at];
    return next >= length ? -1 : findToken(this.#tokens, bytes, start + at, start + this.#next[next]);
  }

  /** Merges the part at `at` with the next one. */
  #mergeAt(bytes: Uint8Array, start: number, at: number, length: number): void {
    const merged = this.#next[at];
    const next = this.#next[merged];
    this.#ids[merged] = -1;
    this.#next[at] = next;
    this.#previous[next] = at;
    this.#ids[at] = this.#pairAt(bytes, start, at, length);
    const before = this.#previous[at];
    if (before >= 0) this.#ids[before] = this.#pairAt(bytes, start, before, length);
  }

  #mergeFew(bytes: Uint8Array, start: number, length: number): void {
    for (;;) {
      let lowest = -1;
      for (let at = 0; at < length; at = this.#next[at]) {
        const id = this.#ids[at];
        if (id >= 0 && (lowest < 0 || id < this.#ids[lowest])) lowest = at;
      }
      if (lowest < 0) return;
      this.#mergeAt(bytes, start, lowest, length);
    }
  }

  #mergeMany(bytes: Uint8Array, start: number, length: number): void {
    const pairs = this.#pairs;
    // Each merge makes at most two pairs that were not there.
    pairs.begin(3 * length);
    for (let at = 0; at < length; at++) this.#add(at);
    while (pairs.take()) {
      const { at, rank } = pairs;
      if (this.#ids[at] !== rank) continue;
      this.#mergeAt(bytes, start, at, length);
      this.#add(at);
      if (this.#previous[at] >= 0) this.#add(this.#previous[at]);
    }
  }

  #add(at: number): void {
    if (this.#ids[at] >= 0) this.#pairs.add(this.#ids[at], at);
  }
}
