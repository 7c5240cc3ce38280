import { vocabularyPage } from '../../analysis/vocabulary-page.ts';
import type { Corpus } from '../../index/corpus.ts';
import type { CountedNGram } from '../../index/count-source.ts';
import { leaveTurn } from '../../platform/turn.ts';
import { type Snapshot, UNSEEN } from '../../store/store.ts';
import { cursorDecoder, isPosition, isTokenId, pageOf } from '../paging.ts';
import { documentView } from '../views.ts';
import { checkOrder } from './models.ts';

/** Which page of a list is asked for. */
export interface PageQuestion {
  cursor?: string;
  limit: number;
}

/** Where the vocabulary continues: at an id. */
const decodeId = cursorDecoder<[id: number]>(isTokenId);

/** Where the n-grams of an order continue: after one with its rank and count. */
type NGramPlace = [rank: number, count: number, ...ids: number[]];
const decodeNGram = (order: number, cursor: string | undefined) =>
  cursorDecoder<NGramPlace>(isPosition, isPosition, ...Array(order).fill(isTokenId))(cursor);

/** A page of the vocabulary or, if one is named, that token alone. */
export async function vocabulary(
  snapshot: Snapshot,
  { cursor, limit, token }: PageQuestion & { token?: string },
) {
  if (token !== undefined) return { version: snapshot.version, items: await tokenItem(snapshot, token) };
  const [from] = decodeId(cursor) ?? [0];
  const found = await vocabularyPage(snapshot, from, limit + 1);
  return { version: snapshot.version, ...pageOf(found, limit, ({ id }) => [id + 1]) };
}

async function tokenItem(snapshot: Snapshot, token: string) {
  const [id] = await snapshot.tokenIds([token]);
  const found = id === UNSEEN ? [] : await vocabularyPage(snapshot, id, 1);
  return found.filter((item) => item.id === id);
}

/** Where the documents continue: after the one with an ordinal. */
const decodeOrdinal = cursorDecoder<[ordinal: number]>(isPosition);

/** A page of the documents, in the order in which they were added. */
export async function documents(snapshot: Snapshot, { cursor, limit }: PageQuestion) {
  const [after] = decodeOrdinal(cursor) ?? [0];
  const found = await snapshot.documents(after, limit + 1);
  const page = pageOf(found, limit, ({ ordinal }) => [ordinal]);
  return { version: snapshot.version, ...page, items: page.items.map(documentView) };
}

/** The most n-grams of a page that the event loop answers: a page of 1000 takes 5 to 10 ms. */
const maxAtOnce = 100;

/** A page of the n-grams of an order, by falling count. */
export async function ngrams(corpus: Corpus, { cursor, limit, order }: PageQuestion & { order: number }) {
  const place = decodeNGram(order, cursor);
  checkOrder(corpus.settings, order, '/query');
  if (limit > maxAtOnce) leaveTurn();
  const [lastRank, ...last] = place ?? [0];
  const found = await corpus.counts.byCount(order, countedAt(last), limit + 1);
  const ranked = found.map((counted, i) => ({ rank: lastRank + i + 1, ...counted }));
  const page = pageOf(ranked, limit, ({ rank, count, ngram }) => [rank, count, ...ngram]);
  const tokens = await corpus.vocabulary.tokens(page.items.flatMap(({ ngram }) => ngram));
  const items = page.items.map(({ rank, count }, i) => ({
    rank,
    ngram: tokens.slice(i * order, (i + 1) * order),
    count,
  }));
  return { version: corpus.counts.totals.version, order, ...page, items };
}

function countedAt([count, ...ngram]: number[]): CountedNGram | undefined {
  return count === undefined ? undefined : { count, ngram };
}
