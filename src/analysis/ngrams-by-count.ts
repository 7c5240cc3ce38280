import type { Batches, CountedNGram, CountSource } from '../index/count-source.ts';
import { compareNGrams } from '../ngrams/ngram-stream.ts';

/** An n-gram with its rank in the list by count. */
export interface RankedNGram extends CountedNGram {
  /** 1 for the most frequent. */
  readonly rank: number;
}

/** The number of n-grams with a certain count. */
interface CountOfCount {
  readonly count: number;
  readonly ngrams: number;
}

/** The most n-grams of several counts that are sorted together. N-grams of one count are already read in order. */
const maxSorted = 20_000;

/**
 * At most `limit` n-grams of one order by decreasing count, with ties by increasing ids, after `last` (from the first if it
 * is undefined). The counts of counts, in decreasing order, determine which counts a page covers.
 */
export async function ngramsByCount(
  counts: Pick<CountSource, 'counted'>,
  order: number,
  countsOfCounts: readonly CountOfCount[],
  last: RankedNGram | undefined,
  limit: number,
): Promise<RankedNGram[]> {
  let remaining = countsOfCounts.filter(({ count }) => last === undefined || count <= last.count);
  let after = last;
  const items: RankedNGram[] = [];
  const take = (found: readonly CountedNGram[]) => {
    for (const item of found) {
      if (items.length === limit) break;
      if (after !== undefined && byCount(item, after) <= 0) continue;
      after = { rank: (after?.rank ?? 0) + 1, ...item };
      items.push(after);
    }
  };
  while (items.length < limit && remaining.length > 0) {
    const next = nextCounts(remaining, after, limit - items.length);
    const ngrams = next.reduce((sum, { ngrams }) => sum + ngrams, 0);
    const range = { least: next[next.length - 1].count, most: next[0].count, ngrams };
    if (next.length === 1) {
      const from = after?.count === range.most ? after.ngram : [];
      for await (const some of counts.counted(order, from, range)) {
        take(some);
        if (items.length === limit) break;
      }
    } else take((await allOf(counts.counted(order, [], range))).sort(byCount));
    remaining = remaining.slice(next.length);
  }
  return items;
}

async function allOf<Item>(batches: Batches<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const batch of batches) for (const item of batch) all.push(item);
  return all;
}

/** The counts, from the first on, that fill a page of `limit`, or as many as can be sorted together; at least one. */
function nextCounts(
  remaining: readonly CountOfCount[],
  after: RankedNGram | undefined,
  limit: number,
): readonly CountOfCount[] {
  let all = 0;
  let listed = 0;
  for (const [i, { count, ngrams }] of remaining.entries()) {
    all += ngrams;
    if (all > maxSorted && i > 0) return remaining.slice(0, i);
    // There may be no more n-grams of the count that the list has reached.
    if (count !== after?.count) listed += ngrams;
    if (listed >= limit) return remaining.slice(0, i + 1);
  }
  return remaining;
}

function byCount(a: CountedNGram, b: CountedNGram): number {
  return b.count - a.count || compareNGrams(a.ngram, b.ngram, a.ngram.length);
}
