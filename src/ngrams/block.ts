/**
 * The block format: neighbouring n-grams of one order, each written as its difference from the previous one.
 *
 * Each n-gram has a head of four bits, `(min(count, top) - 1) · order + shared`: `shared` is the number of leading ids
 * that it shares with the previous n-gram, 0 in the first one, and `top` is `⌊16 / order⌋`. The n-grams are written in
 * pairs: a byte with the heads of both, that of the first in the low bits, then the numbers of the first, then those of
 * the second; a last n-gram without a partner has the byte for itself. The numbers of an n-gram (`packed-number.ts`)
 * are
 *
 * 1. if its count is `top` or more: `count - top`;
 * 2. in every n-gram but the block's first, whose ids are the block's key: `id - previous id - 1` for the first id that
 *    differs, then each of the remaining ids.
 */
import {
  isShort,
  isTwoBytes,
  maxIdBytes,
  maxNumberBytes,
  numberLength,
  readNumber,
  readShort,
  writeNumber,
} from './packed-number.ts';

/** The maximum number of n-grams in a block, unless a test sets another. Nearly all reach `fullBytes` first. */
export const blockNGrams = 512;

/** A block is full when it and its key take this many bytes: six such rows fill a page of SQLite's, 4 kB. */
const fullBytes = 650;

/** The number of different heads. */
const heads = 16;

/** What the heads of n-grams of an order say. */
export interface Heads {
  /** The highest count that a head says; the n-gram's may be higher. */
  readonly top: number;
  readonly countOf: Uint8Array;
  readonly sharedOf: Uint8Array;
}

/** By order: a decoder is made for each look-up. */
const headsByOrder: Heads[] = [];

export function headsOf(order: number): Heads {
  headsByOrder[order] ??= {
    top: Math.floor(heads / order),
    countOf: Uint8Array.from({ length: heads }, (_, head) => Math.floor(head / order) + 1),
    sharedOf: Uint8Array.from({ length: heads }, (_, head) => head % order),
  };
  return headsByOrder[order];
}

/** Packs n-grams that arrive in ascending order into blocks. */
export class BlockEncoder {
  readonly #order: number;
  readonly #capacity: number;
  readonly #fullAt: number;
  readonly #top: number;
  readonly #previous: Uint32Array;
  readonly #bytes: Uint8Array;
  #length = 0;
  /** Where the heads of the current pair are, and the first of them. */
  #headsAt = 0;
  #head = 0;
  /** The number of n-grams in the current block. */
  size = 0;
  /** The highest count in the current block. */
  peak = 0;

  /** `capacity` is the maximum number of n-grams that are added to one block. */
  constructor(order: number, capacity: number) {
    this.#order = order;
    this.#capacity = capacity;
    this.#fullAt = fullBytes - 4 * order;
    this.#top = headsOf(order).top;
    this.#previous = new Uint32Array(order);
    this.#bytes = new Uint8Array(capacity * (1 + maxNumberBytes + order * maxIdBytes));
  }

  /** Whether the block should be taken: it has `capacity` n-grams, or as many bytes as a row should have. */
  get isFull(): boolean {
    return this.#length >= this.#fullAt || this.size >= this.#capacity;
  }

  add(ngram: Uint32Array, count: number): void {
    const order = this.#order;
    const top = this.#top;
    const previous = this.#previous;
    const bytes = this.#bytes;
    const size = this.size++;
    const isSecond = size & 1;
    const start = this.#length;
    let end = start + 1 - isSecond;
    if (count >= top) end = writeNumber(bytes, end, count - top);
    let shared = 0;
    if (size === 0) for (let i = 0; i < order; i++) previous[i] = ngram[i];
    else {
      let id = ngram[0];
      let before = previous[0];
      for (; id === before; before = previous[shared]) id = ngram[++shared];
      end = writeNumber(bytes, end, id - before - 1);
      previous[shared] = id;
      for (let i = shared + 1; i < order; i++) {
        id = ngram[i];
        end = writeNumber(bytes, end, id);
        previous[i] = id;
      }
    }
    const head = ((count < top ? count | 0 : top) - 1) * order + shared;
    if (isSecond === 1) bytes[this.#headsAt] = this.#head | (head << 4);
    else {
      bytes[start] = head;
      this.#headsAt = start;
      this.#head = head;
    }
    this.#length = end;
    if (count > this.peak) this.peak = count;
  }

  /** Returns the finished block's bytes, valid until the next `add`, and empties the encoder. */
  take(): Uint8Array {
    const data = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.size = 0;
    this.peak = 0;
    return data;
  }
}

/** Reads the n-grams of one block after the other. */
export class BlockDecoder {
  readonly ngram: Uint32Array;
  count = 0;
  readonly #order: number;
  readonly #top: number;
  readonly #countOf: Uint8Array;
  readonly #sharedOf: Uint8Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #offset = 0;
  /** The number of n-grams of the block that have been read. */
  #read = 0;
  /** The heads of the current pair, the next one in the low bits. */
  #pair = 0;

  constructor(order: number) {
    this.#order = order;
    const { top, countOf, sharedOf } = headsOf(order);
    this.#top = top;
    this.#countOf = countOf;
    this.#sharedOf = sharedOf;
    this.ngram = new Uint32Array(order);
  }

  /** Begins a block: `first` is its first n-gram, `data` its bytes. */
  open(first: ArrayLike<number>, data: Uint8Array): void {
    for (let i = 0; i < this.#order; i++) this.ngram[i] = first[i] as number;
    this.#bytes = data;
    this.#offset = 0;
    this.#read = 0;
  }

  /** How many bytes of the block have been read. */
  get offset(): number {
    return this.#offset;
  }

  /** Advances to the block's next n-gram; false at its end. */
  next(): boolean {
    const bytes = this.#bytes;
    let at = this.#offset;
    if (at >= bytes.length) return false;
    const order = this.#order;
    const ngram = this.ngram;
    if ((this.#read & 1) === 1) this.#pair >>>= 4;
    else this.#pair = bytes[at++];
    const head = this.#pair & (heads - 1);
    this.count = this.#countOf[head];
    if (this.count === this.#top) {
      this.count += readNumber(bytes, at);
      at += numberLength(bytes[at]);
    }
    const shared = this.#read++ === 0 ? order : this.#sharedOf[head];
    for (let i = shared; i < order; i++) {
      const first = bytes[at];
      let id: number;
      if (isShort(first)) {
        const more = isTwoBytes(first);
        id = readShort(bytes, at, more);
        at += 1 + more;
      } else {
        id = readNumber(bytes, at);
        at += numberLength(first);
      }
      if (i === shared) ngram[i] += id + 1;
      else ngram[i] = id;
    }
    this.#offset = at;
    return true;
  }
}
