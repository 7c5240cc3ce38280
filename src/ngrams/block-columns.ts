import { readNGramKey } from './ngram-stream.ts';

/** n-grams of one order in columns: n-gram i has the ids from `i * order` on. */
export interface Columns {
  readonly order: number;
  readonly length: number;
  readonly ids: Uint32Array;
  readonly counts: Float64Array;
}

/**
 * Decodes blocks of one order, which `block.ts` describes, into columns. It does what a `BlockDecoder` does, and is faster
 * where all n-grams are wanted.
 */
export class BlockColumns {
  readonly #order: number;
  readonly #sign: 1 | -1;
  #ids: Uint32Array;
  #counts: Float64Array;
  #length = 0;

  /** Counts are multiplied by `sign`; there is room for `capacity` n-grams until more come. */
  constructor(order: number, sign: 1 | -1, capacity: number) {
    this.#order = order;
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
    const order = this.#order;
    const ids = this.#ids;
    const counts = this.#counts;
    const bytes = data.length;
    let n = this.#length;
    let at = n * order;
    let offset = 0;
    readNGramKey(first, ids.subarray(at, at + order));
    for (let isFirst = true; offset < bytes; isFirst = false) {
      let head = data[offset++];
      if (head >= 0x80) {
        head &= 0x7f;
        for (let scale = 0x80, byte = 0x80; byte >= 0x80; scale *= 0x80) {
          byte = data[offset++];
          head += (byte & 0x7f) * scale;
        }
      }
      const shared = head % order;
      counts[n++] = this.#sign * ((head - shared) / order + 1);
      if (isFirst) {
        at += order;
        continue;
      }
      for (let i = 0; i < shared; i++, at++) ids[at] = ids[at - order];
      for (let i = shared; i < order; i++, at++) {
        let id = data[offset++];
        if (id >= 0x80) {
          id &= 0x7f;
          for (let scale = 0x80, byte = 0x80; byte >= 0x80; scale *= 0x80) {
            byte = data[offset++];
            id += (byte & 0x7f) * scale;
          }
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
