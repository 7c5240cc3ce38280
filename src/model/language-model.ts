import type { Estimator } from '../estimators/estimator.ts';
import type { TokenId } from '../index/count-index.ts';
import type { TokenRow } from '../index/count-source.ts';
import type { Vocabulary } from '../index/vocabulary.ts';
import type { CorpusSettings } from '../store/store.ts';
import type { Continuation, Selection } from './continuations.ts';
import type { Draw, WordGroup } from './distribution.ts';
import type { Explanation } from './explain.ts';

/**
 * A model of the next word, whatever it is made of: counts with an estimator, or anything else that gives every word of
 * a vocabulary a probability after a context. Contexts are given by the ids under which the model looks tokens up
 * (`countedIds`), oldest first, and have at most `order` - 1 of them. What is in memory is answered at once; a promise
 * means that the answer has to be read.
 */
export interface LanguageModel {
  /** How the texts of queries are read. */
  readonly settings: CorpusSettings;
  readonly vocabulary: Vocabulary;
  readonly order: number;
  /** The corpus's version. */
  readonly version: number;
  /** Of a mixture, the versions of the corpora of its parts, in their order. */
  readonly partVersions?: readonly number[] | undefined;
  /** What answers say about how probabilities are computed; the same object for all requests that choose the same. */
  readonly estimator: Pick<Estimator, 'name' | 'parameters' | 'normalized'>;
  /**
   * The ids under which tokens are looked up: words that the model does not have get that of `<unk>`, if it has a
   * probability; `kept`, if given, stays as it is.
   */
  countedIds(
    ids: readonly TokenId[],
    kept: TokenId | undefined,
  ): readonly TokenId[] | Promise<readonly TokenId[]>;
  /** Those of these ids that can be a next word. */
  nextWords(ids: readonly TokenId[]): TokenId[] | Promise<TokenId[]>;
  /** P(w|h) of each query, with explanations if requested. */
  probabilities(
    queries: readonly IdQuery[],
    isExplained: boolean,
  ): WordProbability[] | Promise<WordProbability[]>;
  /**
   * The k words of highest P(w|h), exactly as if the whole vocabulary were sorted (ties by increasing id). Empty if the
   * model has no probability after this context.
   */
  continuations(context: readonly TokenId[], selection: Selection): Continuation[] | Promise<Continuation[]>;
  /**
   * Draws a word by its probability, where that takes less than the distribution does; undefined if none can follow.
   * Omitted by models of which the distribution is known at once.
   */
  draw?(context: readonly TokenId[], draws: RandomDraws): Promise<Continuation | undefined>;
  /** P(w|h) of the whole vocabulary, most probable first; empty if the model has none after this context. */
  distribution(context: readonly TokenId[]): WordGroup[] | Promise<WordGroup[]>;
  /**
   * The probability of words in their contexts, and the k best words in each of these, exactly as `continuations` finds
   * them. `checkpoint` is called in between; an error that it throws ends the search.
   */
  scorePlaces(places: readonly WordPlace[], k: number, checkpoint?: () => void): Promise<ScoredPlace[]>;
  /** A scorer for rows of at most `capacity` tokens. */
  rows(shape: ScoredRowShape): RowScorer;
}

/** Where random numbers come from. */
export interface RandomDraws {
  /** A number from 0 (included) to 1. */
  uniform(): number;
  /** An integer. */
  readonly pick: Draw;
}

/** A word after a context, by ids. */
export interface IdQuery {
  readonly context: readonly TokenId[];
  /** The id under which the word is looked up. */
  readonly word: TokenId;
  /** The word's own id; `UNSEEN` if the corpus has never had it. */
  readonly own: TokenId;
}

/** A word in its context, by the ids under which they are counted. */
export interface WordPlace {
  readonly context: readonly TokenId[];
  readonly word: TokenId;
}

/** A word in its context with its probability and the k best words there. */
export interface ScoredPlace {
  /** P(w|h); null if the model has none. Of one of the best words it is the same double as theirs. */
  readonly probability: number | null;
  readonly best: readonly Continuation[];
}

/** The probability of a word after a context. */
export interface WordProbability {
  /** Null if it is undefined. */
  readonly probability: number | null;
  readonly inVocabulary: boolean;
  readonly explanation?: Explanation | undefined;
}

/** The rows that a scorer scores. */
export interface ScoredRowShape {
  readonly capacity: number;
  /** Whether `seen` is read. */
  readonly seen: boolean;
}

/**
 * Computes the probabilities of many tokens at a time, into columns: what belongs to token i of a row is at index i.
 */
export interface RowScorer {
  /** P(w|h); NaN if it is undefined. */
  readonly probabilities: Float64Array;
  /** 1 for words that the model has. */
  readonly inVocabulary: Uint8Array;
  /**
   * If requested, the length of the longest n-gram of the model that ends with each word, with `<unk>` in place of
   * words that it does not have, if that has a probability; 0 if there is none.
   */
  readonly seen: Uint8Array;
  /** Scores a row. A promise if what it needs is not in memory. */
  read(row: TokenRow): void | Promise<void>;
}

/** The version of a model's corpus, with those of the parts of a mixture. */
export type Versions = Pick<LanguageModel, 'version' | 'partVersions'>;

/** Whether models, or what they computed, are of the same versions. */
export function areOfSameVersions(one: Partial<Versions>, other: Partial<Versions>): boolean {
  return one.version === other.version && String(one.partVersions) === String(other.partVersions);
}

/** What answers say about their model: the corpus's version and the estimator. */
export interface ModelDescription extends Versions {
  readonly estimator: LanguageModel['estimator'];
}

export function describeModel({ version, partVersions, estimator }: LanguageModel): ModelDescription {
  const { name, parameters, normalized } = estimator;
  return { version, partVersions, estimator: { name, parameters, normalized } };
}
