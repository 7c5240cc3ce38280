import { type Heads, headsOf } from './block.ts';
import { readNGramKey } from './ngram-stream.ts';
import { isShort, isTwoBytes, numberLength, readNumber, readShort } from './packed-number.ts';

/** n-grams of one order in columns: n-gram i has the ids from `i * order` on. */
export interface Columns {
  readonly order: number;
  readonly length: number;
  readonly ids: Uint32Array;
  readonly counts: Float64Array;
}

/**
 * Decodes blocks of one order, which `block.ts` describes, into columns. It does what a `BlockDecoder` does, and is
 * faster where all n-grams are wanted.
 */
export class BlockColumns {
  readonly #order: number;
  readonly #heads: Heads;
  readonly #sign: 1 | -1;
  #ids: Uint32Array;
  #counts: Float64Array;
  #length = 0;

  /** Counts are multiplied by `sign`; there is room for `capacity` n-grams until more come. */
  constructor(order: number, sign: 1 | -1, capacity: number) {
    this.#order = order;
    this.#heads = headsOf(order);
    this.#sign = sign;
    this.#ids = new Uint32Array(capacity * order);
    this.#counts = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds the n-grams of a block, whose first one has the key `first`. */
  add(first: Uint8Array, data: Uint8Array): void {
    // Each n-gram takes at least one byte.
    this.#reserve(data.length);
    const { top, countOf, sharedOf } = this.#heads;
    const order = this.#order;
    const ids = this.#ids;
    const counts = this.#counts;
    const end = data.length;
    const start = this.#length;
    let n = start;
    let at = n * order;
    let offset = 0;
    let pair = 0;
    readNGramKey(first, ids.subarray(at, at + order));
    while (offset < end) {
      pair = ((n - start) & 1) === 0 ? data[offset++] : pair >>> 4;
      const head = pair & 15;
      let count = countOf[head];
      if (count === top) {
        count += readNumber(data, offset);
        offset += numberLength(data[offset]);
      }
      counts[n++] = this.#sign * count;
      if (n - start === 1) {
        at += order;
        continue;
      }
      const shared = sharedOf[head];
      for (let i = 0; i < shared; i++, at++) ids[at] = ids[at - order];
      for (let i = shared; i < order; i++, at++) {
        const byte = data[offset];
        let id: number;
        if (isShort(byte)) {
          const more = isTwoBytes(byte);
          id = readShort(data, offset, more);
          offset += 1 + more;
        } else {
          id = readNumber(data, offset);
          offset += numberLength(byte);
        }
        ids[at] = i === shared ? ids[at - order] + id + 1 : id;
      }
    }
    this.#length = n;
  }

  /** The n-grams so far, in memory of their own. */
  take(): Columns {
    const order = this.#order;
    const length = this.#length;
    const ids = this.#ids.slice(0, length * order);
    const counts = this.#counts.slice(0, length);
    this.#length = 0;
    return { order, length, ids, counts };
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#counts.length) return;
    const capacity = Math.max(wanted, 2 * this.#counts.length);
    const ids = new Uint32Array(capacity * this.#order);
    const counts = new Float64Array(capacity);
    ids.set(this.#ids.subarray(0, this.#length * this.#order));
    counts.set(this.#counts.subarray(0, this.#length));
    this.#ids = ids;
    this.#counts = counts;
  }
}
