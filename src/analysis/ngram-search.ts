import type { TokenId } from '../index/count-index.ts';
import { compareNGrams } from '../ngrams/ngram-stream.ts';
import type { CountedNGrams, Snapshot } from '../store/store.ts';
import { reservedId } from '../text/reserved.ts';
import { isDefinedFor, type MeasureName, measures } from './association.ts';
import { Best } from './best.ts';
import { unigramCounts } from './unigrams.ts';

/** What is allowed at one position of an n-gram: one of some tokens, by ascending id, or any token. */
export type PatternElement = readonly TokenId[] | 'any';

/** A search for n-grams. */
export interface NGramSearch {
  /** One element for each token of the n-grams. */
  readonly pattern: readonly PatternElement[];
  /** How often the n-grams occur at least. */
  readonly minCount: number;
  /** What they are sorted by, which is defined for their order. */
  readonly sort: 'count' | MeasureName;
  /** Only the n-grams after one that need not exist, by falling score, those of one score by rising ids. */
  readonly after: { readonly score: number; readonly ngram: readonly TokenId[] } | undefined;
  readonly limit: number;
}

/** An n-gram with its score: its count, or the value of the measure. */
export interface FoundNGram {
  readonly ngram: readonly TokenId[];
  readonly count: number;
  /** The counts of its tokens, if they are sorted by a measure. */
  readonly single: readonly number[];
  readonly score: number;
}

/** The most ranges of n-grams that are read instead of all. */
const maxRanges = 32;

/**
 * The first n-grams that match, and the number of all that do. The marks of lines, `<s>` and `</s>`, are no words:
 * sorted by a measure, n-grams with one of them are left out.
 */
export async function searchNGrams(
  snapshot: Snapshot,
  search: NGramSearch,
): Promise<{ total: number; found: readonly FoundNGram[] }> {
  const order = search.pattern.length;
  const scores = await scorerOf(snapshot, search);
  const matches = matcherOf(search.pattern);
  const best = new Best<FoundNGram>(search.limit);
  let total = 0;
  const take = ({ length, ids, counts }: CountedNGrams) => {
    for (let i = 0; i < length; i++) {
      if (counts[i] < search.minCount || !matches(ids, i * order)) continue;
      const score = scores(counts[i], ids, i * order);
      if (score === undefined) continue;
      total++;
      if (!best.takes(score) || !isAfter(search, score, ids, i * order)) continue;
      const ngram = [...ids.subarray(i * order, (i + 1) * order)];
      best.add({ ngram, count: counts[i], single: scores.single(ngram), score });
    }
  };
  for (const prefix of prefixesOf(search.pattern)) {
    for await (const batch of snapshot.ngrams(order, prefix, search.minCount)) {
      const inRange = upTo(batch, prefix);
      take(inRange);
      if (inRange.length < batch.length) break;
    }
  }
  return { total, found: best.sorted() };
}

/** The score of the n-gram that begins at a place among ids; undefined if it is not listed. */
interface Scorer {
  (count: number, ids: ArrayLike<TokenId>, at: number): number | undefined;
  /** The counts of the tokens of an n-gram, if scores depend on them. */
  single(ngram: readonly TokenId[]): readonly number[];
}

async function scorerOf(snapshot: Snapshot, { pattern, sort }: NGramSearch): Promise<Scorer> {
  const order = pattern.length;
  const marks = (['<s>', '</s>'] as const).map((mark) => reservedId(snapshot.settings, mark));
  if (sort === 'count') {
    const [omitted] = order === 1 ? marks : [];
    const score = (count: number, ids: ArrayLike<TokenId>, at: number) =>
      ids[at] === omitted ? undefined : count;
    return Object.assign(score, { single: () => [] });
  }
  const { tokens: total } = await snapshot.summary();
  const unigrams = await unigramCounts(snapshot);
  const single = new Array<number>(order);
  const measure = measures[sort];
  const score = (joint: number, ids: ArrayLike<TokenId>, at: number) => {
    for (let i = 0; i < order; i++) {
      const id = ids[at + i];
      if (id === marks[0] || id === marks[1]) return undefined;
      single[i] = unigrams[id];
    }
    return measure({ joint, single, total });
  };
  return Object.assign(score, { single: (ngram: readonly TokenId[]) => ngram.map((id) => unigrams[id]) });
}

/** Tells whether the n-gram that begins at a place among ids matches a pattern. */
function matcherOf(pattern: readonly PatternElement[]): (ids: ArrayLike<TokenId>, at: number) => boolean {
  const tests = pattern.map((element) => {
    if (element === 'any') return undefined;
    const isThere = new Uint8Array((element.at(-1) ?? -1) + 1);
    for (const id of element) isThere[id] = 1;
    return isThere;
  });
  return (ids, at) => tests.every((isThere, i) => isThere === undefined || isThere[ids[at + i]] === 1);
}

/** The prefixes of the n-grams that can match, ascending: as many as there are to read, or only the empty one. */
function prefixesOf(pattern: readonly PatternElement[]): TokenId[][] {
  if (pattern.some(({ length }) => length === 0)) return [];
  let prefixes: TokenId[][] = [[]];
  for (const element of pattern) {
    if (element === 'any' || prefixes.length * element.length > maxRanges) break;
    prefixes = prefixes.flatMap((prefix) => element.map((id) => [...prefix, id]));
  }
  return prefixes;
}

/** The n-grams of a batch up to the last that begins with `prefix`. */
function upTo(batch: CountedNGrams, prefix: readonly TokenId[]): CountedNGrams {
  const { order, ids } = batch;
  const isPast = (i: number) =>
    compareNGrams(ids.subarray(i * order, i * order + prefix.length), prefix, prefix.length) > 0;
  let { length } = batch;
  if (length === 0 || !isPast(length - 1)) return batch;
  let low = 0;
  while (low < length) {
    const middle = (low + length) >>> 1;
    if (isPast(middle)) length = middle;
    else low = middle + 1;
  }
  return { ...batch, length };
}

function isAfter({ after }: NGramSearch, score: number, ids: Uint32Array, at: number): boolean {
  if (after === undefined || score < after.score) return true;
  const { length } = after.ngram;
  return score === after.score && compareNGrams(ids.subarray(at, at + length), after.ngram, length) > 0;
}

/** Whether n-grams of an order can be sorted so. */
export function canSort(sort: NGramSearch['sort'], order: number): boolean {
  return sort === 'count' || isDefinedFor(sort, order);
}
