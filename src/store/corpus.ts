import type { QuerySettings } from '../text/reserved.ts';
import type { TokenizerDefinition } from '../text/tokenizer-json/loaded.ts';

/** The highest order of a corpus. */
export const maxOrder = 6;

/**
 * How the vocabulary of a corpus was closed when it was created: by a list of words, of which this is the SHA-256 in
 * hexadecimal; to the words that its first texts had at least `minCount` times; of ids, to those below `ids`; or to the
 * tokens of a tokenizer.json.
 */
export type ClosedVocabulary =
  | { readonly sha256: string }
  | { readonly minCount: number }
  | { readonly ids: number }
  | TokenizerDefinition;

/**
 * What a corpus is made of: texts, which are counted; counts of n-grams, without the texts; an ARPA file, which has the
 * probabilities of a model; or other corpora, whose models are mixed.
 */
export const corpusKinds = ['text', 'counts', 'arpa', 'mixture'] as const;

export type CorpusKind = (typeof corpusKinds)[number];

/** What a corpus is made of instead of texts. */
export type CorpusContent = CountsContent | ArpaContent | MixtureContent;

/** Documents that are counts of n-grams, without their texts. */
export interface CountsContent {
  readonly kind: 'counts';
}

/** An ARPA file, with the number of n-grams that it lists of each order, order 1 first, without `<s>`. */
export interface ArpaContent {
  readonly kind: 'arpa';
  readonly ngrams: readonly number[];
}

/** A linear mixture of the models of other corpora. */
export interface MixtureContent {
  readonly kind: 'mixture';
  readonly parts: readonly MixedCorpus[];
}

/** One of the corpora of a mixture. */
export interface MixedCorpus {
  readonly corpus: string;
  /** Positive; those of all parts add up to 1. */
  readonly weight: number;
  /** The order, and the estimator with its parameters; absent for a corpus that has no counts. */
  readonly order?: number | undefined;
  readonly estimator?: string | undefined;
  readonly parameters?: Readonly<Record<string, number | readonly number[]>> | undefined;
}

/** What is chosen when a corpus is created and never changes. */
export interface CorpusSettings extends QuerySettings {
  /** What it is made of; absent if that is texts. */
  content?: CorpusContent | undefined;
  /** N, the length of the longest n-grams that are counted. */
  order: number;
  /** Absent if texts bring words of their own; otherwise a word that the corpus does not have is counted as `<unk>`. */
  vocabulary?: ClosedVocabulary | undefined;
}

/** A corpus as its readers see it at one version. */
export interface CorpusSummary extends CorpusSettings {
  version: number;
  documents: number;
  /** n */
  tokens: number;
  /** m */
  vocabularySize: number;
  /** The highest id + 1: at least m, since reserved tokens and tokens that were removed keep their ids. */
  tokenIds: number;
  /** For each order the number of distinct n-grams and the sum of their counts. */
  ngrams: { order: number; distinct: number; total: number }[];
  /** Size of the uploaded texts. */
  bytes: number;
  createdAt: string;
  updatedAt: string;
}

/** The numbers of n-grams of a corpus that lists them instead of counting any; undefined if it counts. */
export function listedNGrams({ content }: CorpusSettings): CorpusSummary['ngrams'] | undefined {
  if (content?.kind !== 'arpa') return undefined;
  return content.ngrams.map((distinct, i) => ({ order: i + 1, distinct, total: 0 }));
}

/** What an upload may say of its texts. */
export interface DocumentLabels {
  title?: string | undefined;
  /** When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07. */
  date?: string | undefined;
}

/** One uploaded text. */
export interface DocumentSummary extends DocumentLabels {
  id: string;
  tokens: number;
  bytes: number;
  /** Of the text's bytes, in hexadecimal. */
  sha256: string;
  /** The corpus's version that it came with. */
  version: number;
  createdAt: string;
}
