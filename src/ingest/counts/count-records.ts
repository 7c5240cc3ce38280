import type { SpoolReader, TokenSpool } from '../receiving/token-spool.ts';

/** A line of counts, or neighbouring lines of the same n-gram. */
export interface CountRecord {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Its words, valid until the next record. */
  readonly words: Uint32Array;
  readonly count: number;
}

/** How many numbers of a spool are read at a time. */
const pieceLength = 2 ** 16;

const orderBits = 3;
const maxLines = 2 ** (32 - orderBits) - 1;
const two32 = 2 ** 32;

/**
 * Writes records into a spool: a number that has the order and how many lines it stands for, then the words, then the count in
 * two halves. Order 0 stands for lines without an n-gram, and has neither words nor a count.
 */
export class CountRecordWriter {
  readonly #spool: TokenSpool;
  #words = new Uint32Array(0);
  #count = 0;
  #lines = 0;

  constructor(spool: TokenSpool) {
    this.#spool = spool;
  }

  /** Adds a line. */
  add(words: Uint32Array, count: number): void {
    const isSame =
      words.length === this.#words.length &&
      words.every((word, i) => word === this.#words[i]) &&
      this.#lines < maxLines &&
      this.#count + count <= Number.MAX_SAFE_INTEGER;
    if (!isSame) {
      this.end();
      this.#words = words.slice();
    }
    this.#count += count;
    this.#lines++;
  }

  /** Adds a blank line. */
  skip(): void {
    if (this.#lines === maxLines) this.end();
    this.#lines++;
  }

  /** Writes the last record. */
  end(): void {
    if (this.#lines === 0) return;
    const words = this.#words;
    this.#spool.push(((this.#lines << orderBits) | words.length) >>> 0);
    for (const word of words) this.#spool.push(word);
    if (words.length > 0) {
      this.#spool.push(this.#count % two32);
      this.#spool.push(Math.floor(this.#count / two32));
    }
    this.#words = new Uint32Array(0);
    this.#count = 0;
    this.#lines = 0;
  }
}

/** Reads the records of a spool in order. */
export function* countRecords(spool: SpoolReader): Generator<CountRecord, void> {
  let line = 1;
  let piece = new Uint32Array(0);
  let first = 0;
  /** The `length` numbers at a position. */
  const read = (position: number, length: number): Uint32Array => {
    if (position < first || position + length > first + piece.length) {
      first = position;
      piece = spool.read(first, Math.min(first + pieceLength, spool.length)).slice();
    }
    return piece.subarray(position - first, position - first + length);
  };
  for (let at = 0; at < spool.length; ) {
    const [header] = read(at++, 1);
    const order = header & (2 ** orderBits - 1);
    const lines = header >>> orderBits;
    if (order > 0) {
      const numbers = read(at, order + 2);
      at += order + 2;
      yield { line, words: numbers.subarray(0, order), count: numbers[order] + two32 * numbers[order + 1] };
    }
    line += lines;
  }
}
