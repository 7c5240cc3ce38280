import type { LRUCache } from 'lru-cache';
import type { TokenId } from './count-index.ts';

/**
 * The counts of the words that a question has requested so far. Those of others are read from a cache, or requested.
 */
export class WordCounts {
  readonly #cached: LRUCache<TokenId, number>;
  readonly #requested = new Map<TokenId, number>();

  constructor(cached: LRUCache<TokenId, number>) {
    this.#cached = cached;
  }

  /** Whether the count of a word need not be requested. */
  has(word: TokenId): boolean {
    if (this.#requested.has(word)) return true;
    const count = this.#cached.get(word);
    if (count === undefined) return false;
    // The cache may drop it before the question is answered.
    this.#requested.set(word, count);
    return true;
  }

  get(word: TokenId): number | undefined {
    return this.#requested.get(word);
  }

  set(word: TokenId, count: number): void {
    this.#requested.set(word, count);
    this.#cached.set(word, count);
  }
}
