import { createEstimator, type EstimatorName, type EstimatorParameters } from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { type CountIndex, type TokenId, UNSEEN } from '../index/count-index.ts';
import { RankingMemory } from '../index/ranking.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { ResidentIndex } from '../index/resident/resident-index.ts';
import { StoreIndex } from '../index/store-index.ts';
import { collectGarbage } from '../platform/garbage.ts';
import type { CorpusSettings } from '../store/corpus.ts';
import { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { TokenTable } from '../text/token-table.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** Where the counts of a corpus are: its file and, where it is in memory, its trie. */
export interface Counts {
  readonly path: string;
  readonly trie?: CountTrie | undefined;
}

/** What is made of the counts. */
export interface ModelChoice {
  readonly order: number;
  readonly estimator: EstimatorName;
  readonly parameters: EstimatorParameters;
}

/** A model says what answers name: the corpus's version and the estimator. */
export interface ModelDescription {
  readonly version: number;
  readonly estimator: Pick<Estimator, 'name' | 'parameters' | 'normalized'>;
}

/** An n-gram language model: the counts of a corpus up to an order, under an estimator. */
export interface Model {
  readonly settings: CorpusSettings;
  readonly index: CountIndex;
  readonly vocabulary: Vocabulary;
  readonly order: number;
  readonly estimator: Estimator;
}

/** The tokens of a corpus. */
export interface Vocabulary {
  /** The id of the token whose UTF-8 is `bytes[start, end)`, `UNSEEN` where there is none. */
  find(bytes: Uint8Array, start: number, end: number): TokenId;
  token(id: TokenId): string;
}

export function describeModel({ index, estimator }: Model): ModelDescription {
  const { name, parameters, normalized } = estimator;
  return { version: index.totals.version, estimator: { name, parameters, normalized } };
}

/** How much of a file SQLite keeps in memory while a question is answered from it: a text asks for much of it. */
const cacheBytes = 32 * 2 ** 20;

/**
 * Asks a question of a model, on one state of the corpus.
 * Throws `invalid-request` for parameters that the estimator does not take.
 */
export function withModel<T>({ path, trie }: Counts, choice: ModelChoice, question: (model: Model) => T): T {
  if (trie !== undefined) {
    const { index, vocabulary } = residentCounts(trie);
    return question(createModel(trie.settings, index, vocabulary, choice));
  }
  const reader = new CorpusReader(path, cacheBytes);
  const index = new StoreIndex(reader, rankings);
  try {
    return reader.snapshot(() =>
      question(createModel(reader.settings, index, new StoreVocabulary(reader), choice)),
    );
  } finally {
    index.release();
    reader.close();
  }
}

function createModel(
  settings: CorpusSettings,
  index: CountIndex,
  vocabulary: Vocabulary,
  { order, estimator, parameters }: ModelChoice,
): Model {
  return {
    settings,
    index,
    vocabulary,
    order,
    estimator: createEstimator(estimator, parameters, order, index),
  };
}

/** How often garbage is collected at most because another index is asked than before, in milliseconds. */
const collectionInterval = 1000;

let last: { id: string; index: ResidentIndex; vocabulary: Vocabulary } | undefined;
let collectedAt = Number.NEGATIVE_INFINITY;
/** Whether an index was dropped since garbage was collected. */
let hasDropped = false;
const rankings = new RankingMemory();

/**
 * The index of a trie: the last one again, with the lists and sums that it remembers, where it is of the same trie. An
 * index that was dropped is collected as garbage soon, or goes with its thread, which ends when it has had nothing to do
 * for a while: the service may have evicted it, and counts its memory as free.
 */
export function residentCounts(trie: CountTrie): { index: ResidentIndex; vocabulary: Vocabulary } {
  if (last?.id !== trie.id) {
    last?.index.release();
    hasDropped ||= last !== undefined;
    last = {
      id: trie.id,
      index: new ResidentIndex(trie, rankings),
      vocabulary: TokenTable.of(trie.vocabulary),
    };
  }
  const now = performance.now();
  if (hasDropped && now - collectedAt >= collectionInterval) {
    collectGarbage();
    hasDropped = false;
    collectedAt = now;
  }
  return last;
}

/** The vocabulary as it is in the corpus file. */
class StoreVocabulary implements Vocabulary {
  readonly #reader: CorpusReader;
  readonly #known = new Map<string, TokenId>();

  constructor(reader: CorpusReader) {
    this.#reader = reader;
  }

  find(bytes: Uint8Array, start: number, end: number): TokenId {
    const token = decodeUtf8(bytes, start, end);
    let id = this.#known.get(token);
    if (id === undefined) {
      id = this.#reader.tokenId(token) ?? UNSEEN;
      this.#known.set(token, id);
    }
    return id;
  }

  token(id: TokenId): string {
    return this.#reader.token(id);
  }
}
