import type { QuerySettings } from '../text/reserved.ts';

/** The highest order of a corpus. */
export const maxOrder = 6;

/** What is chosen when a corpus is created and never changes. */
export interface CorpusSettings extends QuerySettings {
  /** N, the length of the longest n-grams that are counted. */
  order: number;
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

/** One uploaded text. */
export interface DocumentSummary {
  id: string;
  tokens: number;
  bytes: number;
  /** Of the text's bytes, in hexadecimal. */
  sha256: string;
  /** The corpus's version that it came with. */
  version: number;
  createdAt: string;
}
