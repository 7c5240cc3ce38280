import { NgramdError } from '../errors.ts';
import { hashOf, randomKey, slotHash } from './token-hash.ts';
import { decodeUtf8 } from './utf8.ts';

const threadKey = randomKey();

/** The arrays of a token table, in memory that threads can share. */
export interface SharedTokens {
  readonly size: number;
  readonly key: Int32Array;
  readonly slots: Int32Array;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** The distinct tokens of a table, without its hash table. */
export interface TokenList {
  readonly size: number;
  /** Token id's UTF-8 is `bytes[ends[id], ends[id + 1])`. */
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** The token of a list with this id. */
export function tokenOf({ bytes, ends }: TokenList, id: number): string {
  return decodeUtf8(bytes, ends[id], ends[id + 1]);
}

/** The maximum number of bytes of all tokens together, so that each end fits into 32 bits, and of tokens. */
const maxBytes = 2 ** 32 - 1;
const maxTokens = 2 ** 28;

/** The number of Int32 values per slot. */
const slotSize = 4;

/** The longest token, in bytes, that a slot holds in full. */
const heldBytes = 8;

/** A buffer for the UTF-8 of a token that is not long: reusing the same bytes is the fastest. */
const room = Buffer.alloc(1024);

/** The initial number of slots. */
const fewSlots = 64;

/**
 * The distinct tokens of a text, numbered 0, 1, 2 … in the order of their first appearance. A hash table with open
 * addressing and linear probing, at most half full. Most tokens are short enough for their slot to hold them in full,
 * and finding one reads nothing else. The bytes of all tokens are stored contiguously. Only `token` creates strings.
 */
export class TokenTable {
  /**
   * Four numbers per slot: the token's bytes 0 to 3 and 4 to 7 or, for a longer token, its hash and 0; its length; and
   * its id + 1 (0 if the slot is free).
   */
  #slots: Int32Array = new Int32Array(slotSize * fewSlots);
  #bytes: Uint8Array = new Uint8Array(512);
  /** Token id's bytes are `#bytes[#ends[id], #ends[id + 1])`. */
  #ends: Uint32Array = new Uint32Array(fewSlots / 2 + 1);
  #size = 0;
  #key = threadKey;
  /** The bytes of the last look-up, with a view to read four at a time. */
  #viewed: Uint8Array = this.#bytes;
  #view = new DataView(this.#bytes.buffer);
  /** The first two numbers of the slot that is being searched for. */
  #first = 0;
  #second = 0;
  /** For `findAll`: the first two numbers of the slots of its tokens. */
  #firsts = new Int32Array(0);
  #seconds = new Int32Array(0);
  readonly #take: (bytes: number) => void;

  /**
   * `take` is called with the number of bytes by which the arrays are about to grow, and with a negative number when
   * bytes have been freed. If it throws, the table must not be used any more.
   */
  constructor(take: (bytes: number) => void = () => {}) {
    this.#take = take;
  }

  /** A read-only table of these tokens. */
  static of({ size, key, slots, bytes, ends }: SharedTokens): TokenTable {
    const table = new TokenTable();
    table.#size = size;
    table.#key = key;
    table.#slots = slots;
    table.#bytes = bytes;
    table.#ends = ends;
    return table;
  }

  /** The number of distinct tokens. */
  get size(): number {
    return this.#size;
  }

  /**
   * The id of the token whose UTF-8 is `bytes[start, end)`; the previous `size` if it is new. Throws
   * `vocabulary-too-large` beyond 2²⁸ tokens or 4 GiB of them.
   */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#slot(bytes, start, end);
    const known = this.#slots[slot + 3];
    return known === 0 ? this.#add(slot, bytes, start, end) : known - 1;
  }

