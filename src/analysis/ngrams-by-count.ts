import { compareNGrams } from '../store/ngram-stream.ts';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';

/** An n-gram at its place in the list by count. */
export interface RankedNGram {
  /** 1 for the most frequent. */
  rank: number;
  ngram: Uint32Array;
  count: number;
}

/** The most blocks that are decoded to collect frequent n-grams; a class of counts in more is found by a scan. */
const maxBlocks = 8192;

/**
 * At most `limit` n-grams of one order by falling count, ties by rising ids, after `last` (from the first where it
 * is undefined). Counts of counts tell which counts a page covers: frequent n-grams are found through their blocks'
 * peaks; those of a count that many share are met soon by reading on in the order of ids.
 */
export function ngramsByCount(
  reader: CorpusReader,
  order: number,
  last: RankedNGram | undefined,
  limit: number,
): RankedNGram[] {
  let remaining = reader
    .countsOfCounts(order)
    .filter(({ count }) => last === undefined || count <= last.count);
  const contextOnly = order === 1 ? reader.sequenceStart : undefined;
  const items: RankedNGram[] = [];
  let after = last;
  const take = (found: { ngram: Uint32Array; count: number }[]) => {
    for (const { ngram, count } of found) {
      if (items.length === limit) break;
      after = { rank: (after?.rank ?? 0) + 1, ngram, count };
      items.push(after);
    }
  };
  while (items.length < limit && remaining.length > 0) {
    const lowest = lowestCount(remaining, after, limit - items.length);
    const frequent = reader.frequentNGrams(order, lowest, maxBlocks);
    const covered = frequent === undefined ? remaining[0].count : lowest;
    take(
      frequent === undefined
        ? scan(reader, order, remaining[0], after, limit - items.length)
        : frequent
            .filter((item) => item.count >= lowest && item.ngram[0] !== contextOnly && isAfter(item, after))
            .sort(byCount),
    );
    remaining = remaining.filter(({ count }) => count < covered);
  }
  return items;
}

/** Down to which count a page of `limit` reaches: what is left of the count it begins in may be nothing. */
function lowestCount(
  remaining: readonly { count: number; ngrams: number }[],
  after: RankedNGram | undefined,
  limit: number,
): number {
  let ngrams = 0;
  for (const { count, ngrams: more } of remaining) {
    if (count !== after?.count) ngrams += more;
    if (ngrams >= limit) return count;
  }
  return remaining[remaining.length - 1].count;
}

/** N-grams of exactly one count in order of their ids, until `limit` or all of them are found. */
function scan(
  reader: CorpusReader,
  order: number,
  { count, ngrams }: { count: number; ngrams: number },
  after: RankedNGram | undefined,
  limit: number,
): { ngram: Uint32Array; count: number }[] {
  const from = after?.count === count ? after.ngram : new Uint32Array(0);
  const wanted = Math.min(limit, ngrams);
  const found: { ngram: Uint32Array; count: number }[] = [];
  const stream = reader.ngrams(order, from, count);
  while (found.length < wanted && stream.next()) {
    if (order === 1 && stream.ngram[0] === reader.sequenceStart) continue;
    if (stream.count === count && isAfter(stream, after)) found.push({ ngram: stream.ngram.slice(), count });
  }
  return found;
}

function byCount(a: { ngram: Uint32Array; count: number }, b: { ngram: Uint32Array; count: number }): number {
  return b.count - a.count || compareNGrams(a.ngram, b.ngram, a.ngram.length);
}

function isAfter(item: { ngram: Uint32Array; count: number }, last: RankedNGram | undefined): boolean {
  return last === undefined || byCount(item, last) > 0;
}
