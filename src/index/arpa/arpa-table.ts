import type { CorpusSettings } from '../../store/store.ts';
import type { SharedTokens } from '../../text/token-table.ts';
import type { TokenId } from '../count-index.ts';

/**
 * The n-grams of one order that an ARPA file lists. An n-gram is a node, given by its place; those that begin with the
 * same n-gram of the next lower order, its children, lie next to each other, sorted by their last words. At order 1 the
 * place of a node is the id of its word. All arrays are in memory that threads share.
 */
export interface ArpaLevel {
  readonly size: number;
  /** The last word of each node. */
  readonly words: Uint32Array;
  /** log10 P of each node; NaN if the file does not list the n-gram, which is then only a prefix of longer ones. */
  readonly logProbabilities: Float32Array;
  /** log10 of the back-off weight of each node, 0 if the file gives none; empty at the highest order. */
  readonly backoffs: Float32Array;
  /**
   * The place of the first child of each node and, at the end, the number of all children; empty at the highest order.
   */
  readonly children: Uint32Array;
}

/** The levels of an ARPA file, order 1 first. */
export type ArpaLevels = readonly ArpaLevel[];

/** A model from an ARPA file in memory, as plain data that can be sent between threads. */
export interface ArpaTable {
  /** Unique among all tables. */
  readonly id: string;
  /** The id of the corpus. */
  readonly corpus: string;
  readonly version: number;
  readonly settings: CorpusSettings;
  readonly vocabulary: SharedTokens;
  readonly levels: ArpaLevels;
  /** The words that can come next, by falling unigram probability, ties by id. */
  readonly ranked: Uint32Array;
}

/** No node. */
export const NONE = -1;

/** The child of a node of `order` that ends with `word`; `NONE` if there is none. */
export function childOf(levels: ArpaLevels, order: number, node: number, word: TokenId): number {
  const { children } = levels[order - 1];
  const { words } = levels[order];
  let low = children[node];
  let high = children[node + 1];
  const end = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low < end && words[low] === word ? low : NONE;
}

/** The node of an n-gram; `NONE` if there is none. */
export function nodeOf(levels: ArpaLevels, ngram: readonly TokenId[]): number {
  const [first, ...rest] = ngram;
  if (first < 0 || first >= levels[0].size) return NONE;
  let node: number = first;
  let order = 1;
  for (const word of rest) {
    node = childOf(levels, order++, node, word);
    if (node === NONE) return NONE;
  }
  return node;
}

/** The bytes of levels with these numbers of nodes. */
export function levelBytes(nodes: readonly number[]): number {
  return nodes.reduce((sum, size, i) => sum + (i === nodes.length - 1 ? 8 : 16) * size, 4 * nodes[0]);
}

/** The bytes of a table. */
export function tableBytes({ levels, vocabulary, ranked }: ArpaTable): number {
  const { slots, bytes, ends } = vocabulary;
  const others = [slots, bytes, ends, ranked].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return levels.reduce((sum, level) => sum + arrayBytes(level), others);
}

/** The bytes of the arrays of a level. */
export function arrayBytes({ words, logProbabilities, backoffs, children }: ArpaLevel): number {
  return [words, logProbabilities, backoffs, children].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
