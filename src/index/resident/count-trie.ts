import type { CorpusSettings, CorpusSummary } from '../../store/store.ts';
import type { SharedTokens } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import type { RankedWords } from '../ranking.ts';
import { lastWhere } from '../search.ts';

/**
 * The n-grams of one order. An n-gram is a node, identified by its place; its children are the n-grams of the next
 * order that begin with it. They occupy a contiguous range of places, some of which are free (`children.ts`). The
 * unigrams are in the order of their ids. All arrays are in shared memory, and values that are read together are stored
 * together: the cost of a look-up is memory access.
 */
export interface TrieLevel {
  /** The number of nodes. */
  readonly size: number;
  /** The number of places. */
  readonly places: number;
  /**
   * `stride` numbers per place. At the highest order two: the last word of its node + 1, which is 0 if the place is
   * free; and n(g). Below it four: the same; n(g) and a(g) (see `Reading`); the first place of its children, with one
   * more entry at the end, which is the number of all their places; and sums over its children. Two counts that fit are
   * packed into one number, and so are three sums; larger values are in `large` or `largeSums`, at the complement of
   * the number.
   */
  readonly nodes: Int32Array;
  readonly stride: 2 | 4;
  /** n(g) and a(g) of each node for which they do not fit. */
  readonly large: Uint32Array;
  /**
   * Three sums over the children of each node for which they do not fit: Σ_w a(gw), and the numbers of children with
   * a(gw) = 1 and 2. If the children are of the highest order, n(gw) is used instead of a(gw).
   */
  readonly largeSums: Uint32Array;
  /** The seed of the hash that determines where children are searched for. */
  readonly seed: number;
  /** The nodes at ends of documents, in ascending order, and the numbers of documents. */
  readonly ends: { readonly nodes: Uint32Array; readonly counts: Uint32Array };
  /** The nodes at starts of documents, in ascending order; none at the highest order and if sequences are lines. */
  readonly starts: Uint32Array;
  readonly byCount: CountList;
  readonly lowCounts: LowCountsOfCounts;
  /** Of a(g); undefined at the highest order. */
  readonly lowAdjustedCounts: LowCountsOfCounts | undefined;
}

/**
 * The n-grams of a level by n(g), for pages of them (`trie-by-count.ts`). Those with the commonest count, usually 1,
 * which most n-grams of a text have, are not listed: they are found by walking down the trie.
 *
 * If a trie grows, `commonest` can stay as it is, whichever count is then the commonest. `listed` keeps its order:
 * nodes whose count has changed are taken out and, like new ones, inserted where the first node comes that is less
 * frequent, or as frequent with higher ids; all are replaced by their new places. `before` is counted again
 * (`countBefore`).
 */
export interface CountList {
  /** A count that is not listed. */
  readonly commonest: number;
  /** The nodes with other counts by decreasing count, those of one count by increasing ids; including `<s>`. */
  readonly listed: Int32Array;
  /** The number of nodes with the commonest count before each block of places, and at the end the number of all. */
  readonly before: Uint32Array;
}

/** Sums and lists of the unigrams, without `<s>`, which is not a word. */
export interface Unigrams {
  /** The node of each token; `NONE` if it has no count. */
  readonly nodes: Int32Array;
  /** Σ_w a(w); 0 if there are no adjusted counts. */
  readonly adjustedTotal: number;
  /** The words by n(w), sorted once for all threads. */
  readonly ranked: RankedWords;
  /** The words by a(w); undefined if there are no adjusted counts. */
  readonly rankedAdjusted: RankedWords | undefined;
}

/** All counts of one version of a corpus: `levels[k - 1]` has its n-grams of order k. */
export interface CountTrie {
  /** Unique among all tries. */
  readonly id: string;
  /** The id of the corpus that it was built from. */
  readonly corpus: string;
  readonly settings: CorpusSettings;
  readonly vocabulary: SharedTokens;
  readonly version: number;
  readonly tokens: number;
  readonly vocabularySize: number;
  /** The id of `<s>`, which is counted as a context and is not a word. */
  readonly sequenceStart: TokenId | undefined;
  readonly unigrams: Unigrams;
  readonly levels: readonly TrieLevel[];
}

/** The parts of a level needed to read its nodes' words, children, counts and sums. */
export type Nodes = Pick<TrieLevel, 'nodes' | 'stride'>;
type NodesWithCounts = Nodes & Pick<TrieLevel, 'large'>;

