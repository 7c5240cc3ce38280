import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

const chunkLength = 65_536;

/** A growing sequence of 32-bit numbers that moves to a file when it gets long. */
export class TokenSpool {
  readonly #path: string;
  readonly #memoryTokens: number;
  #chunks: Uint32Array[] = [];
  #chunk = new Uint32Array(1024);
  #used = 0;
  #file: number | undefined;
  /** How many tokens the file holds. */
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

  /** A copy of the tokens `start` ≤ i < `end`. */
  read(start: number, end: number): Uint32Array {
    const tokens = new Uint32Array(end - start);
    if (this.#file !== undefined && start < this.#filed) {
      const bytes = Math.min(end, this.#filed) * 4 - start * 4;
      const target = new Uint8Array(tokens.buffer, 0, bytes);
      for (let done = 0; done < bytes; ) {
        done += readSync(this.#file, target, done, bytes - done, start * 4 + done);
      }
    }
    let first = this.#filed;
    for (const chunk of [...this.#chunks, this.#chunk.subarray(0, this.#used)]) {
      const from = Math.max(start - first, 0);
      const to = Math.min(end - first, chunk.length);
      if (from < to) tokens.set(chunk.subarray(from, to), first + from - start);
      first += chunk.length;
    }
    return tokens;
  }

  /** Frees the memory and the file. */
  dispose(): void {
    this.#chunks = [];
    if (this.#file === undefined) return;
    closeSync(this.#file);
    unlinkSync(this.#path);
    this.#file = undefined;
  }

  #grow(): void {
    if (this.#chunk.length < chunkLength) {
      const larger = new Uint32Array(this.#chunk.length * 4);
      larger.set(this.#chunk);
      this.#chunk = larger;
      return;
    }
    this.#chunks.push(this.#chunk);
    if (this.#length - this.#filed >= this.#memoryTokens) this.#moveToFile();
    this.#chunk = new Uint32Array(chunkLength);
    this.#used = 0;
  }

  #moveToFile(): void {
    this.#file ??= openSync(this.#path, 'wx+');
    for (const chunk of this.#chunks) {
      const bytes = new Uint8Array(chunk.buffer);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#filed * 4 + done);
      }
      this.#filed += chunk.length;
    }
    this.#chunks = [];
  }
}
