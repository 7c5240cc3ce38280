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
import { NONE } from './children.ts';
import { bytesOf, type CountTrie, wordOf } from './count-trie.ts';
import { childOf, isCounted, nodeOf, placesOfChildren, ROOT } from './nodes.ts';
import { movingLevel } from './trie-levels.ts';
import { countedNGrams, trieNGrams, trieWords } from './trie-ngrams.ts';
import { TrieReader } from './trie-reader.ts';

/** About how long it takes to rank a word, and to make each character of a token, in microseconds. */
const rankTime = 0.1;
const characterTime = 0.02;

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
      const parent = nodeOf(this.trie, historyOf(context, order));
      const level = movingLevel(this.trie, order, order < adjustedBelow);
      level.moveTo(parent === NONE ? NONE : childOf(this.trie, order, parent, word), parent);
      return level;
    });
  }

  reader(order: number, capacity: number, reads: (order: number) => Reading): LevelReader {
    return new TrieReader(this.trie, order, capacity, reads);
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

  words(): Iterable<TokenId> {
    return trieWords(this.trie);
  }

  ngrams(order: number, from: readonly TokenId[]): Iterable<readonly TokenId[]> {
    return trieNGrams(this.trie, order, from);
  }

  counted(order: number, from: readonly TokenId[], range: CountRange): Iterable<CountedNGram> {
    return countedNGrams(this.trie, order, from, range);
  }

  #rankedUnigrams(ranked: RankedWords, isAdjusted: boolean): RankedContinuations {
    const level = movingLevel(this.trie, 1, isAdjusted);
    return rankedContinuations({ order: 1, contextCount: level.contextCount }, ranked, (word) => {
      level.moveTo(childOf(this.trie, 1, ROOT, word), ROOT);
      return level.count;
    });
  }

  #rank(order: number, isAdjusted: boolean, history: readonly TokenId[]): RankedContinuations {
    const parent = nodeOf(this.trie, history);
    const { start, end } = placesOfChildren(this.trie, order, parent);
    spend(rankTime * (end - start));
    const level = movingLevel(this.trie, order, isAdjusted);
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
      if (!isCounted(this.trie, order, node)) continue;
      words[length] = wordOf(this.trie.levels[order - 1], node);
      counts[length++] = countOf(node);
    }
    const about = { order, contextCount };
    return rankContinuations(about, words.subarray(0, length), counts.subarray(0, length), (word) =>
      parent === NONE ? 0 : countOf(childOf(this.trie, order, parent, word)),
    );
  }
}
