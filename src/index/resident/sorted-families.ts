import { sortPairs } from '../../ngrams/sort-pairs.ts';
import type { TokenId } from '../count-index.ts';
import { type CountTrie, firstChildOf, wordOf } from './count-trie.ts';
import { placesOfChildren, ROOT } from './nodes.ts';

/**
 * Some of the n-grams of an order by increasing ids: those that are not before `from` and, if `to` is given, are before
 * it. An n-gram is compared by as many of its words as `from` or `to` has.
 */
export interface NGramRange {
  readonly from: readonly TokenId[];
  readonly to?: readonly TokenId[] | undefined;
}

/** Which n-grams are walked through; of one that is not, those that begin with it are not either. */
export interface NGramFilter {
  /** Whether a child, of this order, with this word is. Asked only if its parent is. */
  keeps(order: number, word: TokenId, node: number): boolean;
}

/** The children of one node that are in the range, sorted by their words. */
class Family {
  words = new Float64Array(16);
  nodes = new Uint32Array(16);
  length = 0;
  /** Which child the walk is at. */
  at = 0;
  /** Whether their parent is a prefix of `from`, and of `to`. */
  isAtFrom = false;
  isAtTo = false;

  /** Makes room for this many children. */
  reserve(children: number): void {
    if (children <= this.words.length) return;
    this.words = new Float64Array(2 * children);
    this.nodes = new Uint32Array(2 * children);
  }
}

/**
 * Walks through n-grams of an order by increasing ids, family by family: the children of one node, sorted by their
 * words. The families of an order are at increasing places, and so are the descendants of a node, so that nearby memory
 * is read.
 */
export class SortedFamilies {
  /** The words of the current family's parent. */
  readonly prefix: Int32Array;
  readonly #trie: CountTrie;
  readonly #range: NGramRange;
  readonly #filter: NGramFilter | undefined;
  /** A family of each order up to that of the n-grams, each of a child of the one before. */
  readonly #families: readonly Family[];
  readonly #last: Family;
  #parent = ROOT;
  #hasBegun = false;

  constructor(trie: CountTrie, order: number, range: NGramRange, filter?: NGramFilter) {
    this.#trie = trie;
    this.#range = range;
    this.#filter = filter;
    this.prefix = new Int32Array(order - 1);
    this.#families = Array.from({ length: order }, () => new Family());
    this.#last = this.#families[order - 1];
  }

  /** The current family's parent; `ROOT` at order 1. */
  get parent(): number {
    return this.#parent;
  }

  /** The number of n-grams of the current family. */
  get length(): number {
    return this.#last.length;
  }

  /** Their last words, valid until the next family. */
  get words(): Float64Array {
    return this.#last.words;
  }

  /** Their nodes, valid until the next family. */
  get nodes(): Uint32Array {
    return this.#last.nodes;
  }

  /** Goes to the first or next family with n-grams; false after the last. */
  next(): boolean {
    const last = this.#families.length - 1;
    let depth = this.#hasBegun ? last - 1 : 0;
    if (!this.#hasBegun) this.#fill(0, ROOT);
    else if (depth >= 0) this.#families[depth].at++;
    this.#hasBegun = true;
    while (depth >= 0) {
      const family = this.#families[depth];
      if (depth === last && family.length > 0) return true;
      if (depth === last || family.at === family.length) {
        depth--;
        if (depth >= 0) this.#families[depth].at++;
        continue;
      }
      this.prefix[depth] = family.words[family.at];
      this.#fill(depth + 1, family.nodes[family.at]);
      depth++;
    }
    return false;
  }

  /** Collects the children of a node of the family before. */
  #fill(depth: number, parent: number): void {
    const { from, to } = this.#range;
    const family = this.#families[depth];
    if (depth === 0) {
      family.isAtFrom = true;
      family.isAtTo = to !== undefined;
    } else {
      const before = this.#families[depth - 1];
      const word = this.prefix[depth - 1];
      family.isAtFrom = before.isAtFrom && word === from[depth - 1];
      family.isAtTo = before.isAtTo && word === to?.[depth - 1];
    }
    const least = family.isAtFrom && depth < from.length ? from[depth] : 0;
    // An n-gram that begins with all of `to` is not before it.
    const end = family.isAtTo && to !== undefined ? to[depth] + (depth < to.length - 1 ? 1 : 0) : Infinity;
    this.#parent = parent;
    fill(family, this.#trie, depth, parent, least, end, this.#filter);
  }
}

/** Fills a family with the children of a node whose words are at least `least` and below `end`. */
function fill(
  family: Family,
  trie: CountTrie,
  depth: number,
  parent: number,
  least: TokenId,
  end: TokenId,
  filter?: NGramFilter,
): void {
  const level = trie.levels[depth];
  const places = placesOfChildren(trie, depth + 1, parent);
  family.reserve(places.end - places.start);
  const { words, nodes } = family;
  let length = 0;
  for (let place = places.start; place < places.end; place++) {
    const word = wordOf(level, place);
    // A free place has no word and is below every word.
    if (word < least || word >= end) continue;
    if (filter !== undefined && !filter.keeps(depth + 1, word, place)) continue;
    words[length] = word;
    nodes[length++] = place;
  }
  // The unigrams are in the order of their words.
  if (length > 1 && depth > 0) sortPairs(words, nodes, length);
  family.length = length;
  family.at = 0;
}

/**
 * Cuts the n-grams of an order into ranges of at most `most` places. Returns where each begins; it ends where the next
 * one begins.
 */
export function cutNGrams(trie: CountTrie, order: number, most: number): (readonly TokenId[])[] {
  const cuts: (readonly TokenId[])[] = [[]];
  let taken = 0;
  /** Adds the n-grams that begin with a node's children; the node has `prefix`. */
  const add = (parent: number, prefix: readonly TokenId[]): void => {
    const depth = prefix.length;
    const family = new Family();
    fill(family, trie, depth, parent, 0, Infinity);
    for (let i = 0; i < family.length; i++) {
      const node = family.nodes[i];
      const size = placesBelow(trie, depth, node, order);
      if (taken + size <= most) {
        taken += size;
        continue;
      }
      const ngram = [...prefix, family.words[i]];
      if (size > most) add(node, ngram);
      else {
        cuts.push(ngram);
        taken = size;
      }
    }
  };
  add(ROOT, []);
  return cuts;
}

/** The number of places of the n-grams of an order that begin with a node. */
function placesBelow({ levels }: CountTrie, depth: number, node: number, order: number): number {
  let start = node;
  let end = node + 1;
  for (let above = depth; above < order - 1; above++) {
    start = firstChildOf(levels[above], start);
    end = firstChildOf(levels[above], end);
  }
  return end - start;
}