const countBits = 16;
const adjustedBits = 15;
const sumBits = 13;
const followerBits = 9;

/** A node's last word; `FREE` if the place is free. */
export function wordOf({ nodes, stride }: Nodes, node: number): TokenId {
  return nodes[stride * node] - 1;
}

/** The word of a place without a node. */
export const FREE = -1;

/** n(g) */
export function countOf({ nodes, stride, large }: NodesWithCounts, node: number): number {
  const packed = nodes[stride * node + 1];
  if (stride === 2) return packed >>> 0;
  return packed < 0 ? large[2 * ~packed] : packed & (2 ** countBits - 1);
}

/** a(g), at an order below the highest. */
export function adjustedOf({ nodes, stride, large }: NodesWithCounts, node: number): number {
  const packed = nodes[stride * node + 1];
  return packed < 0 ? large[2 * ~packed + 1] : packed >>> countBits;
}

/** n(g) and a(g) as one number; the complement of the next position in `large` if they do not fit. */
export function packCounts(count: number, adjusted: number, large: number[]): number {
  if (count < 2 ** countBits && adjusted < 2 ** adjustedBits) return count | (adjusted << countBits);
  return ~(large.push(count, adjusted) / 2 - 1);
}

/** Up to this many children are stored without free places. */
const fewChildren = 4;

/** The places reserved for `children` children: a quarter more than there are, if there are more than a few. */
export function placesFor(children: number): number {
  return children <= fewChildren ? children : Math.ceil((5 * children) / 4);
}

/** The number of children that have `places` places; the inverse of `placesFor`. */
export function childrenIn(places: number): number {
  return places <= fewChildren ? places : Math.floor((4 * places) / 5);
}

/**
 * The first place of a node's children, where those of the previous node end; for the number of places, the end of all.
 */
export function firstChildOf({ nodes }: Nodes, node: number): number {
  return nodes[4 * node + 2];
}

/** The node of the level above that has this one among its children. */
export function parentOf(parents: Nodes & Pick<TrieLevel, 'places'>, node: number): number {
  return lastWhere(0, parents.places, (parent) => firstChildOf(parents, parent) <= node);
}

/** The number of children of a node. */
export function childrenOf(level: Nodes, node: number): number {
  return childrenIn(firstChildOf(level, node + 1) - firstChildOf(level, node));
}

/**
 * Copies the sums over a node's children: their counts, their number, and the numbers of those with the counts 1 and 2.
 */
export function readSums(
  level: Nodes & Pick<TrieLevel, 'largeSums'>,
  node: number,
  into: { contextCount: number; followers: number; once: number; twice: number },
): void {
  const { nodes, largeSums } = level;
  const packed = nodes[4 * node + 3];
  into.followers = childrenOf(level, node);
  if (packed < 0) {
    const place = 3 * ~packed;
    into.contextCount = largeSums[place];
    into.once = largeSums[place + 1];
    into.twice = largeSums[place + 2];
  } else {
    into.contextCount = packed & (2 ** sumBits - 1);
    into.once = (packed >>> sumBits) & (2 ** followerBits - 1);
    into.twice = packed >>> (sumBits + followerBits);
  }
}

/**
 * Copies the sums of `readSums` for many nodes, those of `nodes[i - 1]` to index i of the columns, where
 * `isRead[before[i]]` is 1; elsewhere and for negative nodes the sum of the counts becomes 0.
 */
export function readSumColumns(
  level: Nodes & Pick<TrieLevel, 'largeSums'>,
  parents: Int32Array,
  { before, length }: { before: Uint8Array; length: number },
  isRead: Uint8Array,
  into: { contextCount: Float64Array; followers: Float64Array; once: Float64Array; twice: Float64Array },
): void {
  const { nodes, largeSums } = level;
  const { contextCount, followers, once, twice } = into;
  for (let i = 0; i < length; i++) {
    contextCount[i] = 0;
    const node = isRead[before[i]] === 0 ? -1 : parents[i - 1];
    if (node < 0) continue;
    followers[i] = childrenIn(nodes[4 * node + 6] - nodes[4 * node + 2]);
    const packed = nodes[4 * node + 3];
    if (packed < 0) {
      const place = 3 * ~packed;
      contextCount[i] = largeSums[place];
      once[i] = largeSums[place + 1];
      twice[i] = largeSums[place + 2];
    } else {
      contextCount[i] = packed & (2 ** sumBits - 1);
      once[i] = (packed >>> sumBits) & (2 ** followerBits - 1);
      twice[i] = packed >>> (sumBits + followerBits);
    }
  }
}

