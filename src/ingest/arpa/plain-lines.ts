import { maxOrder } from '../../store/store.ts';
import { PlainNumbers } from './arpa-number.ts';

/** How many lines are read together: their words and n-grams are then looked up side by side. */
export const rowsTogether = 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

/** Lines of the n-grams of one order, in columns. */
export interface NGramRows {
  readonly size: number;
  /** The words as ids, a column for each place in the n-gram. */
  readonly words: readonly Int32Array[];
  /** To base 10. */
  readonly logProbabilities: Float64Array;
  /** 0 where there is none. */
  readonly backoffs: Float64Array;
}

/** Looks words up: those of `bytes[starts[i], ends[i])`, for `count` of them, into `ids`; what is not a word is -1. */
export type FindWords = (
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  ids: Int32Array,
  count: number,
) => void;

/**
 * Reads lines of n-grams, as long as they are plain: a log probability of at most 0, known words, and a back-off weight only below
 * the highest order, with one separator between them and numbers without an exponent. Nearly all lines of nearly all files are.
 */
export class PlainLines implements NGramRows {
  size = 0;
  readonly words = Array.from({ length: maxOrder }, () => new Int32Array(rowsTogether));
  readonly logProbabilities = new Float64Array(rowsTogether);
  readonly backoffs = new Float64Array(rowsTogether);
  readonly #numbers = new PlainNumbers();
  /** Where the words are that have to be looked up, and their ids. */
  readonly #starts = new Int32Array(maxOrder * rowsTogether);
  readonly #ends = new Int32Array(maxOrder * rowsTogether);
  readonly #ids = new Int32Array(maxOrder * rowsTogether);
  /** The index of the word of the line before at each place, among these. */
  readonly #before = new Int32Array(maxOrder);
  /** Where each line begins, and where the last one ends. */
  readonly #lines = new Int32Array(rowsTogether + 1);

  /**
   * Reads at most `most` lines of `bytes[from, to)`, which ends with a line feed, and returns where the first one begins that was
   * not read.
   */
  read(
    bytes: Uint8Array,
    from: number,
    to: number,
    order: number,
    isHighest: boolean,
    most: number,
    find: FindWords,
  ): number {
    const distinct = this.#scan(bytes, from, to, order, isHighest, Math.min(most, rowsTogether));
    find(bytes, this.#starts, this.#ends, this.#ids, distinct);
    const ids = this.#ids;
    for (let k = 0; k < order; k++) {
      const column = this.words[k];
      for (let i = 0; i < this.size; i++) {
        const id = ids[column[i]];
        if (id < 0) this.size = i;
        column[i] = id;
      }
    }
    return this.#lines[this.size];
  }

  /** Reads lines; their words are indexes of the words that are to be looked up. Returns the number of these. */
  #scan(
    bytes: Uint8Array,
    from: number,
    to: number,
    order: number,
    isHighest: boolean,
    most: number,
  ): number {
    const numbers = this.#numbers;
    const starts = this.#starts;
    const ends = this.#ends;
    const before = this.#before;
    const lines = this.#lines;
    let distinct = 0;
    let size = 0;
    let at = from;
    lines[0] = at;
    line: while (at < to && size < most) {
      const logProbability = numbers.read(bytes, at);
      at = numbers.end;
      if (!(logProbability <= 0)) break;
      for (let k = 0; k < order; k++) {
        if (bytes[at] !== tab && bytes[at] !== space) break line;
        const start = ++at;
        while (bytes[at] > space) at++;
        if (at === start) break line;
        if (size === 0 || !isSame(bytes, start, at, starts[before[k]], ends[before[k]])) {
          starts[distinct] = start;
          ends[distinct] = at;
          before[k] = distinct++;
        }
        this.words[k][size] = before[k];
      }
      let backoff = 0;
      if (bytes[at] === tab || bytes[at] === space) {
        backoff = numbers.read(bytes, at + 1);
        at = numbers.end;
        if (Number.isNaN(backoff) || (isHighest && backoff !== 0)) break;
      }
      if (bytes[at] === carriageReturn) at++;
      if (bytes[at] !== lineFeed) break;
      this.logProbabilities[size] = logProbability;
      this.backoffs[size] = backoff;
      lines[++size] = ++at;
    }
    this.size = size;
    return distinct;
  }
}

/** Whether two stretches of bytes are the same. */
function isSame(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  let other = otherStart;
  for (let at = start; at < end; at++) if (bytes[at] !== bytes[other++]) return false;
  return true;
}
