import type { SpoolReader, TokenSpool } from '../receiving/token-spool.ts';

/** How many numbers of a spool are read at a time. */
const pieceLength = 2 ** 16;

const orderBits = 3;
const highestOrder = 2 ** orderBits - 1;
const maxLines = 2 ** (32 - orderBits) - 1;
const two32 = 2 ** 32;

/** The most numbers that a record has. */
const recordLength = 1 + highestOrder + 2;

/**
 * Writes records into a spool: a number that has the order and how many lines it stands for, then the words, then the
 * count in two halves. Order 0 stands for lines without an n-gram, and has neither words nor a count.
 */
export class CountRecordWriter {
  readonly #spool: TokenSpool;
  readonly #words = new Uint32Array(highestOrder);
  #order = 0;
  #count = 0;
  #lines = 0;

  constructor(spool: TokenSpool) {
    this.#spool = spool;
  }

  /** Adds a line with the first `order` words and their count. */
  add(words: Uint32Array, order: number, count: number): void {
    if (!this.#isSame(words, order, count)) {
      this.end();
      this.#order = order;
      for (let i = 0; i < order; i++) this.#words[i] = words[i];
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
    const spool = this.#spool;
    const order = this.#order;
    spool.push(((this.#lines << orderBits) | order) >>> 0);
    for (let i = 0; i < order; i++) spool.push(this.#words[i]);
    if (order > 0) {
      spool.push(this.#count % two32);
      spool.push(Math.floor(this.#count / two32));
    }
    this.#order = 0;
    this.#count = 0;
    this.#lines = 0;
  }

  /** Whether a line belongs to the record before. */
  #isSame(words: Uint32Array, order: number, count: number): boolean {
    if (order !== this.#order || this.#lines === maxLines) return false;
    for (let i = 0; i < order; i++) if (words[i] !== this.#words[i]) return false;
    return this.#count + count <= Number.MAX_SAFE_INTEGER;
  }
}

/** Reads the records of a spool in order: each is a line of counts, or neighbouring lines of the same n-gram. */
export class CountRecords {
  /** The number of the record's first line, from 1. */
  line = 1;
  order = 0;
  /** Its words: the first `order` of these. */
  readonly words = new Uint32Array(highestOrder);
  count = 0;
  readonly #spool: SpoolReader;
  #lines = 0;
  #piece = new Uint32Array(0);
  /** Where the next record begins in the piece, and the piece in the spool. */
  #at = 0;
  #first = 0;

  constructor(spool: SpoolReader) {
    this.#spool = spool;
  }

  /** Advances to the next record; false at the end. */
  next(): boolean {
    do {
      this.line += this.#lines;
      if (this.#at + recordLength > this.#piece.length) this.#read();
      if (this.#at === this.#piece.length) return false;
      const header = this.#piece[this.#at++];
      this.order = header & highestOrder;
      this.#lines = header >>> orderBits;
    } while (this.order === 0);
    const { order, words } = this;
    const piece = this.#piece;
    let at = this.#at;
    for (let i = 0; i < order; i++) words[i] = piece[at++];
    this.count = piece[at] + two32 * piece[at + 1];
    this.#at = at + 2;
    return true;
  }

  #read(): void {
    this.#first += this.#at;
    this.#at = 0;
    const end = Math.min(this.#first + pieceLength, this.#spool.length);
    this.#piece = this.#spool.read(this.#first, end).slice();
  }
}
