import type { Snapshot } from '../store/store.ts';
import { reservedId } from '../text/reserved.ts';
import { Best } from './best.ts';
import { unigramCounts } from './unigrams.ts';

/** What keywords are sorted by. */
export const keynessSorts = ['log_likelihood', 'log_ratio'] as const;
export type KeynessSort = (typeof keynessSorts)[number];

/** Which keywords are listed: those that are more frequent than in the reference, those that are rarer, or both. */
export const keywordKinds = ['positive', 'negative', 'all'] as const;
export type KeywordKind = (typeof keywordKinds)[number];

/** A search for the words in which a corpus differs from a reference. */
export interface KeynessSearch {
  readonly keywords: KeywordKind;
  readonly sort: KeynessSort;
  /** How often the words occur at least in the corpus, or in the reference if they are rarer there than here. */
  readonly minCount: number;
  /** Only the words after one that need not exist, by falling score, those of one score by UTF-16 code units. */
  readonly after: { readonly score: number; readonly word: string } | undefined;
  readonly limit: number;
}

/** A word in which two corpora differ. */
export interface Keyword {
  readonly word: string;
  readonly count: number;
  readonly referenceCount: number;
  readonly logLikelihood: number;
  readonly logRatio: number;
  readonly score: number;
}

/** The words of a corpus with their counts. */
export interface WordFrequencies {
  readonly counts: ReadonlyMap<string, number>;
  /** The number of all its words. */
  readonly total: number;
}

/** The frequencies of the words of a snapshot, without the marks of lines. */
export async function wordFrequencies(snapshot: Snapshot): Promise<WordFrequencies> {
  const unigrams = await unigramCounts(snapshot);
  const marks = (['<s>', '</s>'] as const).map((mark) => reservedId(snapshot.settings, mark));
  const counts = new Map<string, number>();
  let total = 0;
  let id = 0;
  for await (const tokens of snapshot.vocabulary(0)) {
    for (const token of tokens) {
      const count = marks.includes(id) ? 0 : unigrams[id];
      id++;
      if (count === 0) continue;
      counts.set(token, count);
      total += count;
    }
  }
  return { counts, total };
}

/**
 * The log-likelihood of a word that occurs a times among c words and b times among d, 2 (a ln(a/E₁) + b ln(b/E₂)) with
 * E₁ = c (a + b) / (c + d) and E₂ = d (a + b) / (c + d) (Rayson & Garside 2000, Comparing corpora using frequency
 * profiling; AntConc's two-term log-likelihood).
 */
export function keynessOf(a: number, b: number, c: number, d: number): number {
  const term = (observed: number, size: number) =>
    observed === 0 ? 0 : observed * Math.log(observed / ((size * (a + b)) / (c + d)));
  return 2 * (term(a, c) + term(b, d));
}

/**
 * The binary logarithm of the ratio of the relative frequencies, log₂((a/c) / (b/d)); a count of 0 counts as 0.5
 * (Hardie 2014, Log Ratio: an informal introduction).
 */
export function logRatioOf(a: number, b: number, c: number, d: number): number {
  return Math.log2((a || 0.5) / c / ((b || 0.5) / d));
}

/** The first keywords, ties by UTF-16 code units, and the number of all. */
export function findKeywords(
  corpus: WordFrequencies,
  reference: WordFrequencies,
  { keywords, sort, minCount, after, limit }: KeynessSearch,
): { total: number; found: readonly Keyword[] } {
  const best = new Best<Keyword>(limit, (one, other) => (one.word < other.word ? -1 : 1));
  let total = 0;
  const offer = (word: string, a: number, b: number) => {
    const difference = a * reference.total - b * corpus.total;
    if (keywords === 'positive' ? difference <= 0 : keywords === 'negative' && difference >= 0) return;
    if ((difference < 0 ? b : a) < minCount) return;
    total++;
    const logLikelihood = keynessOf(a, b, corpus.total, reference.total);
    const logRatio = logRatioOf(a, b, corpus.total, reference.total);
    const score = sort === 'log_likelihood' ? logLikelihood : Math.abs(logRatio);
    const isAfter =
      after === undefined || score < after.score || (score === after.score && word > after.word);
    if (isAfter && best.takes(score))
      best.add({ word, count: a, referenceCount: b, logLikelihood, logRatio, score });
  };
  for (const [word, a] of corpus.counts) offer(word, a, reference.counts.get(word) ?? 0);
  for (const [word, b] of reference.counts) if (!corpus.counts.has(word)) offer(word, 0, b);
  return { total, found: best.sorted() };
}
