import { TokenTable } from '../../text/token-table.ts';
import {
  type CountedNGram,
  type CountIndex,
  type CountRange,
  historyOf,
  type Level,
  type LevelReader,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
} from '../count-index.ts';
import { RankingCache, rankContinuations } from '../ranking.ts';
import { findChild, firstChildNotBefore, NONE } from './children.ts';
import { type CountTrie, countOf, firstChildOf, parentOf, type TrieLevel, wordOf } from './count-trie.ts';
import { describeUnigrams, type MovingLevel, movingLevel, ROOT, type Unigrams } from './trie-levels.ts';
import { TrieReader } from './trie-reader.ts';

/** The range of nodes that are the continuations of a context. */
interface Children {
  readonly start: number;
  readonly end: number;
}

/** The count index that answers from arrays in memory, for one version of a corpus; it has adjusted counts too. */
export class ResidentIndex implements CountIndex {
  readonly totals: Totals;
  /** How much memory its arrays take. */
  readonly bytes: number;
  readonly trie: CountTrie;
  readonly #unigrams: Unigrams;
  readonly #sequenceStart: TokenId | undefined;
  readonly #tokens: TokenTable;
  readonly #rankings = new RankingCache();

  constructor(trie: CountTrie) {
    const { version, tokens, vocabularySize } = trie;
    const nodes = trie.levels.map(({ size }) => size);
    this.totals = { version, tokens, vocabularySize, distinct: [vocabularySize, ...nodes.slice(1)] };
    this.bytes = bytesOf(trie);
    this.trie = trie;
    this.#sequenceStart = trie.sequenceStart;
    this.#unigrams = describeUnigrams(trie);
    this.#tokens = TokenTable.of(trie.vocabulary);
  }

  tokenId(token: string): TokenId | undefined {
    const bytes = Buffer.from(token);
    const id = this.#tokens.find(bytes, 0, bytes.length);
    return id < 0 ? undefined : id;
  }

  token(id: TokenId): string {
    return this.#tokens.token(id);
  }

  levels(context: readonly TokenId[], word: TokenId, { orders, adjustedBelow }: Reading): readonly Level[] {
    return orders.map((order) => {
      const parent = this.#nodeOf(historyOf(context, order));
      const level = this.level(order, order < adjustedBelow);
      level.moveTo(parent === NONE ? NONE : this.child(order, parent, word), parent);
      return level;
    });
  }

  reader(order: number, capacity: number, reads: (order: number) => Reading): LevelReader {
    return new TrieReader(this, order, capacity, reads);
  }

  hasWord(id: TokenId): boolean {
    const { nodes } = this.#unigrams;
    return id >= 0 && id < nodes.length && nodes[id] !== NONE && id !== this.#sequenceStart;
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
    return adjusted ? (lowAdjustedCounts as LowCountsOfCounts) : lowCounts;
  }

  *words(): Iterable<TokenId> {
    const [unigrams] = this.trie.levels;
    for (let node = 0; node < unigrams.size; node++) {
      const word = wordOf(unigrams, node);
      if (word !== this.trie.sequenceStart) yield word;
    }
  }

