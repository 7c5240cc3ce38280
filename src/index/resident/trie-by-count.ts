import { sortPairs } from '../../ngrams/sort-pairs.ts';
import { spend } from '../../platform/turn.ts';
import type { TokenId } from '../count-index.ts';
import { type CountedNGram, compareByCount } from '../count-source.ts';
import { lastWhere } from '../search.ts';
import { hasCommonest } from './count-list.ts';
import { type CountTrie, countOf, firstChildOf, wordOf } from './count-trie.ts';
import { isCounted, ngramOf, type Places, placesOfChildren, ROOT } from './nodes.ts';

/** About how long it takes to find one word of an n-gram, and to look at a place, in microseconds. */
const wordTime = 1;
const placeTime = 0.01;

/**
 * At most `limit` n-grams of an order by decreasing n(g), those of one count by increasing ids, after one that need not
 * exist (from the first if `after` is undefined). `<s>` alone is not listed.
 *
 * The list of the level is read from the first node on that comes after `after`, which is found by halving. Where the
 * commonest count would stand in it, its n-grams are found by walking down the trie.
 */
export function trieNGramsByCount(
  trie: CountTrie,
  order: number,
  after: CountedNGram | undefined,
  limit: number,
): CountedNGram[] {
  spend(limit * order * wordTime);
  const level = trie.levels[order - 1];
  const { commonest, listed } = level.byCount;
  const counted = (node: number): CountedNGram => ({
    ngram: ngramOf(trie, order, node),
    count: countOf(level, node),
  });
  const firstListed = (holds: (node: number) => boolean) =>
    lastWhere(-1, listed.length, (at) => !holds(listed[at])) + 1;
  const start = firstListed((node) => after === undefined || compareByCount(counted(node), after) > 0);
  const middle = firstListed((node) => countOf(level, node) < commonest);
  const found: CountedNGram[] = [];
  const take = (from: number, to: number) => {
    for (let at = from; at < to && found.length < limit; at++) {
      if (isCounted(trie, order, listed[at])) found.push(counted(listed[at]));
    }
  };
  take(start, middle);
  if (found.length < limit && (after === undefined || after.count >= commonest)) {
    const walk = new CommonestWalk(trie, order, limit - found.length);
    const ngrams = walk.after(after?.count === commonest ? after.ngram : undefined);
    for (const ngram of ngrams) found.push({ ngram, count: commonest });
  }
  take(Math.max(start, middle), listed.length);
  return found;
}

/** How many more children than are needed are collected before those that are not needed are dropped. */
const slack = 1024;

/**
 * Walks down the trie to the n-grams with the commonest count, by increasing ids.
 *
 * The descendants of a node at a lower level occupy a contiguous range of places, so `hasCommonest` says whether there
 * is one below it. Siblings are in no order (`children.ts`), and there may be a million: only those with the lowest
 * words are sorted, one more than n-grams are wanted, since all of them but the one on the way to `after` lead to at
 * least one.
 */
class CommonestWalk {
  readonly #trie: CountTrie;
  readonly #order: number;
  readonly #limit: number;
  readonly #found: TokenId[][] = [];
  /** The words on the way down. */
  readonly #path: TokenId[];
  /** The words and nodes of siblings at each depth. */
  readonly #words: Float64Array[];
  readonly #nodes: Uint32Array[];

  constructor(trie: CountTrie, order: number, limit: number) {
    const capacity = limit + slack;
    this.#trie = trie;
    this.#order = order;
    this.#limit = limit;
    this.#path = new Array<TokenId>(order);
    this.#words = Array.from({ length: order }, () => new Float64Array(capacity));
    this.#nodes = Array.from({ length: order }, () => new Uint32Array(capacity));
  }

  /** The first n-grams after one that need not exist, or the very first. */
  after(ngram: readonly TokenId[] | undefined): readonly TokenId[][] {
    this.#walk(0, placesOfChildren(this.#trie, 1, ROOT), ngram);
    return this.#found;
  }

  /** `after` is undefined if all n-grams below the siblings come after it. */
  #walk(depth: number, siblings: Places, after: readonly TokenId[] | undefined): void {
    const isLast = depth === this.#order - 1;
    const least = after === undefined ? 0 : after[depth] + (isLast ? 1 : 0);
    const length = this.#collect(depth, siblings, least);
    const words = this.#words[depth];
    const nodes = this.#nodes[depth];
    for (let i = 0; i < length && this.#found.length < this.#limit; i++) {
      this.#path[depth] = words[i];
      if (isLast) this.#found.push(this.#path.slice());
      else {
        const children = placesOfChildren(this.#trie, depth + 2, nodes[i]);
        this.#walk(depth + 1, children, words[i] === after?.[depth] ? after : undefined);
      }
    }
  }

  /**
   * Sorts the first of the siblings that have a word of at least `least` and lead to an n-gram; returns their number.
   */
  #collect(depth: number, { start, end }: Places, least: number): number {
    spend(placeTime * (end - start));
    const level = this.#trie.levels[depth];
    const words = this.#words[depth];
    const nodes = this.#nodes[depth];
    const needed = this.#limit + 1;
    let most = Number.POSITIVE_INFINITY;
    let length = 0;
    for (let node = start; node < end; node++) {
      const word = wordOf(level, node);
      // A free place has no word and is below every word.
      if (word < least || word > most || !this.#leads(depth, node)) continue;
      words[length] = word;
      nodes[length++] = node;
      if (length < words.length) continue;
      sortPairs(words, nodes, length);
      length = needed;
      most = words[needed - 1];
    }
    sortPairs(words, nodes, length);
    return Math.min(length, needed);
  }

  /** Whether a node at a depth is an n-gram with the commonest count, or a prefix of one. */
  #leads(depth: number, node: number): boolean {
    const { levels } = this.#trie;
    const last = this.#order - 1;
    if (last === 0) return isCounted(this.#trie, 1, node) && this.#isCommonest(node);
    if (depth === last) return this.#isCommonest(node);
    let start = node;
    let end = node + 1;
    for (const level of levels.slice(depth, last)) {
      start = firstChildOf(level, start);
      end = firstChildOf(level, end);
    }
    return hasCommonest(levels[last], start, end);
  }

  #isCommonest(node: number): boolean {
    const level = this.#trie.levels[this.#order - 1];
    return countOf(level, node) === level.byCount.commonest;
  }
}
