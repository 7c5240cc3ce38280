import { ngramsByCount } from '../../analysis/ngrams-by-count.ts';
import { vocabularyPage } from '../../analysis/vocabulary-page.ts';
import type { Corpus } from '../../index/corpora.ts';
import { decodeIntegers, encodeCursor } from '../cursor.ts';
import { checkOrder } from './models.ts';

/** Which page of a list is asked for. */
interface PageQuestion {
  cursor?: string;
  limit: number;
}

/** A page of the vocabulary. */
export function vocabulary({ reader }: Corpus, { cursor, limit }: PageQuestion) {
  const [from] = cursor === undefined ? [0] : decodeIntegers(cursor, 1, 1);
  const found = vocabularyPage(reader, from, limit + 1);
  const page = { version: reader.version, items: found.slice(0, limit) };
  return found.length > limit ? { ...page, next_cursor: encodeCursor([found[limit].id]) } : page;
}

/** A page of the n-grams of an order, by falling count. */
export function ngrams(
  { reader, index, tokens }: Corpus,
  { cursor, limit, order }: PageQuestion & { order: number },
) {
  const [rank, count, ...ids] = cursor === undefined ? [] : decodeIntegers(cursor, 2 + order, order);
  const last = cursor === undefined ? undefined : { rank, count, ngram: ids };
  checkOrder(reader.settings, order, '/query');
  const found = ngramsByCount(index, order, reader.countsOfCounts(order), last, limit + 1);
  const page = found.slice(0, limit);
  const items = page.map(({ rank, ngram, count }) => ({
    rank,
    ngram: ngram.map((id) => tokens.token(id)),
    count,
  }));
  const { version } = reader;
  if (found.length <= limit) return { version, order, items };
  const listed = page[limit - 1];
  return { version, order, items, next_cursor: encodeCursor([listed.rank, listed.count, ...listed.ngram]) };
}
