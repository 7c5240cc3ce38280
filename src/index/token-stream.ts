import { LRUCache } from 'lru-cache';
import { collectGarbage } from '../platform/garbage.ts';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { chunkTokens } from '../store/token-chunk.ts';

/** A page is as long as most of the chunks in the file, so that reading one reads few of them. */
const pageTokens = chunkTokens;

/** From how many tokens on a stream that is let go of is worth a collection of garbage. */
const manyTokens = 2 ** 22;

/** The beginning of a corpus's token stream at one version, as far as it has been read, in memory that threads share. */
export interface TokenPages {
  /** No others have the same. */
  readonly id: number;
  readonly version: number;
  readonly ids: Int32Array;
  /** Of each page, 1 where its ids are there. */
  readonly isRead: Uint8Array;
}

/** The token streams in memory, within a limit: those that were read least lately go first. */
export class TokenMemory {
  readonly #maxTokens: number;
  readonly #pages: LRUCache<object, TokenPages>;
  #last = 0;

  /** `maxTokens` is how many tokens there are at most of all streams together; 4 bytes each. */
  constructor(maxTokens = 2 ** 25) {
    this.#maxTokens = maxTokens;
    this.#pages = new LRUCache({
      maxSize: Math.max(maxTokens, pageTokens),
      sizeCalculation: ({ ids }) => ids.length,
      // V8 does not count shared memory when it decides to collect garbage.
      disposeAfter: ({ ids }) => ids.length >= manyTokens && setImmediate(collectGarbage),
    });
  }

  /**
   * The pages of the stream that `owner` has at this version, empty at first: the system gives them memory when they are
   * filled. As many of them as find room.
   */
  pagesOf(owner: object, version: number, tokens: number): TokenPages {
    const known = this.#pages.get(owner);
    if (known?.version === version) return known;
    const pages = Math.max(1, Math.ceil(Math.min(tokens, this.#maxTokens) / pageTokens));
    const length = Math.min(pages * pageTokens, Math.max(this.#maxTokens, pageTokens));
    const empty = {
      id: ++this.#last,
      version,
      ids: new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT)),
      isRead: new Uint8Array(new SharedArrayBuffer(Math.floor(length / pageTokens))),
    };
    this.#pages.set(owner, empty);
    return empty;
  }

  /** Lets go of a stream. */
  release(owner: object): void {
    this.#pages.delete(owner);
  }
}

/** The token stream of a corpus. It is read inside one snapshot of its reader. */
export class TokenStream {
  readonly #reader: CorpusReader;
  readonly #kept: TokenPages | undefined;
  readonly #keptPages: number;
  /** The last page that was read and is not kept. */
  readonly #last = new Int32Array(pageTokens);
  #lastPage = -1;

  /** Each page that has its place in `pages`, where these are of the snapshot's version, is read from the file once. */
  constructor(reader: CorpusReader, pages: TokenPages | undefined) {
    this.#reader = reader;
    this.#kept = pages?.version === reader.version ? pages : undefined;
    this.#keptPages = this.#kept?.isRead.length ?? 0;
  }

  /** How many tokens there are. */
  get length(): number {
    return this.#reader.summary().tokens;
  }

  /** Whether tokens are read in any order as fast as in their own. */
  get isKept(): boolean {
    return this.#keptPages * pageTokens >= this.length;
  }

  /** Copies `length` tokens from position `first` on into `target`, beginning at `start`. They must be there. */
  read(first: number, length: number, target: Int32Array, start: number): void {
    let page = Math.floor(first / pageTokens);
    let skipped = first - page * pageTokens;
    for (let at = start; at < start + length; page++) {
      const end = Math.min(start + length, at + pageTokens - skipped);
      if (page < this.#keptPages) {
        const { ids } = this.#fill(page, this.#kept as TokenPages);
        for (let from = page * pageTokens + skipped; at < end; ) target[at++] = ids[from++];
      } else {
        this.#load(page);
        for (let from = skipped; at < end; ) target[at++] = this.#last[from++];
      }
      skipped = 0;
    }
  }

  /** Two threads that fill a page at the same time write the same. */
  #fill(page: number, kept: TokenPages): TokenPages {
    const { ids, isRead } = kept;
    if (Atomics.load(isRead, page) === 0) {
      this.#reader.readTokens(page * pageTokens, ids.subarray(page * pageTokens, (page + 1) * pageTokens));
      Atomics.store(isRead, page, 1);
    }
    return kept;
  }

  #load(page: number): void {
    if (page === this.#lastPage) return;
    this.#lastPage = -1;
    this.#reader.readTokens(page * pageTokens, this.#last);
    this.#lastPage = page;
  }
}
