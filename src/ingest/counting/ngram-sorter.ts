import type { NGramStream } from '../../ngrams/ngram-stream.ts';
import { type Keys, keyBits, roomForKeys, sortKeys } from './radix-sort.ts';

/** How many n-grams are sorted at a time: they take up to 60 bytes each. */
const capacity = 2 ** 20;

/** Collects n-grams of one order with their counts, in any order, to sort them. */
export class NGramSorter {
  readonly order: number;
  #ids = new Uint32Array(0);
  #counts = new Float64Array(0);
  #length = 0;
  #highest = 0;
  /** Whether the n-grams have come in rising order. */
  #isSorted = true;
  #keys: Keys | undefined;
  #spare: Keys | undefined;

  constructor(order: number) {
    this.order = order;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether the n-grams have to be taken before others are added. */
  get isFull(): boolean {
    return this.#length === capacity;
  }

  /** Adds the n-gram that begins at `at` in `ids`. */
  add(ids: Uint32Array, at: number, count: number): void {
    const { order } = this;
    if (this.#length === this.#counts.length) this.#grow();
    const own = this.#ids;
    const to = this.#length * order;
    for (let i = 0; i < order; i++) {
      const id = ids[at + i];
      own[to + i] = id;
      if (id > this.#highest) this.#highest = id;
    }
    if (this.#isSorted && to > 0) this.#isSorted = isRising(own, to - order, order);
    this.#counts[this.#length++] = count;
  }

  /** The distinct n-grams in rising order, each with the sum of its counts. They are valid until the next is added. */
  take(): NGramStream {
    const sorted = this.#isSorted ? this.#numbers() : this.#sort();
    const stream = new SortedNGrams(this.order, this.#ids, this.#counts, sorted);
    this.#length = 0;
    this.#isSorted = true;
    return stream;
  }

  /** The numbers of the n-grams as they came. */
  #numbers(): Uint32Array {
    const { values } = this.#room();
    const numbers = (values as Uint32Array).subarray(0, this.#length);
    for (let i = 0; i < numbers.length; i++) numbers[i] = i;
    return numbers;
  }

  #room(): Keys {
    if (this.#keys === undefined || this.#keys.wholes.length < this.#length) {
      this.#keys = roomForKeys(this.#length, true);
      this.#spare = roomForKeys(this.#length, true);
    }
    return this.#keys;
  }

  /** The numbers of the n-grams in rising order: sorted by their last ids first, as many of them as fit into a key. */
  #sort(): Uint32Array {
    const values = this.#numbers();
    const keys = this.#room();
    const { halves } = keys;
    const ids = this.#ids;
    const { order } = this;
    const { length } = values;
    const bits = Math.max(1, 32 - Math.clz32(this.#highest));
    const packed = Math.floor(keyBits / bits);
    for (let to = order; to > 0; to -= packed) {
      const from = Math.max(0, to - packed);
      for (let i = 0; i < length; i++) {
        const first = values[i] * order;
        let low = 0;
        let high = 0;
        for (let at = first + from; at < first + to; at++) {
          high = (high << bits) | (low >>> (32 - bits));
          low = (low << bits) | ids[at];
        }
        halves[2 * i] = low;
        halves[2 * i + 1] = high;
      }
      sortKeys(keys, this.#spare as Keys, 0, length, bits * (to - from));
    }
    return values;
  }

  #grow(): void {
    const length = Math.min(capacity, Math.max(1024, 4 * this.#counts.length));
    const ids = new Uint32Array(length * this.order);
    const counts = new Float64Array(length);
    ids.set(this.#ids);
    counts.set(this.#counts);
    this.#ids = ids;
    this.#counts = counts;
  }
}

/** Sorted n-grams, of which equal ones become one. */
class SortedNGrams implements NGramStream {
  readonly order: number;
  readonly ngram: Uint32Array;
  count = 0;
  readonly #ids: Uint32Array;
  readonly #counts: Float64Array;
  readonly #sorted: Uint32Array;
  #next = 0;

  constructor(order: number, ids: Uint32Array, counts: Float64Array, sorted: Uint32Array) {
    this.order = order;
    this.ngram = new Uint32Array(order);
    this.#ids = ids;
    this.#counts = counts;
    this.#sorted = sorted;
  }

  next(): boolean {
    const sorted = this.#sorted;
    if (this.#next === sorted.length) return false;
    const { order, ngram } = this;
    const ids = this.#ids;
    const first = sorted[this.#next] * order;
    for (let i = 0; i < order; i++) ngram[i] = ids[first + i];
    this.count = this.#counts[sorted[this.#next++]];
    while (this.#next < sorted.length && this.#isSame(sorted[this.#next] * order))
      this.count += this.#counts[sorted[this.#next++]];
    return true;
  }

  #isSame(at: number): boolean {
    for (let i = 0; i < this.order; i++) if (this.#ids[at + i] !== this.ngram[i]) return false;
    return true;
  }
}

/** Whether the n-gram at `at` is not after the one that follows it. */
function isRising(ids: Uint32Array, at: number, order: number): boolean {
  for (let i = at; i < at + order; i++) if (ids[i] !== ids[i + order]) return ids[i] < ids[i + order];
  return true;
}