  *ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]> {
    const { levels } = this.trie;
    const path = this.#pathTo(order, from);
    for (; path[order - 1] < levels[order - 1].size; path[order - 1]++) {
      for (let depth = order - 1; depth > 0; depth--) {
        while (firstChildOf(levels[depth - 1], path[depth - 1] + 1) <= path[depth]) path[depth - 1]++;
      }
      yield path.map((node, depth) => wordOf(levels[depth], node));
    }
  }

  *counted(order: number, from: readonly TokenId[], { least, most }: CountRange): Iterable<CountedNGram> {
    const { levels, sequenceStart } = this.trie;
    const level = levels[order - 1];
    const first = this.#pathTo(order, from)[order - 1];
    for (let node = first; node < level.size; node++) {
      const count = countOf(level, node);
      if (count < least || count > most) continue;
      const ngram = this.#ngramOf(order, node);
      if (order > 1 || ngram[0] !== sequenceStart) yield { ngram, count };
    }
  }

  /** The n-gram of a node. */
  #ngramOf(order: number, node: number): TokenId[] {
    const { levels } = this.trie;
    const ngram = new Array<TokenId>(order);
    for (let depth = order - 1, at = node; depth >= 0; depth--) {
      ngram[depth] = wordOf(levels[depth], at);
      if (depth > 0) at = parentOf(levels[depth - 1], at);
    }
    return ngram;
  }

  /** For each level down to `order` the first node that is not before `from`, or one above that has it below. */
  #pathTo(order: number, from: readonly TokenId[]): number[] {
    const { levels } = this.trie;
    const path: number[] = [];
    let { start, end } = this.#children(1, ROOT);
    let isExact = true;
    for (let depth = 0; depth < order; depth++) {
      const level = levels[depth];
      const node: number = isExact ? firstChildNotBefore(level, from[depth] ?? 0, start, end) : start;
      path.push(node);
      isExact &&= node < end && wordOf(level, node) === from[depth];
      if (depth === order - 1) break;
      start = firstChildOf(level, node);
      end = isExact ? firstChildOf(level, node + 1) : start;
    }
    return path;
  }

  /** The child of a node of the order before with this word; `NONE` where there is none. */
  child(order: number, parent: number, word: TokenId): number {
    const { nodes } = this.#unigrams;
    if (parent === ROOT) return word >= 0 && word < nodes.length ? nodes[word] : NONE;
    const parents = this.trie.levels[order - 2];
    const start = firstChildOf(parents, parent);
    return findChild(this.trie.levels[order - 1], parent, start, firstChildOf(parents, parent + 1), word);
  }

  /** The node of an n-gram, `NONE` where it has no count. */
  #nodeOf(ngram: readonly TokenId[]): number {
    let node = ROOT;
    for (let i = 0; i < ngram.length && node !== NONE; i++) node = this.child(i + 1, node, ngram[i]);
    return node;
  }

  /** A level of an order, which is to be moved before it is read. */
  level(order: number, isAdjusted: boolean): MovingLevel {
    return movingLevel(this.trie, this.#unigrams, order, isAdjusted);
  }

  /** The nodes of `order` below a node of the order before. */
  #children(order: number, parent: number): Children {
    if (parent === NONE) return { start: 0, end: 0 };
    if (parent === ROOT) return { start: 0, end: this.trie.levels[0].size };
    const parents = this.trie.levels[order - 2];
    return { start: firstChildOf(parents, parent), end: firstChildOf(parents, parent + 1) };
  }

  #rank(order: number, isAdjusted: boolean, history: readonly TokenId[]): RankedContinuations {
    const parent = this.#nodeOf(history);
    const { start, end } = this.#children(order, parent);
    const level = this.level(order, isAdjusted);
    level.moveTo(NONE, parent);
    const { contextCount } = level;
    const words: TokenId[] = [];
    const counts: number[] = [];
    for (let node = start; node < end; node++) {
      const word = wordOf(this.trie.levels[order - 1], node);
      if (word === this.trie.sequenceStart) continue;
      words.push(word);
      level.moveTo(node, parent);
      counts.push(level.count);
    }
    return rankContinuations({ order, contextCount }, Uint32Array.from(words), Uint32Array.from(counts));
  }
}

/** How much memory the arrays of a trie take, the vocabulary's too. */
function bytesOf({ levels, vocabulary: { slots, bytes, ends } }: CountTrie): number {
  const arrays = levels.flatMap(({ nodes, large, largeSums, slots, ends }: TrieLevel) => [
    nodes,
    large,
    largeSums,
    slots,
    ...Object.values(ends),
  ]);
  return [...arrays, slots, bytes, ends].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
