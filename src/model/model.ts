import { createEstimator, type EstimatorName, type EstimatorParameters } from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { type CountIndex, type TokenId, UNSEEN } from '../index/count-index.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { ResidentIndex } from '../index/resident/resident-index.ts';
import { StoreIndex } from '../index/store-index.ts';
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

/**
 * Asks a question of a model, on one state of the corpus.
 * Throws `invalid-request` for parameters that the estimator does not take.
 */
export function withModel<T>({ path, trie }: Counts, choice: ModelChoice, question: (model: Model) => T): T {
  if (trie !== undefined) {
    const { index, vocabulary } = residentCounts(trie);
    return question(createModel(trie.settings, index, vocabulary, choice));
  }
  const reader = new CorpusReader(path);
  try {
    return reader.snapshot(() =>
      question(createModel(reader.settings, new StoreIndex(reader), new StoreVocabulary(reader), choice)),
    );
  } finally {
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

/** How long the index of the last question is kept for the next, in milliseconds. */
const keptFor = 10_000;

let last: { id: string; index: ResidentIndex; vocabulary: Vocabulary } | undefined;
let forgetting: NodeJS.Timeout | undefined;

/** The index of a trie: the last one again, with the sums that it remembers, where it is of the same trie. */
function residentCounts(trie: CountTrie) {
  if (last?.id !== trie.id) {
    last = { id: trie.id, index: new ResidentIndex(trie), vocabulary: TokenTable.of(trie.vocabulary) };
  }
  clearTimeout(forgetting);
  forgetting = setTimeout(() => {
    last = undefined;
  }, keptFor);
  forgetting.unref();
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
