import { Type } from 'typebox';
import { ngramsByCount, type RankedNGram } from '../../analysis/ngrams-by-count.ts';
import { vocabularyPage } from '../../analysis/vocabulary-page.ts';
import type { Corpus } from '../../index/corpora.ts';
import { cursorDecoder, PlaceId, PlaceNumber, pageOf } from '../paging.ts';
import { maxOrder } from '../schemas/corpora.ts';
import { checkOrder } from './models.ts';

/** Which page of a list is asked for. */
interface PageQuestion {
  cursor?: string;
  limit: number;
}

/** Where the vocabulary continues: at an id. */
const decodeId = cursorDecoder<[id: number]>(Type.Tuple([PlaceId]));

/** Where the n-grams of each order continue: after one with its rank and count. */
type NGramPlace = [rank: number, count: number, ...ids: number[]];
const decodeNGram = Array.from({ length: maxOrder }, (_, i) => {
  const ids = Array.from({ length: i + 1 }, () => PlaceId);
  return cursorDecoder<NGramPlace>(Type.Tuple([PlaceNumber, PlaceNumber, ...ids]));
});

function rankedAt([rank, count, ...ngram]: NGramPlace): RankedNGram {
  return { rank, count, ngram };
}

/** A page of the vocabulary. */
export function vocabulary({ reader }: Corpus, { cursor, limit }: PageQuestion) {
  const [from] = decodeId(cursor) ?? [0];
  const found = vocabularyPage(reader, from, limit + 1);
  return { version: reader.version, ...pageOf(found, limit, ({ id }) => [id + 1]) };
}

/** A page of the n-grams of an order, by falling count. */
export function ngrams(
  { reader, index, tokens }: Corpus,
  { cursor, limit, order }: PageQuestion & { order: number },
) {
  const place = decodeNGram[order - 1](cursor);
  checkOrder(reader.settings, order, '/query');
  const last = place && rankedAt(place);
  const found = ngramsByCount(index, order, reader.countsOfCounts(order), last, limit + 1);
  const page = pageOf(found, limit, ({ rank, count, ngram }) => [rank, count, ...ngram]);
  const items = page.items.map(({ rank, ngram, count }) => ({
    rank,
    ngram: ngram.map((id) => tokens.token(id)),
    count,
  }));
  return { version: reader.version, order, ...page, items };
}
