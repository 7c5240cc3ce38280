import { openSync } from 'node:fs';
import { closeAndDelete, readAll, writeAll } from '../../platform/file-io.ts';

/** How many numbers are written or read at a time. */
const bufferLength = 2 ** 14;

const word = 2 ** 32;

/** A temporary file of 32-bit numbers, which is written from its start to its end and then read. */
export class WordFile {
  readonly #path: string;
  readonly #file: number;
  readonly #words = new Uint32Array(bufferLength);
  #buffered = 0;
  #length = 0;

  /** Creates the file. */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx+');
  }

  /** How many numbers were written. */
  get length(): number {
    return this.#length + this.#buffered;
  }

  /** Writes a number from 0 to 2³² - 1. */
  push(value: number): void {
    if (this.#buffered === bufferLength) this.#flush();
    this.#words[this.#buffered++] = value;
  }

  /** Writes an integer from 0 to 2⁵³ as two numbers. */
  pushInteger(value: number): void {
    this.push(value);
    this.push(value / word);
  }

  /** Writes a double as two numbers. */
  pushDouble(value: number): void {
    double[0] = value;
    this.push(halves[0]);
    this.push(halves[1]);
  }

  /** Reads the numbers from `start` up to `end`, when all have been written. */
  reader(start = 0, end = this.length): WordReader {
    this.#flush();
    return new WordReader(this.#file, start, end);
  }

  /** Closes and deletes the file. */
  dispose(): void {
    closeAndDelete(this.#file, this.#path);
  }

  #flush(): void {
    const { buffer } = this.#words;
    writeAll(this.#file, new Uint8Array(buffer, 0, 4 * this.#buffered), 4 * this.#length);
    this.#length += this.#buffered;
    this.#buffered = 0;
  }
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Reads a part of a file from its start to its end. */
export class WordReader {
  readonly #file: number;
  readonly #end: number;
  #words = new Uint32Array(0);
  #at = 0;
  /** Where the next numbers come from. */
  #position: number;

  constructor(file: number, start: number, end: number) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#words.length && this.#position === this.#end;
  }

  next(): number {
    if (this.#at === this.#words.length) this.#fill();
    return this.#words[this.#at++];
  }

  nextInteger(): number {
    return this.next() + this.next() * word;
  }

  nextDouble(): number {
    halves[0] = this.next();
    halves[1] = this.next();
    return double[0];
  }

  #fill(): void {
    const length = Math.min(bufferLength, this.#end - this.#position);
    if (length === 0) throw new Error('A temporary file has been read to its end.');
    if (this.#words.length !== length) this.#words = new Uint32Array(length);
    readAll(this.#file, new Uint8Array(this.#words.buffer), 4 * this.#position);
    this.#position += length;
    this.#at = 0;
  }
}