  /** The id of the token whose UTF-8 is `bytes[start, end)`; -1 if it is not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slot(bytes, start, end) + 3] - 1;
  }

  /**
   * Like `find`, for the `count` tokens `bytes[starts[i], ends[i])`, into `ids`. Their slots are determined first, so
   * that the processor reads several at the same time.
   */
  findAll(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, ids: Int32Array, count: number): void {
    if (this.#firsts.length < count) {
      this.#firsts = new Int32Array(count);
      this.#seconds = new Int32Array(count);
    }
    const firsts = this.#firsts;
    const seconds = this.#seconds;
    const key = this.#key;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let i = 0; i < count; i++) {
      const start = starts[i];
      const length = ends[i] - start;
      if (length > heldBytes) {
        this.#first = hashOf(key, bytes, start, ends[i]);
        this.#second = 0;
      } else this.#hold(bytes, start, length);
      firsts[i] = this.#first;
      seconds[i] = this.#second;
      ids[i] = (slotHash(key, this.#first, this.#second, length) * slotSize) & mask;
    }
    for (let i = 0; i < count; i++) {
      const first = firsts[i];
      const second = seconds[i];
      const length = ends[i] - starts[i];
      let slot = ids[i];
      for (; slots[slot + 3] !== 0; slot = (slot + slotSize) & mask) {
        if (slots[slot] !== first || slots[slot + 1] !== second || slots[slot + 2] !== length) continue;
        if (length <= heldBytes || this.#equals(slots[slot + 3] - 1, bytes, starts[i], ends[i])) break;
      }
      ids[i] = slots[slot + 3] - 1;
    }
  }

  /** Like `find`, for a token as a string. */
  findText(token: string): number {
    if (3 * token.length > room.length) {
      const bytes = Buffer.from(token);
      return this.find(bytes, 0, bytes.length);
    }
    return this.find(room, 0, room.write(token));
  }

  /** The token with this id. */
  token(id: number): string {
    return decodeUtf8(this.#bytes, this.#ends[id], this.#ends[id + 1]);
  }

  /** Hands over the tokens, with buffers of their own; the table must not be used afterwards. */
  take(): TokenList {
    const size = this.#size;
    this.#take(-this.#slots.byteLength);
    this.#slots = new Int32Array(slotSize);
    return { size, bytes: this.#bytes, ends: this.#ends };
  }

  /** The bytes of the arrays that `share` makes. */
  get sharedBytes(): number {
    return this.#slots.byteLength + this.#ends[this.#size] + 4 * (this.#size + 1);
  }

  /** A copy of the table's current arrays in shared memory. */
  share(): SharedTokens {
    const slots = new Int32Array(new SharedArrayBuffer(this.#slots.byteLength));
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#ends[this.#size]));
    const ends = new Uint32Array(new SharedArrayBuffer(4 * (this.#size + 1)));
    slots.set(this.#slots);
    bytes.set(this.#bytes.subarray(0, bytes.length));
    ends.set(this.#ends.subarray(0, ends.length));
    return { size: this.#size, key: this.#key, slots, bytes, ends };
  }

  /** The token's slot, or the free slot where it would be inserted. */
  #slot(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > heldBytes) {
      this.#first = hashOf(this.#key, bytes, start, end);
      this.#second = 0;
    } else this.#hold(bytes, start, length);
    const first = this.#first;
    const second = this.#second;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (slotHash(this.#key, first, second, length) * slotSize) & mask;
    for (; slots[slot + 3] !== 0; slot = (slot + slotSize) & mask) {
      if (slots[slot] !== first || slots[slot + 1] !== second || slots[slot + 2] !== length) continue;
      if (length <= heldBytes || this.#equals(slots[slot + 3] - 1, bytes, start, end)) break;
    }
    return slot;
  }

  /** Reads a token of at most eight bytes into the two numbers of its slot. */
  #hold(bytes: Uint8Array, start: number, length: number): void {
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    if (start + heldBytes <= bytes.length) {
      this.#first = this.#view.getInt32(start, true) & wholeBytes[length];
      this.#second = this.#view.getInt32(start + 4, true) & wholeBytes[length + 9];
      return;
    }
    this.#first = 0;
    this.#second = 0;
    for (let i = 0; i < length; i++) {
      if (i < 4) this.#first |= bytes[start + i] << (8 * i);
      else this.#second |= bytes[start + i] << (8 * (i - 4));
    }
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#bytes;
    let at = this.#ends[id];
    for (let i = start; i < end; i++) if (known[at++] !== bytes[i]) return false;
    return true;
  }

  #add(slot: number, bytes: Uint8Array, start: number, end: number): number {
    const id = this.#size++;
    const from = this.#ends[id];
    const to = from + end - start;
    if (to > this.#bytes.length) this.#growBytes(to);
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#ends[id + 1] = to;
    const slots = this.#slots;
    slots[slot] = this.#first;
    slots[slot + 1] = this.#second;
    slots[slot + 2] = end - start;
    slots[slot + 3] = id + 1;
    if (this.#size === this.#ends.length - 1) this.#growSlots();
    return id;
  }

  #growBytes(length: number): void {
    if (length > maxBytes) throw tooLarge();
    const old = this.#bytes;
    const newLength = Math.min(Math.max(2 * old.length, length), maxBytes);
    this.#take(newLength);
    this.#bytes = new Uint8Array(newLength);
    this.#bytes.set(old);
    this.#take(-old.length);
  }

  #growSlots(): void {
    if (this.#size === maxTokens) throw tooLarge();
    const old = this.#slots;
    this.#take(2 * (old.byteLength + this.#ends.byteLength));
    const ends = new Uint32Array(2 * this.#size + 1);
    ends.set(this.#ends);
    this.#take(-this.#ends.byteLength);
    this.#ends = ends;
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length - 1;
    const key = this.#key;
    for (let i = 0; i < old.length; i += slotSize) {
      if (old[i + 3] === 0) continue;
      let slot = (slotHash(key, old[i], old[i + 1], old[i + 2]) * slotSize) & mask;
      while (slots[slot + 3] !== 0) slot = (slot + slotSize) & mask;
      for (let j = 0; j < slotSize; j++) slots[slot + j] = old[i + j];
    }
    this.#slots = slots;
    this.#take(-old.byteLength);
  }
}

function tooLarge(): NgramdError {
  return new NgramdError(
    'vocabulary-too-large',
    `One text may have at most ${maxTokens} distinct tokens, of ${maxBytes} bytes together.`,
  );
}

/** The mask of bytes 0 to 3 for a token of 0 to 8 bytes, followed by the mask of bytes 4 to 7. */
const wholeBytes = Int32Array.from({ length: 18 }, (_, i) => {
  const bytes = i < 9 ? i : i - 9 - 4;
  return bytes <= 0 ? 0 : bytes >= 4 ? -1 : 2 ** (8 * bytes) - 1;
});
