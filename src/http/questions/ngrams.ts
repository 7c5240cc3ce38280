import { type MeasureName, type Measures, measuresOf } from '../../analysis/association.ts';
import { canSort, searchNGrams } from '../../analysis/ngram-search.ts';
import type { Corpus } from '../../index/corpus.ts';
import type { CountedNGram } from '../../index/count-source.ts';
import { leaveTurn } from '../../platform/turn.ts';
import type { Snapshot, TokenId } from '../../store/store.ts';
import { invalidField, movePointer } from '../invalid-fields.ts';
import { cursorDecoder, isFiniteNumber, isPosition, isTokenId, pageOf } from '../paging.ts';
import type { PageQuestion } from './listings.ts';
import { checkOrder } from './models.ts';
import { matchingTokens, parsePattern, type WrittenElement } from './ngram-pattern.ts';

/** What `…/ngrams` is asked. */
export interface NGramsQuestion extends PageQuestion {
  order?: number;
  pattern?: string;
  sort: 'count' | MeasureName;
  min_count: number;
}

/** A page of n-grams as it is answered. */
interface NGramsAnswer {
  version: number;
  order: number;
  /** How many n-grams match, if all were read. */
  total?: number;
  items: ({ rank: number; ngram: string[]; count: number } & Measures)[];
  next_cursor?: string;
}

/** Where the n-grams of an order continue: after one with its rank and score. */
type NGramPlace = [rank: number, score: number, ...ids: number[]];
const decodePlace = (order: number, isScore: (part: unknown) => boolean, cursor: string | undefined) =>
  cursorDecoder<NGramPlace>(isPosition, isScore, ...Array(order).fill(isTokenId))(cursor);

/** The most n-grams of a page that the event loop answers: a page of 1000 takes 5 to 10 ms. */
const maxAtOnce = 100;

/** A page of the n-grams of an order, of those that match a pattern if there is one. */
export async function ngrams(corpus: Corpus, question: NGramsQuestion): Promise<NGramsAnswer> {
  const elements = question.pattern === undefined ? undefined : parsePattern(question.pattern);
  const order = orderOf(corpus, question, elements);
  if (elements === undefined && question.sort === 'count') return byCount(corpus, question, order);
  const pattern = elements ?? Array<WrittenElement>(order).fill('any');
  const place = decodePlace(order, isFiniteNumber, question.cursor);
  leaveTurn();
  return corpus.read((snapshot) => matching(snapshot, question, pattern, place));
}

/** The order of the n-grams. Throws `invalid-request` where the question contradicts itself or the corpus. */
function orderOf(
  { settings }: Corpus,
  { order: asked, sort }: NGramsQuestion,
  pattern: readonly WrittenElement[] | undefined,
): number {
  const order = pattern?.length ?? asked ?? (sort === 'count' ? 1 : 2);
  if (asked !== undefined && asked !== order) {
    throw invalidField('/query/order', `The pattern is one of n-grams of order ${order}, not ${asked}.`);
  }
  try {
    checkOrder(settings, order, '/query');
  } catch (error) {
    throw pattern === undefined ? error : movePointer(error, '/query/order', '/query/pattern');
  }
  if (canSort(sort, order)) return order;
  const defined =
    sort === 'pmi' || sort === 't' ? 'two or more words (order=2 or higher)' : 'two words (order=2)';
  throw invalidField(
    '/query/sort',
    `${sort} is a measure of ${defined}, and not defined for order ${order}.`,
  );
}

/** The same of all n-grams, from the counts alone. */
async function byCount(
  corpus: Corpus,
  { cursor, limit, min_count: minCount }: NGramsQuestion,
  order: number,
): Promise<NGramsAnswer> {
  const place = decodePlace(order, isPosition, cursor);
  if (limit > maxAtOnce) leaveTurn();
  const [lastRank, ...last] = place ?? [0];
  const found = await corpus.counts.byCount(order, countedAt(last), limit + 1);
  const ranked = found
    .filter(({ count }) => count >= minCount)
    .map((counted, i) => ({ rank: lastRank + i + 1, ...counted }));
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

async function matching(
  snapshot: Snapshot,
  { limit, sort, min_count: minCount }: NGramsQuestion,
  elements: readonly WrittenElement[],
  [lastRank, score, ...ngram]: NGramPlace | [rank: number] = [0],
): Promise<NGramsAnswer> {
  const pattern = await matchingTokens(snapshot, elements);
  const after = score === undefined ? undefined : { score, ngram };
  const { total, found } = await searchNGrams(snapshot, { pattern, minCount, sort, after, limit: limit + 1 });
  const { tokens: all } = await snapshot.summary();
  const ranked = found.map((item, i) => ({ rank: lastRank + i + 1, ...item }));
  const page = pageOf(ranked, limit, ({ rank, score, ngram }) => [rank, score, ...ngram]);
  const names = await snapshot.tokens(page.items.flatMap(({ ngram }) => ngram) as TokenId[]);
  const order = pattern.length;
  const items = page.items.map(({ rank, count, single }, i) => ({
    rank,
    ngram: names.slice(i * order, (i + 1) * order),
    count,
    ...(sort === 'count' ? {} : measuresOf({ joint: count, single, total: all })),
  }));
  return { version: snapshot.version, order, total, ...page, items };
}
