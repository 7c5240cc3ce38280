import { LRUCache } from 'lru-cache';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { chunkTokens } from '../store/token-chunk.ts';

/** A page is as long as most of the chunks in the file, so that reading one reads few of them. */
const pageTokens = chunkTokens;

/** How many tokens the pages in memory hold at most, of all streams that share it; 4 bytes each. */
const maxTokens = 2 ** 25;

/** Keeps the pages of streams within a limit: those of the stream that was read least lately go first. */
export class TokenPages {
  readonly #streams = new LRUCache<TokenStream, true>({
    maxSize: maxTokens,
    dispose: (_, stream, reason) => {
      if (reason !== 'set') stream.forget();
    },
  });

  /** Says that a stream has pages of so many tokens now. */
  hold(stream: TokenStream, tokens: number): void {
    if (tokens > maxTokens) stream.forget();
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
  #pages: Int32Array[] = [];
  #held = 0;
  #version = 0;

  constructor(reader: CorpusReader, memory: TokenPages) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** How many tokens there are. Asked before tokens are read, at each version. */
  open(): number {
    if (this.#reader.version !== this.#version) this.forget();
    this.#version = this.#reader.version;
    this.#memory.touch(this);
    return this.#reader.summary().tokens;
  }

  /** Copies the tokens from position `first` on into all of `target`. They must be there. */
  read(first: number, target: Int32Array): void {
    let page = Math.floor(first / pageTokens);
    let from = first - page * pageTokens;
    for (let at = 0; at < target.length; page++) {
      const tokens = this.#pages[page] ?? this.#load(page);
      const end = Math.min(target.length, at + pageTokens - from);
      while (at < end) target[at++] = tokens[from++];
      from = 0;
    }
  }

  /** Lets go of all pages. */
  forget(): void {
    this.#pages = [];
    this.#held = 0;
  }

  #load(page: number): Int32Array {
    const tokens = new Int32Array(pageTokens);
    this.#reader.readTokens(page * pageTokens, tokens);
    this.#held += pageTokens;
    this.#memory.hold(this, this.#held);
    this.#pages[page] = tokens;
    return tokens;
  }
}