/** Copies n(g) or a(g) of many nodes; 0 for negative ones. */
export function readCountColumn(
  { nodes, stride, large }: NodesWithCounts,
  places: Int32Array,
  isAdjusted: boolean,
  length: number,
  into: Float64Array,
): void {
  const shift = isAdjusted ? countBits : 0;
  const mask = isAdjusted ? 2 ** adjustedBits - 1 : 2 ** countBits - 1;
  for (let i = 0; i < length; i++) {
    const node = places[i];
    if (node < 0) {
      into[i] = 0;
      continue;
    }
    const packed = nodes[stride * node + 1];
    if (stride === 2) into[i] = packed >>> 0;
    else if (packed < 0) into[i] = large[2 * ~packed + (isAdjusted ? 1 : 0)];
    else into[i] = (packed >>> shift) & mask;
  }
}

/** The sums over a node's children as one number; the complement of the next position in `large` if they do not fit. */
export function packSums(total: number, once: number, twice: number, large: number[]): number {
  if (total < 2 ** sumBits && once < 2 ** followerBits && twice < 2 ** followerBits) {
    return total | (once << sumBits) | (twice << (sumBits + followerBits));
  }
  return ~(large.push(total, once, twice) / 3 - 1);
}

/** The approximate size of a token of the vocabulary: itself, and its entries in the lists of unigrams. */
const bytesOfToken = 80;

/**
 * The approximate size of an n-gram: a word, its count, some free places and its share of the list; more if it is also
 * a context.
 */
const bytesOfNGram = 10.5;
const bytesOfContext = 9;

/** The estimated size of a trie in bytes, from the number of distinct n-grams of each order. */
export function trieBytes(distinct: readonly number[]): number {
  return distinct[0] * bytesOfToken + levelsBytes(distinct);
}

/** The estimated size of its levels in bytes, without the vocabulary. */
export function levelsBytes(distinct: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return sum(distinct) * bytesOfNGram + sum(distinct.slice(0, -1)) * bytesOfContext;
}

/** The size of all arrays of a trie in bytes, including the vocabulary. */
export function bytesOf({ levels, vocabulary: { slots, bytes, ends }, unigrams }: CountTrie): number {
  const { nodes, ranked, rankedAdjusted } = unigrams;
  const lists = [ranked, rankedAdjusted].flatMap((list) =>
    list === undefined ? [] : [list.words, list.counts],
  );
  const arrays = levels.flatMap(({ nodes, large, largeSums, ends, starts, byCount }: TrieLevel) => [
    nodes,
    large,
    largeSums,
    starts,
    ...Object.values(ends),
    byCount.listed,
    byCount.before,
  ]);
  return [...arrays, slots, bytes, ends, nodes, ...lists].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
}

/** The maximum number of places per n-gram of a level: `placesFor` reserves seven for five children. */
const placesPerNGram = 7 / 5;

/**
 * Why no trie can hold the counts of a corpus, regardless of memory; undefined if one can. Counts and sums of counts,
 * none of which exceeds the number of tokens, have 32 bits, and places have 31 bits.
 */
export function tooLargeForTrie({
  tokens,
  ngrams,
}: Pick<CorpusSummary, 'tokens' | 'ngrams'>): string | undefined {
  if (tokens >= 2 ** 32) {
    return `the corpus has ${tokens} tokens, and an index in memory holds counts below 2^32 (${2 ** 32})`;
  }
  const largest = ngrams.find(({ distinct }) => placesPerNGram * distinct >= 2 ** 31);
  if (largest === undefined) return undefined;
  return `the corpus has ${largest.distinct} distinct ${largest.order}-grams, and an index in memory has at most 2^31 places for those of one order`;
}

/** Zeros in shared memory. */
export function sharedArray(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** Numbers in shared memory. */
export function sharedCopy(numbers: ArrayLike<number>): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(numbers.length * Uint32Array.BYTES_PER_ELEMENT));
  copy.set(numbers);
  return copy;
}
