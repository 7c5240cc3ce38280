import { LRUCache } from 'lru-cache';
import { collectGarbage } from '../platform/garbage.ts';
import { spend } from '../platform/turn.ts';
import type { Snapshot } from '../store/store.ts';

/** The number of tokens of a page. */
const pageTokens = 496;

/** When a stream of at least this many tokens is dropped, garbage is collected. */
const manyTokens = 2 ** 22;

/** The beginning of a corpus's token stream at one version, as far as it has been read, in memory shared by threads. */
export interface TokenPages {
  /** Unique among all pages. */
  readonly id: number;
  readonly version: number;
  /** The number of tokens of the stream, of which `ids` has the first. */
  readonly tokens: number;
  readonly ids: Int32Array;
  /** For each page, 1 if its ids have been loaded. */
  readonly isRead: Uint8Array;
}

/** The token streams in memory, within a limit: the least recently read are evicted. */
export class TokenMemory {
  readonly #maxTokens: number;
  readonly #pages: LRUCache<string, TokenPages>;
  #last = 0;

  /** `maxTokens` is the maximum number of tokens of all streams together, of 4 bytes each. */
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
   * The pages of the stream of the corpus with this id at this version, initially empty: the system allocates their
   * memory when they are filled. There are as many as fit into the limit.
   */
  pagesOf(corpus: string, version: number, tokens: number): TokenPages {
    const known = this.known(corpus, version);
    if (known !== undefined) return known;
    const pages = Math.max(1, Math.ceil(Math.min(tokens, this.#maxTokens) / pageTokens));
    const length = Math.min(pages * pageTokens, Math.max(this.#maxTokens, pageTokens));
    const empty = {
      id: ++this.#last,
      version,
      tokens,
      ids: new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT)),
      isRead: new Uint8Array(new SharedArrayBuffer(Math.floor(length / pageTokens))),
    };
    this.#pages.set(corpus, empty);
    return empty;
  }

  /** The pages of a corpus if they are of this version. */
  known(corpus: string, version: number): TokenPages | undefined {
    const known = this.#pages.get(corpus);
    return known?.version === version ? known : undefined;
  }

  /** Drops the pages of a corpus. */
  release(corpus: string): void {
    this.#pages.delete(corpus);
  }
}

/** Whether the pages have the whole stream, once they are filled. */
export function haveAll({ isRead, tokens }: TokenPages): boolean {
  return isRead.length * pageTokens >= tokens;
}

/**
 * Adds to `unread` the numbers of the pages that are still to be filled before `length` tokens can be read from each of
 * the positions `firsts[from]` up to `firsts[to]` (not included).
 */
export function findUnread(
  { isRead, tokens }: TokenPages,
  firsts: Float64Array,
  { from, to }: { from: number; to: number },
  length: number,
  unread: Set<number>,
): void {
  for (let i = from; i < to; i++) {
    // There are fewer than 2³¹ tokens in memory, and integers are divided faster.
    const first = firsts[i] | 0;
    const last = ((Math.min(first + length, tokens) - 1) / pageTokens) | 0;
    for (let page = (first / pageTokens) | 0; page <= last; page++) if (isRead[page] === 0) unread.add(page);
  }
  // An atomic read for each flag would be a call. After this one, the ids of the pages are read no earlier than their flags.
  Atomics.load(isRead, 0);
}

/** Fills pages from a snapshot. Returns false, and fills none, if it is of another version. */
export async function fillPages(
  snapshot: Snapshot,
  pages: TokenPages,
  numbers: Iterable<number>,
): Promise<boolean> {
  if (snapshot.version !== pages.version) return false;
  const stream = new TokenStream(snapshot, pages.tokens, pages);
  for (const page of numbers) await stream.load([page * pageTokens], 1);
  return true;
}

/** How many pages of a stream are scanned at a time: about a quarter of a million tokens. */
const blockPages = 528;

/** About how long it takes to read a block from the store, in microseconds. */
const blockTime = 5000;

/** Consecutive tokens of a stream. */
export interface TokenBlock {
  /** The position of the first token. */
  readonly first: number;
  readonly ids: Int32Array;
  /** The number of its tokens before the first of the next block. */
  readonly own: number;
}

/**
 * The whole token stream of a snapshot, of `length` tokens, block after block. Each also has the first `overlap` tokens
 * of the next ones. As far as `pages` are of this version, they are filled and read; otherwise a block is valid until
 * the next is requested.
 */
export async function* tokenBlocks(
  snapshot: Snapshot,
  length: number,
  pages: TokenPages | undefined,
  overlap: number,
  pagesOfBlock = blockPages,
): AsyncGenerator<TokenBlock, void> {
  const blockTokens = pagesOfBlock * pageTokens;
  const kept = pages?.version === snapshot.version ? pages : undefined;
  const keptTokens = (kept?.isRead.length ?? 0) * pageTokens;
  let scratch = new Int32Array(0);
  for (let first = 0; first < length; first += blockTokens) {
    spend(blockTime);
    const own = Math.min(blockTokens, length - first);
    const end = Math.min(first + own + overlap, length);
    if (kept !== undefined && (end <= keptTokens || keptTokens >= length)) {
      await fillRange(snapshot, kept, first, end);
      yield { first, ids: kept.ids.subarray(first, end), own };
    } else {
      if (scratch.length < end - first) scratch = new Int32Array(end - first);
      const ids = scratch.subarray(0, end - first);
      await snapshot.readTokens(first, ids);
      yield { first, ids, own };
    }
  }
}

/** Fills the pages that have the tokens from `first` to `end` (not included), in one read if some are still empty. */
async function fillRange(snapshot: Snapshot, pages: TokenPages, first: number, end: number): Promise<void> {
  const { ids, isRead, tokens } = pages;
  const last = Math.floor((end - 1) / pageTokens);
  let page = Math.floor(first / pageTokens);
  while (page <= last && Atomics.load(isRead, page) === 1) page++;
  if (page > last) return;
  const start = page * pageTokens;
  await snapshot.readTokens(start, ids.subarray(start, Math.min((last + 1) * pageTokens, tokens)));
  for (; page <= last; page++) Atomics.store(isRead, page, 1);
}

/** The token stream of a snapshot. Tokens must be loaded before they are read synchronously. */
export class TokenStream {
  /** The number of tokens. */
  readonly length: number;
  readonly #snapshot: Snapshot;
  readonly #kept: TokenPages | undefined;
  readonly #keptPages: number;
  /** The pages of the last call of `load` that are not kept in `pages`. */
  #loaded = new Map<number, Int32Array>();

  /**
   * Each page of `pages`, if these are of the snapshot's version, is read from the store only once. `length` is the
   * number of tokens of the snapshot.
   */
  constructor(snapshot: Snapshot, length: number, pages: TokenPages | undefined) {
    this.#snapshot = snapshot;
    this.length = length;
    this.#kept = pages?.version === snapshot.version ? pages : undefined;
    this.#keptPages = this.#kept?.isRead.length ?? 0;
  }

  /** Whether all tokens that are loaded stay loaded. */
  get isKept(): boolean {
    return this.#keptPages * pageTokens >= this.length;
  }

  /**
   * Loads the `length` tokens from each of the positions, as far as they exist. Of pages that are not kept, only those
   * of the last call stay.
   */
  async load(positions: ArrayLike<number>, length: number): Promise<void> {
    const before = this.#loaded;
    this.#loaded = new Map();
    for (let i = 0; i < positions.length; i++) {
      const last = Math.floor((Math.min(positions[i] + length, this.length) - 1) / pageTokens);
      for (let page = Math.floor(positions[i] / pageTokens); page <= last; page++) {
        if (page < this.#keptPages) {
          if (Atomics.load((this.#kept as TokenPages).isRead, page) === 0) await this.#fill(page);
        } else if (!this.#loaded.has(page)) {
          this.#loaded.set(page, before.get(page) ?? (await this.#read(page)));
        }
      }
    }
  }

  /** Copies `length` loaded tokens from position `first` into `target`, beginning at `start`. */
  copy(first: number, length: number, target: Int32Array, start: number): void {
    let page = Math.floor(first / pageTokens);
    let skipped = first - page * pageTokens;
    for (let at = start; at < start + length; page++) {
      const end = Math.min(start + length, at + pageTokens - skipped);
      if (page < this.#keptPages) {
        const { ids } = this.#kept as TokenPages;
        // Integers, not doubles: the copying is faster.
        for (let from = (page * pageTokens + skipped) | 0; at < end; ) target[at++] = ids[from++];
      } else {
        const ids = this.#loaded.get(page) as Int32Array;
        for (let from = skipped | 0; at < end; ) target[at++] = ids[from++];
      }
      skipped = 0;
    }
  }

  /** Two threads that fill a page at the same time write the same ids. */
  async #fill(page: number): Promise<void> {
    const { ids, isRead } = this.#kept as TokenPages;
    await this.#snapshot.readTokens(
      page * pageTokens,
      ids.subarray(page * pageTokens, Math.min((page + 1) * pageTokens, this.length)),
    );
    Atomics.store(isRead, page, 1);
  }

  async #read(page: number): Promise<Int32Array> {
    const first = page * pageTokens;
    const ids = new Int32Array(Math.min(pageTokens, this.length - first));
    await this.#snapshot.readTokens(first, ids);
    return ids;
  }
}
