import { maxOrder } from '../../store/store.ts';
import { PlainNumbers } from './arpa-number.ts';
import { type NGramRows, rowsCapacity } from './ngram-rows.ts';

/** How many lines are read together: their words are then looked up side by side. */
const linesTogether = 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

/** Looks words up: those of `bytes[starts[i], ends[i])`, for `count` of them, into `ids`; what is not a word is -1. */
export type FindWords = (
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  ids: Int32Array,
  count: number,
) => void;

/**
 * Reads lines of n-grams, as long as they are plain: a log probability of at most 0, known words, and a back-off weight
 * only below the highest order, with one separator between them and numbers without an exponent. Nearly all lines of
 * nearly all files are.
 */
export class PlainLines {
  readonly #find: FindWords;
  readonly #numbers = new PlainNumbers();
  #order = 0;
  #isHighest = false;
  /** Where the words are that have to be looked up, and their ids. */
  readonly #starts = new Int32Array(maxOrder * linesTogether);
  readonly #ends = new Int32Array(maxOrder * linesTogether);
  readonly #ids = new Int32Array(maxOrder * linesTogether);
  /** The index of the word of the line before at each place, among these. */
  readonly #before = new Int32Array(maxOrder);
  /** Where each line begins, and where the last one ends. */
  readonly #lines = new Int32Array(linesTogether + 1);

  constructor(find: FindWords) {
    this.#find = find;
  }

  /** What is read next are n-grams of this order, above 1. */
  begin(order: number, isHighest: boolean): void {
    this.#order = order;
    this.#isHighest = isHighest;
  }

  /**
   * Reads at most `most` lines of `bytes[from, to)`, which ends with a line feed, into `rows`, as long as these have
   * room. Returns where the first line begins that was not read.
   */
  read(bytes: Uint8Array, from: number, to: number, most: number, rows: NGramRows): number {
    const full = Math.min(rowsCapacity, rows.size + most);
    let at = from;
    for (let isPlain = true; isPlain && rows.size < full && at < to; ) {
      const lines = Math.min(full - rows.size, linesTogether);
      const first = rows.size;
      const distinct = this.#scan(bytes, at, to, lines, rows);
      this.#find(bytes, this.#starts, this.#ends, this.#ids, distinct);
      this.#identify(rows, first);
      const read = rows.size - first;
      at = this.#lines[read];
      isPlain = read === lines;
    }
    return at;
  }

  /** Reads lines; their words are indexes of the words that are to be looked up. Returns the number of these. */
  #scan(bytes: Uint8Array, from: number, to: number, most: number, rows: NGramRows): number {
    const { words, logProbabilities, backoffs } = rows;
    const order = this.#order;
    const isHighest = this.#isHighest;
    const numbers = this.#numbers;
    const starts = this.#starts;
    const ends = this.#ends;
    const before = this.#before;
    const lines = this.#lines;
    const first = rows.size;
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
        words[k][first + size] = before[k];
      }
      let backoff = 0;
      if (bytes[at] === tab || bytes[at] === space) {
        backoff = numbers.read(bytes, at + 1);
        at = numbers.end;
        if (Number.isNaN(backoff) || (isHighest && backoff !== 0)) break;
      }
      if (bytes[at] === carriageReturn) at++;
      if (bytes[at] !== lineFeed) break;
      logProbabilities[first + size] = logProbability;
      backoffs[first + size] = backoff;
      lines[++size] = ++at;
    }
    rows.size = first + size;
    return distinct;
  }

  /**
   * Puts the ids of words in place of their indexes, in the rows from `first` on: up to the first that has an unknown
   * word.
   */
  #identify(rows: NGramRows, first: number): void {
    const ids = this.#ids;
    for (let k = 0; k < this.#order; k++) {
      const column = rows.words[k];
      for (let i = first; i < rows.size; i++) {
        const id = ids[column[i]];
        if (id < 0) rows.size = i;
        column[i] = id;
      }
    }
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
