import {
  type CountIndex,
  type Followers,
  historyOf,
  type Level,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
} from '../count-index.ts';
import { countFollowers, firstNotBefore, indexOf, RankingCache, rankContinuations } from '../ranking.ts';
import { type CountTrie, trieBytes } from './count-trie.ts';

/** From how many continuations on a context's sums are kept once they were asked for. */
const manyContinuations = 64;

/** The range of nodes that are the continuations of a context. */
interface Children {
  readonly start: number;
  readonly end: number;
}

/** The sums over a context's continuations. */
interface ContextSums {
  readonly contextCount: number;
  readonly followers: Followers;
}

const nothing: ContextSums = { contextCount: 0, followers: { once: 0, twice: 0, more: 0 } };

/** The count index that answers from arrays in memory, for one version of a corpus; it has adjusted counts too. */
export class ResidentIndex implements CountIndex {
  readonly totals: Totals;
  /** How much memory its arrays take. */
  readonly bytes: number;
  readonly trie: CountTrie;
  readonly #rankings = new RankingCache();
  /** By level, counts (n, a) and first child. */
  readonly #sums: Map<number, ContextSums>[][];

  constructor(trie: CountTrie) {
    const { version, tokens, vocabularySize } = trie;
    const nodes = trie.levels.map(({ words }) => words.length);
    this.totals = { version, tokens, vocabularySize, distinct: [vocabularySize, ...nodes.slice(1)] };
    this.bytes = trieBytes(nodes);
    this.trie = trie;
    this.#sums = trie.levels.map(() => [new Map(), new Map()]);
  }

  levels(context: readonly TokenId[], word: TokenId, { orders, adjustedBelow }: Reading): Level[] {
    return orders.map((order) => {
      const isAdjusted = order < adjustedBelow;
      const parent = this.#node(historyOf(context, order));
      const children = parent === undefined ? undefined : this.#children(order, parent);
      const node =
        children === undefined || word === this.trie.sequenceStart
          ? undefined
          : indexOf(this.trie.levels[order - 1].words, word, children.start, children.end);
      const count = node === undefined ? 0 : this.#counts(order, isAdjusted)[node];
      const sums = () => this.#sumsOf(order, isAdjusted, children);
      const contextCount = isAdjusted ? sums().contextCount : this.#contextCount(order, parent, children);
      return new ResidentLevel(order, count, contextCount, sums);
    });
  }

  rankings(context: readonly TokenId[], { orders, adjustedBelow }: Reading): RankedContinuations[] {
    return orders.map((order) => {
      const isAdjusted = order < adjustedBelow;
      const history = historyOf(context, order);
      return this.#rankings.get(`${isAdjusted}:${history}`, () => this.#rank(order, isAdjusted, history));
    });
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    const { lowCounts, lowAdjustedCounts } = this.trie.levels[order - 1];
    return adjusted ? lowAdjustedCounts : lowCounts;
  }

  *words(): Iterable<TokenId> {
    for (const word of this.trie.levels[0].words) if (word !== this.trie.sequenceStart) yield word;
  }

