/**
 * The block format: neighbouring n-grams of one order, each written as its difference from the previous one.
 *
 * An entry is `varint((count - 1) · order + shared)`, where `shared` is the number of leading ids that it shares with the
 * previous entry, then `varint(id - previous id - 1)` for the first id that differs, then a varint for each remaining id.
 * For a block's first n-gram only `varint((count - 1) · order)` is written: its ids are the block's key.
 * Varints are little-endian base 128 (LEB128).
 */

/** The maximum number of n-grams in a block, unless a test sets another. */
export const blockNGrams = 128;

const maxVarintBytes = 8;

/** Packs n-grams that arrive in ascending order into blocks. */
export class BlockEncoder {
  readonly #order: number;
  readonly #previous: Uint32Array;
  readonly #bytes: Buffer;
  #length = 0;
  /** The number of n-grams in the current block. */
  size = 0;
  /** The highest count in the current block. */
  peak = 0;

  /** `capacity` is the maximum number of n-grams that are added to one block. */
  constructor(order: number, capacity: number) {
    this.#order = order;
    this.#previous = new Uint32Array(order);
    this.#bytes = Buffer.alloc(capacity * maxVarintBytes * (order + 1));
  }

  add(ngram: Uint32Array, count: number): void {
    const order = this.#order;
    const previous = this.#previous;
    if (this.size === 0) {
      this.#varint((count - 1) * order);
      for (let i = 0; i < order; i++) previous[i] = ngram[i];
    } else {
      let shared = 0;
      while (ngram[shared] === previous[shared]) shared++;
      this.#varint((count - 1) * order + shared);
      this.#varint(ngram[shared] - previous[shared] - 1);
      previous[shared] = ngram[shared];
      for (let i = shared + 1; i < order; i++) {
        this.#varint(ngram[i]);
        previous[i] = ngram[i];
      }
    }
    if (count > this.peak) this.peak = count;
    this.size++;
  }

  /** Returns the finished block's bytes, valid until the next `add`, and empties the encoder. */
  take(): Buffer {
    const data = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.size = 0;
    this.peak = 0;
    return data;
  }

  #varint(value: number): void {
    const bytes = this.#bytes;
    while (value >= 0x80) {
      bytes[this.#length++] = (value % 0x80) | 0x80;
      value = value < 0x80000000 ? value >>> 7 : Math.floor(value / 0x80);
    }
    bytes[this.#length++] = value;
  }
}

/** Reads the n-grams of one block after the other. */
export class BlockDecoder {
  readonly ngram: Uint32Array;
  count = 0;
  readonly #order: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #first = true;

  constructor(order: number) {
    this.#order = order;
    this.ngram = new Uint32Array(order);
  }

  /** Begins a block: `first` is its first n-gram, `data` its bytes. */
  open(first: ArrayLike<number>, data: Uint8Array): void {
    for (let i = 0; i < this.#order; i++) this.ngram[i] = first[i] as number;
    this.#bytes = data;
    this.#offset = 0;
    this.#first = true;
  }

  /** How many bytes of the block have been read. */
  get offset(): number {
    return this.#offset;
  }

  /** Advances to the block's next n-gram; false at its end. */
  next(): boolean {
    if (this.#offset >= this.#bytes.length) return false;
    const order = this.#order;
    const head = this.#varint();
    const shared = head % order;
    this.count = (head - shared) / order + 1;
    if (this.#first) {
      this.#first = false;
      return true;
    }
    const ngram = this.ngram;
    ngram[shared] += this.#varint() + 1;
    for (let i = shared + 1; i < order; i++) ngram[i] = this.#varint();
    return true;
  }

  #varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#offset++];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = bytes[this.#offset++];
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  }
}
