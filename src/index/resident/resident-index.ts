import { compareNGrams } from '../../ngrams/ngram-stream.ts';
import { sortPairs } from '../../ngrams/sort-pairs.ts';
import { spend } from '../../platform/turn.ts';
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
  UNKNOWN,
  UNSEEN,
} from '../count-index.ts';
import {
  type RankedWords,
  type RankingCache,
  RankingMemory,
  rankContinuations,
  rankedContinuations,
} from '../ranking.ts';
import { findChild, NONE } from './children.ts';
import { bytesOf, type CountTrie, countOf, FREE, firstChildOf, parentOf, wordOf } from './count-trie.ts';
import { type MovingLevel, movingLevel, ROOT } from './trie-levels.ts';
import { TrieReader } from './trie-reader.ts';

/** About how long it takes to look at a place, and to rank or to name what is there, in microseconds. */
const placeTime = 0.02;
const rankTime = 0.1;
const pathTime = 2;
const characterTime = 0.02;

/** Up to how many n-grams are collected and sorted; more are met soon in the order of their ids. */
const fewNGrams = 20_000;

/** The places of the continuations of a context. */
interface Children {
  readonly start: number;
  readonly end: number;
}

/** The count index that answers from arrays in memory, for one version of a corpus; it has adjusted counts too. */
export class ResidentIndex implements CountIndex {
  readonly totals: Totals;
  readonly unknown: TokenId;
  /** How much memory its arrays take. */
  readonly bytes: number;
  readonly trie: CountTrie;
  readonly #tokens: TokenTable;
  readonly #rankings: RankingCache;
  readonly #ranked: RankedContinuations;
  readonly #rankedAdjusted: RankedContinuations | undefined;

  /** `memory` keeps its ranked lists but for those of the unigrams, which the trie has. */
  constructor(trie: CountTrie, memory = new RankingMemory()) {
    const { version, tokens, vocabularySize } = trie;
    const nodes = trie.levels.map(({ size }) => size);
    this.totals = { version, tokens, vocabularySize, distinct: [vocabularySize, ...nodes.slice(1)] };
    this.bytes = bytesOf(trie);
    this.trie = trie;
    this.unknown = this.hasWord(UNKNOWN) ? UNKNOWN : UNSEEN;
    this.#tokens = TokenTable.of(trie.vocabulary);
    this.#rankings = memory.cache();
    const { ranked, rankedAdjusted } = trie.unigrams;
    this.#ranked = this.#rankedUnigrams(ranked, false);
    this.#rankedAdjusted = rankedAdjusted && this.#rankedUnigrams(rankedAdjusted, true);
  }

  /** Lets go of its ranked lists. */
  release(): void {
    this.#rankings.clear();
  }

  tokenId(token: string): TokenId | undefined {
    const id = this.#tokens.findText(token);
    return id < 0 ? undefined : id;
  }

