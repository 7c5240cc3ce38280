import { LRUCache } from 'lru-cache';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { chunkTokens } from '../store/token-chunk.ts';

/** A page is as long as most of the chunks in the file, so that reading one reads few of them. */
const pageTokens = chunkTokens;

/** How many pages lie in one array: many in a few arrays are found faster than each in its own. */
const slabPages = 128;
const slabTokens = slabPages * pageTokens;

/** Keeps the pages of streams within a limit: those of the stream that was read least lately go first. */
export class TokenPages {
  readonly maxTokens: number;
  readonly #streams: LRUCache<TokenStream, true>;

  /** `maxTokens` is how many tokens the pages hold at most, of all streams that share it; 4 bytes each. */
  constructor(maxTokens = 2 ** 25) {
    this.maxTokens = maxTokens;
    this.#streams = new LRUCache({
      maxSize: maxTokens,
      dispose: (_, stream, reason) => {
        if (reason !== 'set') stream.forget();
      },
    });
  }

  /** Says that a stream has pages of so many tokens now. */
  hold(stream: TokenStream, tokens: number): void {
    if (tokens > this.maxTokens) stream.forget();
    else this.#streams.set(stream, true, { size: Math.max(tokens, 1) });
  }

  /** Says that a stream is read. */
  touch(stream: TokenStream): void {
    this.#streams.get(stream);
  }

  /** Lets go of a stream. */
  release(stream: TokenStream): void {
    this.#streams.delete(stream);
  }
}

/**
 * The token stream of a corpus. It is read from the file by pages, as they are asked for, and those stay in memory until
 * the corpus changes or others need the room. Called inside a snapshot of its reader.
 */
export class TokenStream {
  readonly #reader: CorpusReader;
  readonly #memory: TokenPages;
  /** The pages that have been read: in their order where all find room, else in the order in which they were read. */
  #slabs: Int32Array[] = [];
  #read = 0;
  /** Of each page of the stream, its place in the slabs, from 1 on; 0 where it has not been read. */
  #places = new Int32Array(0);
  #version = 0;

  constructor(reader: CorpusReader, memory: TokenPages) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** How many tokens there are. Asked before tokens are read, at each version. */
  open(): number {
    const { tokens } = this.#reader.summary();
    if (this.#reader.version !== this.#version) {
      this.forget();
      this.#places = new Int32Array(Math.ceil(tokens / pageTokens));
    }
    this.#version = this.#reader.version;
    this.#memory.touch(this);
    return tokens;
  }

  /** Copies `length` tokens from position `first` on into `target`, beginning at `start`. They must be there. */
  read(first: number, length: number, target: Int32Array, start: number): void {
    let page = Math.floor(first / pageTokens);
    let skipped = first - page * pageTokens;
    for (let at = start; at < start + length; page++) {
      const place = (this.#places[page] || this.#load(page)) - 1;
      const slab = this.#slabs[Math.floor(place / slabPages)];
      let from = (place % slabPages) * pageTokens + skipped;
      const end = Math.min(start + length, at + pageTokens - skipped);
      while (at < end) target[at++] = slab[from++];
      skipped = 0;
    }
  }

  /** Lets go of all pages. */
  forget(): void {
    this.#slabs = [];
    this.#read = 0;
    this.#places.fill(0);
  }

  /** Reads a page; returns its place in the slabs, from 1 on. */
  #load(page: number): number {
    const all = this.#places.length * pageTokens;
    const allFit = all <= this.#memory.maxTokens;
    this.#memory.hold(this, allFit ? all : (this.#read + 1) * pageTokens);
    const place = allFit ? page : this.#read;
    const slab = Math.floor(place / slabPages);
    this.#slabs[slab] ??= new Int32Array(slabTokens);
    const from = (place % slabPages) * pageTokens;
    this.#reader.readTokens(page * pageTokens, this.#slabs[slab].subarray(from, from + pageTokens));
    this.#read++;
    this.#places[page] = place + 1;
    return place + 1;
  }
}
