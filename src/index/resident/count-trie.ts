import type { CorpusSettings } from '../../store/corpus.ts';
import type { SharedTokens } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';

/**
 * The n-grams of one order, sorted by their ids. An n-gram is a node, its number its place in this order; its children
 * are the n-grams of the next order that begin with it, which lie next to each other. All arrays are in shared memory.
 */
export interface TrieLevel {
  /** The last word of each. */
  readonly words: Uint32Array;
  /** n(g) */
  readonly counts: Uint32Array;
  /** a(g), see `Reading`; empty at the highest order. */
  readonly adjusted: Uint32Array;
  /** The children of node i are `firstChild[i]` to `firstChild[i + 1]` (not included); empty at the highest order. */
  readonly firstChild: Uint32Array;
  /** The nodes that are the end of a document somewhere, rising, and how often. */
  readonly ends: { readonly nodes: Uint32Array; readonly counts: Uint32Array };
  readonly lowCounts: LowCountsOfCounts;
  readonly lowAdjustedCounts: LowCountsOfCounts;
}

/** All counts of one version of a corpus: `levels[k - 1]` has its n-grams of order k. */
export interface CountTrie {
  /** No two tries have the same. */
  readonly id: string;
  readonly settings: CorpusSettings;
  readonly vocabulary: SharedTokens;
  readonly version: number;
  readonly tokens: number;
  readonly vocabularySize: number;
  /** The id of `<s>`, which is counted as a context and is no word. */
  readonly sequenceStart: TokenId | undefined;
  readonly levels: readonly TrieLevel[];
}

/** What a token of the vocabulary takes, about. */
const bytesOfToken = 36;

/** How many bytes a trie of so many distinct n-grams an order takes, about. */
export function trieBytes(distinct: readonly number[]): number {
  const perNGram = (i: number) => (i === distinct.length - 1 ? 2 : 4) * Uint32Array.BYTES_PER_ELEMENT;
  return distinct.reduce((bytes, ngrams, i) => bytes + ngrams * perNGram(i), distinct[0] * bytesOfToken);
}

/** An array of zeros that threads can share. */
export function sharedArray(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}
