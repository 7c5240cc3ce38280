import type { CountedNGrams, CountOfCounts, Snapshot, TokenId } from '../store/store.ts';
import { type CountedNGram, compareByCount } from './count-source.ts';

/** A page of n-grams by count, as in `CountSource.byCount`. */
export interface ByCountQuestion {
  readonly order: number;
  readonly after: CountedNGram | undefined;
  readonly limit: number;
  /** A token that is not listed as a unigram. */
  readonly omitted: TokenId | undefined;
}

/** The most n-grams that are collected and sorted. If more have the same count, they are read in order. */
const defaultMaxSorted = 20_000;

/**
 * N-grams by count, from a store, which has them in the order of their ids alone. The counts of counts determine which
 * counts a page covers: if few n-grams have them, these are sorted; otherwise the n-grams with the next count are read
 * from the place where the page begins.
 */
export async function storedNGramsByCount(
  snapshot: Snapshot,
  { order, after, limit, omitted }: ByCountQuestion,
  maxSorted = defaultMaxSorted,
): Promise<CountedNGram[]> {
  const countsOfCounts = await snapshot.countsOfCounts(order);
  let remaining = countsOfCounts.filter(({ count }) => after === undefined || count <= after.count);
  const found: CountedNGram[] = [];
  const take = (ngrams: readonly CountedNGram[]) => {
    for (const ngram of ngrams) {
      if (found.length === limit) break;
      if (after === undefined || compareByCount(ngram, after) > 0) found.push(ngram);
    }
  };
  while (found.length < limit && remaining.length > 0) {
    const next = nextCounts(remaining, after, limit - found.length, maxSorted);
    const range = { order, omitted, least: next[next.length - 1].count, most: next[0].count };
    if (sizeOf(next) <= maxSorted) take((await allWithin(snapshot, range)).sort(compareByCount));
    else {
      const from = after?.count === range.most ? after.ngram : [];
      for await (const batch of snapshot.ngrams(order, from, range.least)) {
        take(within(batch, range));
        if (found.length === limit) break;
      }
    }
    remaining = remaining.slice(next.length);
  }
  return found;
}

/** The counts, from the first on, that fill a page of `limit`, or as many as can be sorted together; at least one. */
function nextCounts(
  remaining: readonly CountOfCounts[],
  after: CountedNGram | undefined,
  limit: number,
  maxSorted: number,
): readonly CountOfCounts[] {
  let all = 0;
  let listed = 0;
  for (const [i, { count, ngrams }] of remaining.entries()) {
    all += ngrams;
    if (all > maxSorted && i > 0) return remaining.slice(0, i);
    // The list may have reached the last n-gram of its count.
    if (count !== after?.count) listed += ngrams;
    if (listed >= limit) return remaining.slice(0, i + 1);
  }
  return remaining;
}

function sizeOf(counts: readonly CountOfCounts[]): number {
  return counts.reduce((sum, { ngrams }) => sum + ngrams, 0);
}

/** The n-grams of an order with the counts from `least` to `most`, without the unigram `omitted`. */
interface Range {
  readonly order: number;
  readonly omitted: TokenId | undefined;
  readonly least: number;
  readonly most: number;
}

/** All n-grams of a range, in no order. */
async function allWithin(snapshot: Snapshot, range: Range): Promise<CountedNGram[]> {
  const { order, least } = range;
  const frequent = await snapshot.frequentNGrams(order, least);
  if (frequent !== undefined) return within(frequent, range);
  const all: CountedNGram[] = [];
  for await (const batch of snapshot.ngrams(order, [], least)) all.push(...within(batch, range));
  return all;
}

function within(batch: CountedNGrams, { order, omitted, least, most }: Range): CountedNGram[] {
  const found: CountedNGram[] = [];
  for (let i = 0; i < batch.length; i++) {
    const count = batch.counts[i];
    if (count < least || count > most) continue;
    const ngram = Array.from(batch.ids.subarray(i * order, (i + 1) * order));
    if (order > 1 || ngram[0] !== omitted) found.push({ ngram, count });
  }
  return found;
}