  token(id: TokenId): string {
    const token = this.#tokens.token(id);
    spend(characterTime * token.length);
    return token;
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

  wordsAmong(ids: readonly TokenId[]): TokenId[] {
    return ids.filter((id) => this.hasWord(id));
  }

  hasWord(id: TokenId): boolean {
    const { nodes } = this.trie.unigrams;
    return id >= 0 && id < nodes.length && nodes[id] !== NONE && id !== this.trie.sequenceStart;
  }

  rankings(context: readonly TokenId[], { orders, adjustedBelow }: Reading): RankedContinuations[] {
    return orders.map((order) => {
      const isAdjusted = order < adjustedBelow;
      if (order === 1) return (isAdjusted ? this.#rankedAdjusted : this.#ranked) as RankedContinuations;
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
    for (let node = 0; node < unigrams.places; node++) {
      const word = wordOf(unigrams, node);
      if (word !== this.trie.sequenceStart) yield word;
    }
  }

  *ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]> {
    const { levels } = this.trie;
    for (const path of this.#paths(order, from)) yield path.map((node, depth) => wordOf(levels[depth], node));
  }

  *counted(order: number, from: readonly TokenId[], range: CountRange): Iterable<CountedNGram> {
    const level = this.trie.levels[order - 1];
    const isWanted = (node: number) => {
      const count = countOf(level, node);
      return count >= range.least && count <= range.most && this.#isNGram(order, node);
    };
    const counted = (node: number) => ({ ngram: this.#ngramOf(order, node), count: countOf(level, node) });
    if (range.ngrams > fewNGrams) {
      for (const path of this.#paths(order, from)) {
        spend(pathTime);
        if (isWanted(path[order - 1])) yield counted(path[order - 1]);
      }
      return;
    }
    spend(placeTime * level.places + pathTime * range.ngrams);
    const found: CountedNGram[] = [];
    for (let node = 0; node < level.places; node++) if (isWanted(node)) found.push(counted(node));
    found.sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
    for (const item of found) if (compareNGrams(item.ngram, from, from.length) >= 0) yield item;
  }

  /** Whether a node is there, and is not `<s>` alone. */
  #isNGram(order: number, node: number): boolean {
    const word = wordOf(this.trie.levels[order - 1], node);
    return word !== FREE && (order > 1 || word !== this.trie.sequenceStart);
  }

  /**
   * The nodes down to each n-gram of an order, by rising ids, from the first n-gram on that is not before `from`. Always
   * the same array.
   */
  #paths(order: number, from: readonly TokenId[]): Iterable<readonly number[]> {
    return this.#pathsBelow(this.#children(1, ROOT), new Array(order), 0, from);
  }

  *#pathsBelow(
    { start, end }: Children,
    path: number[],
    depth: number,
    from: readonly TokenId[],
  ): Iterable<readonly number[]> {
    const level = this.trie.levels[depth];
    const least = from[depth] ?? 0;
    const words = new Float64Array(end - start);
    const nodes = new Uint32Array(end - start);
    let length = 0;
    for (let node = start; node < end; node++) {
      const word = wordOf(level, node);
      if (word < least) continue;
      words[length] = word;
      nodes[length++] = node;
    }
    sortPairs(words, nodes, length);
    for (let i = 0; i < length; i++) {
      const node = nodes[i];
      path[depth] = node;
      if (depth === path.length - 1) yield path;
      else {
        const isExact = wordOf(level, node) === from[depth];
        yield* this.#pathsBelow(this.#children(depth + 2, node), path, depth + 1, isExact ? from : []);
      }
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

  /** The child of a node of the order before with this word; `NONE` where there is none. */
  child(order: number, parent: number, word: TokenId): number {
    const { nodes } = this.trie.unigrams;
    if (parent === ROOT) return word >= 0 && word < nodes.length ? nodes[word] : NONE;
    return findChild(this.trie.levels[order - 1], this.trie.levels[order - 2], parent, word);
  }

  /** The node of an n-gram, `NONE` where it has no count. */
  #nodeOf(ngram: readonly TokenId[]): number {
    let node = ROOT;
    for (let i = 0; i < ngram.length && node !== NONE; i++) node = this.child(i + 1, node, ngram[i]);
    return node;
  }

  /** A level of an order, which is to be moved before it is read. */
  level(order: number, isAdjusted: boolean): MovingLevel {
    return movingLevel(this.trie, order, isAdjusted);
  }

  /** The nodes of `order` below a node of the order before. */
  #children(order: number, parent: number): Children {
    if (parent === NONE) return { start: 0, end: 0 };
    if (parent === ROOT) return { start: 0, end: this.trie.levels[0].places };
    const parents = this.trie.levels[order - 2];
    return { start: firstChildOf(parents, parent), end: firstChildOf(parents, parent + 1) };
  }

  #rankedUnigrams(ranked: RankedWords, isAdjusted: boolean): RankedContinuations {
    const level = this.level(1, isAdjusted);
    return rankedContinuations({ order: 1, contextCount: level.contextCount }, ranked, (word) => {
      level.moveTo(this.child(1, ROOT, word), ROOT);
      return level.count;
    });
  }

  #rank(order: number, isAdjusted: boolean, history: readonly TokenId[]): RankedContinuations {
    const parent = this.#nodeOf(history);
    const { start, end } = this.#children(order, parent);
    spend(rankTime * (end - start));
    const level = this.level(order, isAdjusted);
    level.moveTo(NONE, parent);
    const { contextCount } = level;
    const words = new Int32Array(end - start);
    const counts = new Float64Array(end - start);
    let length = 0;
    const countOf = (node: number) => {
      level.moveTo(node, parent);
      return level.count;
    };
    for (let node = start; node < end; node++) {
      if (!this.#isNGram(order, node)) continue;
      words[length] = wordOf(this.trie.levels[order - 1], node);
      counts[length++] = countOf(node);
    }
    const about = { order, contextCount };
    return rankContinuations(about, words.subarray(0, length), counts.subarray(0, length), (word) =>
      parent === NONE ? 0 : countOf(this.child(order, parent, word)),
    );
  }
}
