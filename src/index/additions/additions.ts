import type { SharedTokens } from '../../text/token-table.ts';
import type { CountedAs, Level, LevelReading, LowCountsOfCounts, TokenId } from '../count-index.ts';
import type { RankedWords } from '../ranking.ts';
import { NONE } from '../resident/children.ts';
import { ROOT } from '../resident/nodes.ts';
import { indexOf } from '../search.ts';

/** Differences of the sums over the words after each node of a level: of their counts, and of how many have 1 and 2. */
export interface SumDifferences {
  readonly contextCount: Uint32Array;
  readonly once: Int32Array;
  readonly twice: Int32Array;
}

/**
 * The n-grams of one order that occur in added documents. They are sorted by their ids, and a node is a position in this
 * order. Every number is a difference: what has to be added to that of the trie.
 */
export interface AddedLevel {
  /** The last word of each node. */
  readonly words: Int32Array;
  /** The first child of each node and, behind the last, the number of all children; empty at the highest order. */
  readonly firstChildren: Int32Array;
  /** Of n(g). */
  readonly occurrences: Uint32Array;
  /** Of a(g); undefined at the highest order. */
  readonly continuations: Uint32Array | undefined;
  /** The number of words after each node that did not follow it before; empty at the highest order. */
  readonly followers: Uint32Array;
  /** Of the sums over the words after each node, by what is counted of hw; undefined where there is no a(hw). */
  readonly sums: { readonly [counts in CountedAs]: SumDifferences | undefined };
  /** Of `CountIndex.lowCountsOfCounts`. */
  readonly lowCounts: { readonly [counts in CountedAs]: LowCountsOfCounts | undefined };
}

/**
 * The counts of a corpus at a version to which only documents were added since that of a trie, as differences from the
 * trie's. All arrays are in shared memory.
 */
export interface Additions {
  /** Unique among all additions. */
  readonly id: string;
  readonly version: number;
  /** The number of added tokens. */
  readonly tokens: number;
  /** The tokens with ids after those of the trie's vocabulary. */
  readonly vocabulary: SharedTokens;
  /** The number of n-grams of each order that the trie does not have, without `<s>` alone. */
  readonly newNGrams: readonly number[];
  /** What is added to the sum of a(w) over all words. */
  readonly adjustedTotal: number;
  /** All words of the corpus by n(w) and, if there are adjusted counts, by a(w). */
  readonly ranked: { readonly [counts in CountedAs]: RankedWords | undefined };
  /** Those of each order, order 1 first. */
  readonly levels: readonly AddedLevel[];
}

/** The child, at `depth`, with this word of an added n-gram, or of `ROOT`; `NONE` if it was not added. */
export function addedChild({ levels }: Additions, depth: number, parent: number, word: TokenId): number {
  if (parent === NONE) return NONE;
  const { words } = levels[depth];
  const start = parent === ROOT ? 0 : levels[depth - 1].firstChildren[parent];
  const end = parent === ROOT ? words.length : levels[depth - 1].firstChildren[parent + 1];
  return indexOf(words, word, start, end) ?? NONE;
}

/** The node of an added n-gram; `NONE` if it was not added. */
export function addedNode(additions: Additions, ngram: readonly TokenId[]): number {
  let node = ROOT;
  for (let depth = 0; depth < ngram.length && node !== NONE; depth++) {
    node = addedChild(additions, depth, node, ngram[depth]);
  }
  return node;
}

/** The added n-grams of an order, by the numbers of their nodes, which are in the order of their ids. */
export function addedNGrams({ levels }: Additions, order: number): TokenId[][] {
  let ngrams: TokenId[][] = Array.from(levels[0].words, (word) => [word]);
  for (let depth = 1; depth < order; depth++) {
    const { words } = levels[depth];
    const { firstChildren } = levels[depth - 1];
    ngrams = ngrams.flatMap((ngram, parent) =>
      Array.from(words.subarray(firstChildren[parent], firstChildren[parent + 1]), (word) => [
        ...ngram,
        word,
      ]),
    );
  }
  return ngrams;
}

/** What is added to the numbers of a level. */
export type LevelDifference = Omit<Level, 'order'>;

const none: LevelDifference = { count: 0, contextCount: 0, followers: 0, once: 0, twice: 0 };

/**
 * What is added to the level of an n-gram hw, given as an added n-gram after the added context h; each may be `NONE`.
 */
export function differenceOf(
  additions: Additions,
  { order, counts }: LevelReading,
  parent: number,
  node: number,
): LevelDifference {
  if (parent === NONE) return none;
  const level = additions.levels[order - 1];
  const count = node === NONE ? 0 : (level[counts] as Uint32Array)[node];
  if (order === 1) return { count, ...ofAllWords(additions, counts) };
  const { followers, sums } = additions.levels[order - 2];
  const { contextCount, once, twice } = sums[counts] as SumDifferences;
  return {
    count,
    contextCount: contextCount[parent],
    followers: followers[parent],
    once: once[parent],
    twice: twice[parent],
  };
}

/** What is added to the sums over all words. */
function ofAllWords(
  { tokens, adjustedTotal, newNGrams: [followers], levels: [unigrams] }: Additions,
  counts: CountedAs,
): Omit<LevelDifference, 'count'> {
  const contextCount = counts === 'continuations' ? adjustedTotal : tokens;
  const [once, twice] = unigrams.lowCounts[counts] as LowCountsOfCounts;
  return { contextCount, followers, once, twice };
}

/** The size of all arrays in bytes. */
export function bytesOfAdditions({ levels, ranked, vocabulary }: Additions): number {
  return sizeOf([levels, ranked, vocabulary]);
}

function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 0);
}
