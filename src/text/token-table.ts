import { randomInt } from 'node:crypto';
import { decodeUtf8 } from './utf8.ts';

/** Other in every process, so that no text can be made beforehand whose tokens all collide. */
const seed = randomInt(2 ** 32);

/** The arrays of a token table, in memory that threads can share. */
export interface SharedTokens {
  readonly size: number;
  readonly seed: number;
  readonly slots: Uint32Array;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/**
 * The distinct tokens of a text, numbered 0, 1, 2 … in the order of their first appearance.
 * A hash table with open addressing and linear probing, at most half full; the bytes of the tokens lie one after the
 * other. No string is made but by `token`.
 */
export class TokenTable {
  /** Two numbers a slot: the token's hash, and its id + 1 (0 where the slot is free). */
  #slots: Uint32Array = new Uint32Array(2 * 64);
  #bytes: Uint8Array = new Uint8Array(512);
  /** Token id's bytes are `#bytes[#ends[id], #ends[id + 1])`. */
  #ends: Uint32Array = new Uint32Array(33);
  #size = 0;
  #seed = seed;

  /** A table of these tokens, for looking them up; none can be added. */
  static of({ size, seed, slots, bytes, ends }: SharedTokens): TokenTable {
    const table = new TokenTable();
    table.#size = size;
    table.#seed = seed;
    table.#slots = slots;
    table.#bytes = bytes;
    table.#ends = ends;
    return table;
  }

  /** How many distinct tokens there are. */
  get size(): number {
    return this.#size;
  }

  /** The id of the token whose UTF-8 is `bytes[start, end)`; `size` before the call where it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(this.#seed, bytes, start, end);
    const slot = this.#slot(hash, bytes, start, end);
    const known = this.#slots[slot + 1];
    return known === 0 ? this.#add(slot, hash, bytes, start, end) : known - 1;
  }

  /** The id of the token whose UTF-8 is `bytes[start, end)`; -1 where it is not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slot(hashOf(this.#seed, bytes, start, end), bytes, start, end) + 1] - 1;
  }

  /** The token with this id. */
  token(id: number): string {
    return decodeUtf8(this.#bytes, this.#ends[id], this.#ends[id + 1]);
  }

  /** A copy of the table's arrays as they are now. */
  share(): SharedTokens {
    const slots = new Uint32Array(new SharedArrayBuffer(this.#slots.byteLength));
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#ends[this.#size]));
    const ends = new Uint32Array(new SharedArrayBuffer(4 * (this.#size + 1)));
    slots.set(this.#slots);
    bytes.set(this.#bytes.subarray(0, bytes.length));
    ends.set(this.#ends.subarray(0, ends.length));
    return { size: this.#size, seed: this.#seed, slots, bytes, ends };
  }

  /** The token's slot, or the free one where it would be. */
  #slot(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    while (slots[slot + 1] !== 0) {
      if (slots[slot] === hash && this.#equals(slots[slot + 1] - 1, bytes, start, end)) break;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#bytes;
    let at = this.#ends[id];
    if (this.#ends[id + 1] - at !== end - start) return false;
    for (let i = start; i < end; i++) if (known[at++] !== bytes[i]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const id = this.#size++;
    const from = this.#ends[id];
    const to = from + end - start;
    if (to > this.#bytes.length) this.#growBytes(to);
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#ends[id + 1] = to;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = id + 1;
    if (this.#size === this.#ends.length - 1) this.#growSlots();
    return id;
  }

  #growBytes(length: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #growSlots(): void {
    const ends = new Uint32Array(2 * this.#size + 1);
    ends.set(this.#ends);
    this.#ends = ends;
    const old = this.#slots;
    const slots = new Uint32Array(2 * old.length);
    const mask = slots.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = (old[i] << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[i];
      slots[slot + 1] = old[i + 1];
    }
    this.#slots = slots;
  }
}

/** FNV-1a, with the high bits mixed into the low ones, which choose the slot. */
function hashOf(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
