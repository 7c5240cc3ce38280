import type { Level, LevelReading, LowCountsOfCounts } from '../count-index.ts';
import { indexOf } from '../search.ts';
import { NONE } from './children.ts';
import { adjustedOf, type CountTrie, childrenOf, countOf, readSums, type TrieLevel } from './count-trie.ts';
import { type LowFollowers, lowFollowers } from './low-followers.ts';

/** A level that can be moved from one n-gram hw to the next. */
export interface MovingLevel extends Level {
  /** Goes to the n-gram `node`, or to none, after the context `parent`. */
  moveTo(node: number, parent: number): void;
}

/** The level of an order with what is counted there; no continuations are at the highest order. */
export function movingLevel(trie: CountTrie, { order, counts }: LevelReading): MovingLevel {
  const isAdjusted = counts === 'continuations';
  if (order === 1) return new UnigramLevel(trie, isAdjusted);
  return isSummed(trie, { order, counts })
    ? new SummedLevel(trie, order, isAdjusted)
    : new PlainLevel(trie, order);
}

/** Whether the trie holds the sums over the words after a context. */
export function isSummed({ levels }: CountTrie, { order, counts }: LevelReading): boolean {
  return counts === 'continuations' || order === levels.length;
}

function countIn(level: TrieLevel, node: number, isAdjusted: boolean): number {
  if (node === NONE) return 0;
  return isAdjusted ? adjustedOf(level, node) : countOf(level, node);
}

/** How often an n-gram ends a document. */
export function timesAtEnd({ ends: { nodes, counts } }: Pick<TrieLevel, 'ends'>, node: number): number {
  const end = indexOf(nodes, node, 0, nodes.length);
  return end === undefined ? 0 : counts[end];
}

/** The only context of unigrams is the empty one. */
class UnigramLevel implements MovingLevel {
  readonly order = 1;
  count = 0;
  readonly contextCount: number;
  readonly followers: number;
  readonly once: number;
  readonly twice: number;
  readonly #level: TrieLevel;
  readonly #isAdjusted: boolean;
  /** The node of `<s>`, which is no word. */
  readonly #sequenceStart: number;

  constructor(
    { levels: [level], sequenceStart, tokens, vocabularySize, unigrams: { nodes, adjustedTotal } }: CountTrie,
    isAdjusted: boolean,
  ) {
    this.#level = level;
    this.#isAdjusted = isAdjusted;
    this.#sequenceStart = sequenceStart === undefined ? NONE : nodes[sequenceStart];
    this.contextCount = isAdjusted ? adjustedTotal : tokens;
    this.followers = vocabularySize;
    [this.once, this.twice] = (isAdjusted ? level.lowAdjustedCounts : level.lowCounts) as LowCountsOfCounts;
  }

  moveTo(node: number): void {
    this.count = node === this.#sequenceStart ? 0 : countIn(this.#level, node, this.#isAdjusted);
  }
}

/** Where the trie holds the sums over the words after a context. */
class SummedLevel implements MovingLevel {
  count = 0;
  contextCount = 0;
  followers = 0;
  once = 0;
  twice = 0;
  readonly #level: TrieLevel;
  readonly #parents: TrieLevel;
  readonly #isAdjusted: boolean;
  readonly order: number;

  constructor({ levels }: CountTrie, order: number, isAdjusted: boolean) {
    this.order = order;
    this.#level = levels[order - 1];
    this.#parents = levels[order - 2];
    this.#isAdjusted = isAdjusted;
  }

  moveTo(node: number, parent: number): void {
    this.count = countIn(this.#level, node, this.#isAdjusted);
    if (parent === NONE) {
      this.contextCount = 0;
      this.followers = 0;
      this.once = 0;
      this.twice = 0;
    } else {
      readSums(this.#parents, parent, this);
    }
  }
}

/** Where n(g) is asked below the highest order: the trie holds the sums of a(g) there. */
class PlainLevel implements MovingLevel {
  count = 0;
  contextCount = 0;
  followers = 0;
  readonly #level: TrieLevel;
  readonly #parents: TrieLevel;
  readonly #low: LowFollowers;
  #parent = NONE;
  readonly order: number;

  constructor(trie: CountTrie, order: number) {
    this.order = order;
    this.#level = trie.levels[order - 1];
    this.#parents = trie.levels[order - 2];
    this.#low = lowFollowers(trie, order);
  }

  moveTo(node: number, parent: number): void {
    this.#parent = parent;
    this.count = countIn(this.#level, node, false);
    this.followers = parent === NONE ? 0 : childrenOf(this.#parents, parent);
    this.contextCount =
      this.followers === 0 ? 0 : countOf(this.#parents, parent) - timesAtEnd(this.#parents, parent);
  }

  get once(): number {
    return this.#counted()?.once ?? 0;
  }

  get twice(): number {
    return this.#counted()?.twice ?? 0;
  }

  #counted(): LowFollowers | undefined {
    if (this.followers === 0) return undefined;
    this.#low.moveTo(this.#parent);
    return this.#low;
  }
}
