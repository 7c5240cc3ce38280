import { spend } from '../../platform/turn.ts';
import { unknownId } from '../../text/reserved.ts';
import {
  type CountedAs,
  type CountIndex,
  historyOf,
  type Level,
  type LevelReading,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  type Totals,
  UNSEEN,
} from '../count-index.ts';
import type { CountedNGram, CountSource, RowReader, RowShape } from '../count-source.ts';
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
import { ResidentVocabulary } from './resident-vocabulary.ts';
import { trieNGramsByCount } from './trie-by-count.ts';
import { movingLevel } from './trie-levels.ts';
import { trieNGrams, trieWords } from './trie-ngrams.ts';
import { TrieReader } from './trie-reader.ts';

/** About how long it takes to rank a word, in microseconds. */
const rankTime = 0.1;

/** The counts of one version of a corpus in arrays in memory, adjusted counts among them. */
export class ResidentIndex implements CountSource, CountIndex {
  readonly totals: Totals;
  readonly unknown: TokenId;
  /** How much memory its arrays take. */
  readonly bytes: number;
  readonly trie: CountTrie;
  /** Nothing is added to the counts of the trie. */
  readonly extended = undefined;
  readonly vocabulary: ResidentVocabulary;
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
    const unknown = unknownId(trie.settings);
    this.unknown = this.hasWord(unknown) ? unknown : UNSEEN;
    this.vocabulary = new ResidentVocabulary(trie.vocabulary);
    this.#rankings = memory.cache();
    const { ranked, rankedAdjusted } = trie.unigrams;
    this.#ranked = this.#rankedUnigrams(ranked, 'occurrences');
    this.#rankedAdjusted = rankedAdjusted && this.#rankedUnigrams(rankedAdjusted, 'continuations');
  }

  /** Drops its ranked lists. */
  release(): void {
    this.#rankings.clear();
  }

  /** Everything is in memory. */
  prepare(): CountIndex {
    return this;
  }

  levels(context: readonly TokenId[], word: TokenId, reading: Reading): readonly Level[] {
    return reading.levels.map((levelReading) => {
      const { order } = levelReading;
      const parent = nodeOf(this.trie, historyOf(context, order));
      const level = movingLevel(this.trie, levelReading);
      level.moveTo(parent === NONE ? NONE : childOf(this.trie, order, parent, word), parent);
      return level;
    });
  }

  reader(shape: RowShape): RowReader {
    return new TrieReader(this, shape);
  }

  hasWord(id: TokenId): boolean {
    const { nodes } = this.trie.unigrams;
    return id >= 0 && id < nodes.length && nodes[id] !== NONE && id !== this.trie.sequenceStart;
  }

  rankings(context: readonly TokenId[], reading: Reading): RankedContinuations[] {
    return reading.levels.map((level) => {
      const { order, counts } = level;
      if (order === 1) {
        return (counts === 'continuations' ? this.#rankedAdjusted : this.#ranked) as RankedContinuations;
      }
      const parent = nodeOf(this.trie, historyOf(context, order));
      return this.#rankings.get(`${counts}:${order}:${parent}`, () => this.#rank(level, parent));
    });
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    const { lowCounts, lowAdjustedCounts } = this.trie.levels[order - 1];
    return adjusted ? (lowAdjustedCounts as LowCountsOfCounts) : lowCounts;
  }

  words(): Iterable<TokenId> {
    return trieWords(this.trie);
  }

  ngrams(order: number, from: readonly TokenId[]): Iterable<readonly (readonly TokenId[])[]> {
    return trieNGrams(this.trie, order, from);
  }

  byCount(order: number, after: CountedNGram | undefined, limit: number): readonly CountedNGram[] {
    return trieNGramsByCount(this.trie, order, after, limit);
  }

  #rankedUnigrams(ranked: RankedWords, counts: CountedAs): RankedContinuations {
    const level = movingLevel(this.trie, { order: 1, counts });
    return rankedContinuations({ order: 1, contextCount: level.contextCount }, ranked, (word) => {
      level.moveTo(childOf(this.trie, 1, ROOT, word), ROOT);
      return level.count;
    });
  }

  #rank(reading: LevelReading, parent: number): RankedContinuations {
    const { order } = reading;
    const { start, end } = placesOfChildren(this.trie, order, parent);
    spend(rankTime * (end - start));
    const level = movingLevel(this.trie, reading);
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
