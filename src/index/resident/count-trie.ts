import type { CorpusSettings, CorpusSummary } from '../../store/store.ts';
import type { SharedTokens } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import type { RankedWords } from '../ranking.ts';
import { lastWhere } from '../search.ts';

/**
 * The n-grams of one order. An n-gram is a node, its number the place where it stands; its children are the n-grams of
 * the next order that begin with it, and stand together in a stretch of places, of which some are free (`children.ts`).
 * The unigrams stand in the order of their ids. All arrays are in shared memory, and what is read together lies
 * together: reading memory is what a look-up costs.
 */
export interface TrieLevel {
  /** How many nodes there are. */
  readonly size: number;
  /** How many places there are. */
  readonly places: number;
  /**
   * `stride` numbers a place. At the highest order two: its node's last word + 1, which is 0 where the place is free; and
   * n(g). Below it four: the same; n(g) and a(g) (see `Reading`); the first place of its children, which of one more
   * place is the number of all of theirs; and sums over its children. Two counts that fit stand together in one number,
   * and so do three sums; what does not fit stands in `large` or `largeSums`, at the complement of the number.
   */
  readonly nodes: Int32Array;
  readonly stride: 2 | 4;
  /** n(g) and a(g) of each node where they do not fit. */
  readonly large: Uint32Array;
  /**
   * Three sums over the children of each node where they do not fit: Σ_w a(gw); and how many children have a(gw) = 1,
   * and 2. Where the children are of the highest order, it is n(gw) instead of a(gw).
   */
  readonly largeSums: Uint32Array;
  /** Chooses the hash that says where children are looked for. */
  readonly seed: number;
  /** The nodes that are the end of a document somewhere, rising, and how often. */
  readonly ends: { readonly nodes: Uint32Array; readonly counts: Uint32Array };
  readonly lowCounts: LowCountsOfCounts;
  /** Of a(g); undefined at the highest order. */
  readonly lowAdjustedCounts: LowCountsOfCounts | undefined;
}

/** What is known of the unigrams together. `<s>`, which is no word, is left out of the sums and the lists. */
export interface Unigrams {
  /** The node of each token, `NONE` where it has no count. */
  readonly nodes: Int32Array;
  /** Σ_w a(w); 0 where there are no adjusted counts. */
  readonly adjustedTotal: number;
  /** The words by n(w), which no thread shall have to sort. */
  readonly ranked: RankedWords;
  /** The words by a(w); undefined where there are no adjusted counts. */
  readonly rankedAdjusted: RankedWords | undefined;
}

/** All counts of one version of a corpus: `levels[k - 1]` has its n-grams of order k. */
export interface CountTrie {
  /** No two tries have the same. */
  readonly id: string;
  /** The id of the corpus that it was built from. */
  readonly corpus: string;
  readonly settings: CorpusSettings;
  readonly vocabulary: SharedTokens;
  readonly version: number;
  readonly tokens: number;
  readonly vocabularySize: number;
  /** The id of `<s>`, which is counted as a context and is no word. */
  readonly sequenceStart: TokenId | undefined;
  readonly unigrams: Unigrams;
  readonly levels: readonly TrieLevel[];
}

/** What is needed of a level to read its nodes' words, children, counts and sums. */
export type Nodes = Pick<TrieLevel, 'nodes' | 'stride'>;
type NodesWithCounts = Nodes & Pick<TrieLevel, 'large'>;

const countBits = 16;
const adjustedBits = 15;
const sumBits = 13;
const followerBits = 9;

/** A node's last word; `FREE` where the place is free. */
export function wordOf({ nodes, stride }: Nodes, node: number): TokenId {
  return nodes[stride * node] - 1;
}

/** Stands for the word of a place without a node. */
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

/** n(g) and a(g) as one number; the complement of the next place in `large` where they do not fit. */
export function packCounts(count: number, adjusted: number, large: number[]): number {
  if (count < 2 ** countBits && adjusted < 2 ** adjustedBits) return count | (adjusted << countBits);
  return ~(large.push(count, adjusted) / 2 - 1);
}

/** Up to how many children have no free places among them. */
const fewChildren = 4;

/** The places reserved for `children` children: a quarter more than there are, if there are more than a few. */
export function placesFor(children: number): number {
  return children <= fewChildren ? children : Math.ceil((5 * children) / 4);
}

/** The number of children that have `places` places; the inverse of `placesFor`. */
function childrenIn(places: number): number {
  return places <= fewChildren ? places : Math.floor((4 * places) / 5);
}

/** The first place of a node's children, where those of the node before end; of the number of places, that of all. */
export function firstChildOf({ nodes }: Nodes, node: number): number {
  return nodes[4 * node + 2];
}

/** The node of the level above that has this one among its children. */
export function parentOf(parents: Nodes & Pick<TrieLevel, 'places'>, node: number): number {
  return lastWhere(0, parents.places, (parent) => firstChildOf(parents, parent) <= node);
}

/** How many children a node has. */
export function childrenOf(level: Nodes, node: number): number {
  return childrenIn(firstChildOf(level, node + 1) - firstChildOf(level, node));
}

/** Copies the sums over a node's children: all, how many they are, and how many have the counts 1 and 2. */
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

/** The sums over a node's children as one number; the complement of the next place in `large` where they do not fit. */
export function packSums(total: number, once: number, twice: number, large: number[]): number {
  if (total < 2 ** sumBits && once < 2 ** followerBits && twice < 2 ** followerBits) {
    return total | (once << sumBits) | (twice << (sumBits + followerBits));
  }
  return ~(large.push(total, once, twice) / 3 - 1);
}

/** What a token of the vocabulary takes, about: itself, and its places in the lists of unigrams. */
const bytesOfToken = 80;

/** What an n-gram takes, about: as a word with its count and some free places, and more if it is a context too. */
const bytesOfNGram = 10;
const bytesOfContext = 9;

/** The estimated size of a trie in bytes, from the number of distinct n-grams of each order. */
export function trieBytes(distinct: readonly number[]): number {
  return distinct[0] * bytesOfToken + levelsBytes(distinct);
}

/** How many of them the levels take, without the vocabulary. */
export function levelsBytes(distinct: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return sum(distinct) * bytesOfNGram + sum(distinct.slice(0, -1)) * bytesOfContext;
}

/** How many bytes the arrays of a trie take, the vocabulary's too. */
export function bytesOf({ levels, vocabulary: { slots, bytes, ends }, unigrams }: CountTrie): number {
  const { nodes, ranked, rankedAdjusted } = unigrams;
  const lists = [ranked, rankedAdjusted].flatMap((list) =>
    list === undefined ? [] : [list.words, list.counts],
  );
  const arrays = levels.flatMap(({ nodes, large, largeSums, ends }: TrieLevel) => [
    nodes,
    large,
    largeSums,
    ...Object.values(ends),
  ]);
  return [...arrays, slots, bytes, ends, nodes, ...lists].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
}

/** The most places for each n-gram of a level: `placesFor` gives seven to five children. */
const placesPerNGram = 7 / 5;

/**
 * Why no trie can hold the counts of a corpus, however much memory there is; undefined where one can. Counts and sums of
 * counts, none of which is above the number of tokens, are numbers of 32 bits, and places are of 31 bits.
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

/** Zeros that threads can share. */
export function sharedArray(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** Numbers that threads can share. */
export function sharedCopy(numbers: ArrayLike<number>): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(numbers.length * Uint32Array.BYTES_PER_ELEMENT));
  copy.set(numbers);
  return copy;
}
