import { closeSync, openSync } from 'node:fs';
import { closeAndDelete, readAll, writeAll } from '../../platform/file-io.ts';

const chunkLength = 65_536;

/** The content of a spool, in a form that can be sent to another thread. */
export interface SpooledTokens {
  readonly length: number;
  /** The file of the first `filed` tokens, if there are any. */
  readonly path: string;
  readonly filed: number;
  /** The tokens after those in the file. */
  readonly chunks: Uint32Array[];
}

/** A growing sequence of 32-bit numbers that is moved to a file when it gets long. */
export class TokenSpool {
  readonly #path: string;
  readonly #memoryTokens: number;
  #chunks: Uint32Array[] = [];
  #chunk = new Uint32Array(1024);
  #used = 0;
  #file: number | undefined;
  /** The number of tokens in the file. */
  #filed = 0;
  #length = 0;

  /** Up to `memoryTokens` tokens stay in memory; `path` is where a longer spool is written. */
  constructor(path: string, memoryTokens = 1 << 20) {
    this.#path = path;
    this.#memoryTokens = memoryTokens;
  }

  get length(): number {
    return this.#length;
  }

  push(token: number): void {
    if (this.#used === this.#chunk.length) this.#grow();
    this.#chunk[this.#used++] = token;
    this.#length++;
  }

  /** Hands over the tokens, and with them the file, to a `SpoolReader`; the spool is empty then. */
  take(): SpooledTokens {
    const chunks = [...this.#chunks, this.#chunk.slice(0, this.#used)];
    const taken = { length: this.#length, path: this.#path, filed: this.#filed, chunks };
    this.#chunks = [];
    this.#chunk = new Uint32Array(0);
    this.#used = 0;
    this.#length = 0;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    return taken;
  }

  /** Frees the memory and deletes the file, if they were not handed over. */
  dispose(): void {
    this.#chunks = [];
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeAndDelete(file, this.#path);
  }

  #grow(): void {
    if (this.#chunk.length < chunkLength) {
      const larger = new Uint32Array(Math.max(this.#chunk.length * 4, 1024));
      larger.set(this.#chunk);
      this.#chunk = larger;
      return;
    }
    this.#used = 0;
    if (this.#file !== undefined || this.#length >= this.#memoryTokens) {
      // The full chunk is used again: the system takes long to provide new memory.
      this.#moveToFile(this.#chunk);
      return;
    }
    this.#chunks.push(this.#chunk);
    this.#chunk = new Uint32Array(chunkLength);
  }

  /** Writes the chunks, and then a last one, to the file. */
  #moveToFile(last: Uint32Array): void {
    this.#file ??= openSync(this.#path, 'wx+');
    for (const chunk of [...this.#chunks, last]) {
      writeAll(this.#file, new Uint8Array(chunk.buffer), 4 * this.#filed);
      this.#filed += chunk.length;
    }
    this.#chunks = [];
  }
}

/** Reads the tokens that a spool has handed over. */
export class SpoolReader {
  readonly #tokens: SpooledTokens;
  #file: number | undefined;
  /** What was read last: new memory for each piece would cost more time than reading it. */
  #piece = new Uint32Array(0);

  constructor(tokens: SpooledTokens) {
    this.#tokens = tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** A copy of the tokens `start` ≤ i < `end`, valid until the next call. */
  read(start: number, end: number): Uint32Array {
    const { filed, chunks } = this.#tokens;
    if (this.#piece.length < end - start) this.#piece = new Uint32Array(end - start);
    const tokens = this.#piece.subarray(0, end - start);
    if (start < filed)
      this.#readFile(new Uint8Array(tokens.buffer, 0, 4 * (Math.min(end, filed) - start)), start);
    let first = filed;
    for (const chunk of chunks) {
      const from = Math.max(start - first, 0);
      const to = Math.min(end - first, chunk.length);
      if (from < to) tokens.set(chunk.subarray(from, to), first + from - start);
      first += chunk.length;
    }
    return tokens;
  }

  /** Closes the file, but does not delete it. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #readFile(target: Uint8Array, start: number): void {
    this.#file ??= openSync(this.#tokens.path, 'r');
    readAll(this.#file, target, 4 * start);
  }
}
