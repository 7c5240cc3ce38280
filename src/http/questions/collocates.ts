import { type MeasureName, measuresOf } from '../../analysis/association.ts';
import { findCollocates } from '../../analysis/collocates.ts';
import type { CorpusText } from '../../index/corpus-text.ts';
import { cursorDecoder, isFiniteNumber, isTokenId, pageOf } from '../paging.ts';
import type { PageQuestion } from './listings.ts';
import { readPhrase } from './phrases.ts';

/** What `…/collocates` is asked. */
export interface CollocatesQuestion extends PageQuestion {
  node: string;
  window: number;
  sort: 'count' | MeasureName;
  min_count: number;
}

/** Where the collocates continue: after one with its score. */
const decodePlace = cursorDecoder<[score: number, word: number]>(isFiniteNumber, isTokenId);

/** A page of the words near a word or phrase. */
export async function collocates(text: CorpusText, question: CollocatesQuestion) {
  const { snapshot } = text;
  const { window, sort, min_count: minCount, limit } = question;
  const place = decodePlace(question.cursor);
  const phrase = readPhrase(snapshot.settings, question.node, '/query/node');
  const node = [...(await snapshot.tokenIds(phrase))];
  const after = place && { score: place[0], word: place[1] };
  const search = { node, window, minCount, sort, after, limit: limit + 1 };
  const { hits, near, total, found } = await findCollocates(text, search);
  const page = pageOf(found, limit, ({ score, word }) => [score, word]);
  const names = await snapshot.tokens(page.items.map(({ word }) => word));
  const items = page.items.map(({ count, left, right, counts }, i) => ({
    word: names[i],
    count,
    left,
    right,
    occurrences: counts.single[1],
    ...measuresOf(counts),
  }));
  return { version: snapshot.version, node: phrase, hits, near, total, ...page, items };
}
