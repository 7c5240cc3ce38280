import { LRUCache } from 'lru-cache';
import {
  type Concordance,
  type ConcordanceSort,
  concordanceLines,
  concordanceOf,
  placeAfter,
} from '../../analysis/concordance.ts';
import type { CorpusText } from '../../index/corpus-text.ts';
import { cursorDecoder, isPosition, isText, pageOf } from '../paging.ts';
import type { PageQuestion } from './listings.ts';
import { readPhrase, tokenLists } from './phrases.ts';

/** What `…/concordance` is asked. */
export interface ConcordanceQuestion extends PageQuestion {
  q: string;
  left: number;
  right: number;
  sort: ConcordanceSort;
}

/** Where a concordance continues: after an occurrence, given by the word that it is sorted by and its position. */
const decodePlace = cursorDecoder<[word: string, position: number]>(isText, isPosition);

/** The concordances whose pages this thread has answered last. */
const known = new LRUCache<string, Concordance>({
  maxSize: 2 ** 26,
  sizeCalculation: ({ positions, ranks }) => positions.byteLength + ranks.byteLength + 1000,
});

/** A page of the occurrences of a phrase, each with the words before and after it. */
export async function concordance(text: CorpusText, question: ConcordanceQuestion) {
  const { snapshot } = text;
  const { left, right, sort, limit } = question;
  const place = decodePlace(question.cursor);
  const phrase = readPhrase(snapshot.settings, question.q, '/query/q');
  const ids = [...(await snapshot.tokenIds(phrase))];
  const key = `${snapshot.ref.id} ${snapshot.version} ${sort} ${ids}`;
  const all = known.get(key) ?? (await concordanceOf(text, ids, sort));
  known.set(key, all);
  const start = place === undefined ? 0 : placeAfter(all, ...place);
  const positions = [...all.positions.subarray(start, start + limit + 1)];
  const page = pageOf(positions, limit, (last) => [
    all.words[all.ranks[start + positions.indexOf(last)]],
    last,
  ]);
  const lines = await concordanceLines(text, page.items, phrase.length, { left, right });
  const named = await tokenLists(
    snapshot,
    lines.flatMap(({ left, hit, right }) => [left, hit, right]),
  );
  const items = lines.map(({ document, position, left, hit, right }) => ({
    document,
    position,
    left: named(left),
    hit: named(hit),
    right: named(right),
  }));
  return { version: snapshot.version, phrase, total: all.positions.length, ...page, items };
}
