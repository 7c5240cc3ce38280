import type { TokenId } from '../count-index.ts';
import { findChild, NONE } from './children.ts';
import { type CountTrie, FREE, firstChildOf, parentOf, wordOf } from './count-trie.ts';

/** The node of the empty n-gram. */
export const ROOT = -1;

/** The places from `start` to `end` (not included), of which some may be free. */
export interface Places {
  readonly start: number;
  readonly end: number;
}

/** The child, of this order, with this word of a node of the previous order; `NONE` if there is none. */
export function childOf(
  { unigrams: { nodes }, levels }: CountTrie,
  order: number,
  parent: number,
  word: TokenId,
): number {
  if (parent === ROOT) return word >= 0 && word < nodes.length ? nodes[word] : NONE;
  return findChild(levels[order - 1], levels[order - 2], parent, word);
}

/** The node of an n-gram; `NONE` if it has no count. */
export function nodeOf(trie: CountTrie, ngram: readonly TokenId[]): number {
  let node = ROOT;
  for (let i = 0; i < ngram.length && node !== NONE; i++) node = childOf(trie, i + 1, node, ngram[i]);
  return node;
}

/** The places of the children, of this order, of a node of the order before; none of `NONE`. */
export function placesOfChildren({ levels }: CountTrie, order: number, parent: number): Places {
  if (parent === NONE) return { start: 0, end: 0 };
  if (parent === ROOT) return { start: 0, end: levels[0].places };
  const parents = levels[order - 2];
  return { start: firstChildOf(parents, parent), end: firstChildOf(parents, parent + 1) };
}

/** The n-gram of a node. */
export function ngramOf({ levels }: CountTrie, order: number, node: number): TokenId[] {
  const ngram = new Array<TokenId>(order);
  for (let depth = order - 1, at = node; depth >= 0; depth--) {
    ngram[depth] = wordOf(levels[depth], at);
    if (depth > 0) at = parentOf(levels[depth - 1], at);
  }
  return ngram;
}

/** Whether there is a node at a place, and its n-gram is not `<s>` alone, which is not a word. */
export function isCounted({ levels, sequenceStart }: CountTrie, order: number, place: number): boolean {
  const word = wordOf(levels[order - 1], place);
  return word !== FREE && (order > 1 || word !== sequenceStart);
}
