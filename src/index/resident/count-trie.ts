import type { CorpusSettings } from '../../store/corpus.ts';
import type { SharedTokens } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { indexOf } from '../ranking.ts';

/**
 * The n-grams of one order, sorted by their ids. An n-gram is a node, its number its place in this order; its children
 * are the n-grams of the next order that begin with it, which lie next to each other. All arrays are in shared memory,
 * and what is read together lies together: reading memory is what a look-up costs.
 */
export interface TrieLevel {
  /**
   * Two numbers a node: the last word; and n(g), at the orders below the highest in 16 bits with a(g) in the 16 above
   * (see `Reading`). A count that needs more bits is `large` there.
   */
  readonly nodes: Uint32Array;
  /** The nodes with a count that needs more bits, rising, with both counts. */
  readonly large: {
    readonly nodes: Uint32Array;
    readonly counts: Uint32Array;
    readonly adjusted: Uint32Array;
  };
  /** Where the nodes with many siblings are found by parent and word: see `children.ts`. */
  readonly slots: Uint32Array;
  /** The nodes that are the end of a document somewhere, rising, and how often. */
  readonly ends: { readonly nodes: Uint32Array; readonly counts: Uint32Array };
  readonly lowCounts: LowCountsOfCounts;
  /** The nodes as contexts; undefined at the highest order. */
  readonly contexts: TrieContexts | undefined;
}

/** What is known of the n-grams gw that begin with each node g. */
export interface TrieContexts {
  /**
   * Three numbers a node: its first child; Σ_w a(gw); and how many children have a(gw) = 1, in 16 bits, and 2, in the
   * 16 above. Where the children are of the highest order, it is n(gw) instead of a(gw). Behind the last node stands
   * the number of all children.
   */
  readonly sums: Uint32Array;
  /** The nodes with a number of children that needs more bits, rising, with both numbers. */
  readonly large: { readonly nodes: Uint32Array; readonly once: Uint32Array; readonly twice: Uint32Array };
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

/** Stands for 16-bit numbers that are as large or larger. */
export const large = 2 ** 16 - 1;

/** How many nodes a level has. */
export function sizeOf({ nodes }: Pick<TrieLevel, 'nodes'>): number {
  return nodes.length / 2;
}

export function wordOf({ nodes }: Pick<TrieLevel, 'nodes'>, node: number): TokenId {
  return nodes[2 * node];
}

/** n(g) */
export function countOf({ nodes, large: more, contexts }: TrieLevel, node: number): number {
  const packed = nodes[2 * node + 1];
  if (contexts === undefined) return packed;
  const count = packed & large;
  return count < large ? count : more.counts[placeOf(more.nodes, node)];
}

/** a(g), at an order below the highest. */
export function adjustedOf({ nodes, large: more }: TrieLevel, node: number): number {
  const count = nodes[2 * node + 1] >>> 16;
  return count < large ? count : more.adjusted[placeOf(more.nodes, node)];
}

/** The first child of a node; of the number of nodes, that of all children. */
export function firstChildOf({ sums }: Pick<TrieContexts, 'sums'>, node: number): number {
  return sums[3 * node];
}

/** Copies the sums over a node's children: all, how many they are, and how many have the counts 1 and 2. */
export function readSums(
  { sums, large: more }: TrieContexts,
  node: number,
  into: { contextCount: number; followers: number; once: number; twice: number },
): void {
  const at = 3 * node;
  into.followers = sums[at + 3] - sums[at];
  into.contextCount = sums[at + 1];
  const once = sums[at + 2] & large;
  const twice = sums[at + 2] >>> 16;
  if (once < large && twice < large) {
    into.once = once;
    into.twice = twice;
  } else {
    const place = placeOf(more.nodes, node);
    into.once = more.once[place];
    into.twice = more.twice[place];
  }
}

function placeOf(nodes: Uint32Array, node: number): number {
  return indexOf(nodes, node, 0, nodes.length) as number;
}

/** What a token of the vocabulary takes, about. */
const bytesOfToken = 36;

/** What an n-gram takes, about: as a word with its counts and mostly a slot, and more if it is a context too. */
const bytesOfNGram = 10;
const bytesOfContext = 12;

/** How many bytes a trie of so many distinct n-grams an order takes, about. */
export function trieBytes(distinct: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return (
    distinct[0] * bytesOfToken + sum(distinct) * bytesOfNGram + sum(distinct.slice(0, -1)) * bytesOfContext
  );
}

/** Zeros that threads can share. */
export function sharedArray(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** Numbers that threads can share. */
export function sharedCopy(numbers: ArrayLike<number>): Uint32Array {
  const copy = sharedArray(numbers.length);
  copy.set(numbers);
  return copy;
}