  *ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]> {
    const { levels } = this.trie;
    const path = this.#pathTo(order, from);
    for (; path[order - 1] < levels[order - 1].words.length; path[order - 1]++) {
      for (let depth = order - 1; depth > 0; depth--) {
        const { firstChild } = levels[depth - 1];
        while (firstChild[path[depth - 1] + 1] <= path[depth]) path[depth - 1]++;
      }
      yield path.map((node, depth) => levels[depth].words[node]);
    }
  }

  /** For each level down to `order` the first node that is not before `from`, or one above that has it below. */
  #pathTo(order: number, from: readonly TokenId[]): number[] {
    const { levels } = this.trie;
    const path: number[] = [];
    let { start, end } = this.#children(1, -1);
    let isExact = true;
    for (let depth = 0; depth < order; depth++) {
      const { words, firstChild } = levels[depth];
      const node: number = isExact ? firstNotBefore(words, from[depth] ?? 0, start, end) : start;
      path.push(node);
      isExact &&= node < end && words[node] === from[depth];
      if (depth === order - 1) break;
      start = firstChild[node];
      end = isExact ? firstChild[node + 1] : start;
    }
    return path;
  }

  /** The number of an n-gram, -1 for the empty one, the root; undefined where it has no count. */
  #node(ngram: readonly TokenId[]): number | undefined {
    let node = -1;
    for (const [i, word] of ngram.entries()) {
      const { start, end } = this.#children(i + 1, node);
      const child = indexOf(this.trie.levels[i].words, word, start, end);
      if (child === undefined) return undefined;
      node = child;
    }
    return node;
  }

  /** The nodes of `order` below a node of the order before. */
  #children(order: number, parent: number): Children {
    if (parent === -1) return { start: 0, end: this.trie.levels[0].words.length };
    const { firstChild } = this.trie.levels[order - 2];
    return { start: firstChild[parent], end: firstChild[parent + 1] };
  }

  #counts(order: number, isAdjusted: boolean): Uint32Array {
    const { adjusted, counts } = this.trie.levels[order - 1];
    return isAdjusted ? adjusted : counts;
  }

  /** n(h·): n(h) less the times that h ends a document. */
  #contextCount(order: number, parent: number | undefined, children: Children | undefined): number {
    if (parent === undefined || children === undefined || children.start === children.end) return 0;
    if (parent === -1) return this.totals.tokens;
    const { counts, ends } = this.trie.levels[order - 2];
    const end = indexOf(ends.nodes, parent, 0, ends.nodes.length);
    return counts[parent] - (end === undefined ? 0 : ends.counts[end]);
  }

  #sumsOf(order: number, isAdjusted: boolean, children: Children | undefined): ContextSums {
    if (children === undefined) return nothing;
    const { start, end } = children;
    if (end - start < manyContinuations) return this.#sum(order, isAdjusted, children);
    const known = this.#sums[order - 1][isAdjusted ? 1 : 0];
    let sums = known.get(start);
    if (sums === undefined) {
      sums = this.#sum(order, isAdjusted, children);
      known.set(start, sums);
    }
    return sums;
  }

  #sum(order: number, isAdjusted: boolean, { start, end }: Children): ContextSums {
    const counts = this.#counts(order, isAdjusted);
    const { once, twice, more } = countFollowers(counts, start, end);
    let contextCount = 0;
    for (let node = start; node < end; node++) contextCount += counts[node];
    const apart = order === 1 ? this.#sequenceStartCount(counts) : 0;
    if (apart === 0) return { contextCount, followers: { once, twice, more } };
    return {
      contextCount: contextCount - apart,
      followers: {
        once: once - (apart === 1 ? 1 : 0),
        twice: twice - (apart === 2 ? 1 : 0),
        more: more - (apart > 2 ? 1 : 0),
      },
    };
  }

  /** What `<s>`, which is no word, counts among the unigrams. */
  #sequenceStartCount(counts: Uint32Array): number {
    const { sequenceStart, levels } = this.trie;
    if (sequenceStart === undefined) return 0;
    const node = indexOf(levels[0].words, sequenceStart, 0, levels[0].words.length);
    return node === undefined ? 0 : counts[node];
  }

  #rank(order: number, isAdjusted: boolean, history: readonly TokenId[]): RankedContinuations {
    const parent = this.#node(history);
    const children = parent === undefined ? undefined : this.#children(order, parent);
    const contextCount = isAdjusted
      ? this.#sumsOf(order, isAdjusted, children).contextCount
      : this.#contextCount(order, parent, children);
    const { start, end } = children ?? { start: 0, end: 0 };
    const words = this.trie.levels[order - 1].words.subarray(start, end);
    const counts = this.#counts(order, isAdjusted).subarray(start, end);
    const { sequenceStart } = this.trie;
    if (order > 1 || sequenceStart === undefined)
      return rankContinuations({ order, contextCount }, words, counts);
    const isWord = (_: number, i: number) => words[i] !== sequenceStart;
    return rankContinuations({ order, contextCount }, words.filter(isWord), counts.filter(isWord));
  }
}

/** A level whose sums are made only where an estimator asks for them. */
class ResidentLevel implements Level {
  readonly #sums: () => ContextSums;

  constructor(
    readonly order: number,
    readonly count: number,
    readonly contextCount: number,
    sums: () => ContextSums,
  ) {
    this.#sums = sums;
  }

  get followers(): Followers {
    return this.#sums().followers;
  }
}
