/**
 * Rows of fixed width in RowBinary: every column is an integer of 32 bits or, as two of them with the low one first, of 64.
 */
import type { CountedNGrams } from '../store.ts';

const word = 2 ** 32;

/** Integers of 32 bits that are written one after the other. */
export class WordWriter {
  #words = new Uint32Array(1 << 14);
  #length = 0;

  /** The number of bytes that were written and not taken. */
  get bytes(): number {
    return 4 * this.#length;
  }

  /** Writes an integer of 64 bits, which may be negative. */
  static split(value: number): [low: number, high: number] {
    const high = Math.floor(value / word);
    return [value - high * word, high];
  }

  /** Writes rows of a run: the run, the ids of each n-gram, and its count. */
  addNGrams(run: number, { order, length, ids, counts }: CountedNGrams): void {
    const width = order + 3;
    this.#reserve(length * width);
    const words = this.#words;
    let at = this.#length;
    for (let i = 0, id = 0; i < length; i++) {
      words[at++] = run;
      for (let j = 0; j < order; j++) words[at++] = ids[id++];
      const count = counts[i];
      const high = Math.floor(count / word);
      words[at++] = count - high * word;
      words[at++] = high;
    }
    this.#length = at;
  }

  /** Writes integers of 32 bits. */
  add(...values: number[]): void {
    this.#reserve(values.length);
    for (const value of values) this.#words[this.#length++] = value;
  }

  /** The bytes so far, in memory of their own. */
  take(): Uint8Array {
    const bytes = new Uint8Array(this.#words.slice(0, this.#length).buffer);
    this.#length = 0;
    return bytes;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#words.length) return;
    const words = new Uint32Array(Math.max(wanted, 2 * this.#words.length));
    words.set(this.#words.subarray(0, this.#length));
    this.#words = words;
  }
}

/** The words of an answer. */
export function wordsOf(answer: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(answer.buffer, 0, answer.length / 4);
}

/** The integer of 64 bits whose low word is at `at`. */
export function longAt(words: Uint32Array, at: number): number {
  return words[at] + (words[at + 1] | 0) * word;
}

/** The answer to a query for the ids of n-grams of an order and their counts. */
export function countedNGramsOf(answer: Uint8Array<ArrayBuffer>, order: number): CountedNGrams {
  const words = wordsOf(answer);
  const width = order + 2;
  const length = words.length / width;
  const ids = new Uint32Array(length * order);
  const counts = new Float64Array(length);
  for (let i = 0, at = 0, id = 0; i < length; i++, at += 2) {
    for (let j = 0; j < order; j++) ids[id++] = words[at++];
    counts[i] = longAt(words, at);
  }
  return { order, length, ids, counts };
}
