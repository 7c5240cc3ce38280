import { LRUCache } from 'lru-cache';
import { type PrecedingWords, precedingWords } from '../../analysis/preceding-words.ts';
import type { CorpusText } from '../../index/corpus-text.ts';
import { cursorDecoder, isPosition, isTokenId, pageOf } from '../paging.ts';
import type { PageQuestion } from './listings.ts';
import { readPhrase } from './phrases.ts';
import { idsWithPrefix } from './words.ts';

/** What `…/continuations?side=left` is asked. */
export interface PrecedingQuestion extends PageQuestion {
  context: string;
  prefix: string;
}

/** Where the words continue: after one with its count. */
const decodePlace = cursorDecoder<[count: number, word: number]>(isPosition, isTokenId);

/** What precedes the phrases whose pages this thread has answered last. */
const known = new LRUCache<string, PrecedingWords>({
  maxSize: 2 ** 20,
  sizeCalculation: ({ words }) => words.length + 10,
});

/** A page of the words that precede a phrase, the most frequent first. */
export async function preceding(text: CorpusText, question: PrecedingQuestion) {
  const { snapshot } = text;
  const { settings } = snapshot;
  const { limit } = question;
  const place = decodePlace(question.cursor);
  const context = readPhrase(settings, question.context, '/query/context');
  const prefixed = await idsWithPrefix(
    { settings, read: (read) => read(snapshot) },
    question.prefix,
    '/query/prefix',
  );
  const among = prefixed && new Set(prefixed);
  const ids = [...(await snapshot.tokenIds(context))];
  const key = `${snapshot.ref.id} ${snapshot.version} ${ids}`;
  const all = known.get(key) ?? (await precedingWords(text, ids));
  known.set(key, all);
  const { words, total } = all;
  const isAfter = place === undefined ? () => true : isAfterPlace(place);
  const found: PrecedingWords['words'][number][] = [];
  for (const counted of words) {
    if (found.length > limit) break;
    if (isAfter(counted) && (among === undefined || among.has(counted.word))) found.push(counted);
  }
  const page = pageOf(found, limit, ({ count, word }) => [count, word]);
  const names = await snapshot.tokens(page.items.map(({ word }) => word));
  const items = page.items.map(({ count }, i) => ({ word: names[i], probability: count / total, count }));
  return { version: snapshot.version, context, total, ...page, items };
}

/** The same under the names of `…/continuations`. */
export async function precedingContinuations(text: CorpusText, question: PrecedingQuestion) {
  const { version, context, total, items: continuations, ...rest } = await preceding(text, question);
  return { version, estimator: { name: 'mle' }, context, total, continuations, ...rest };
}

function isAfterPlace([lastCount, lastWord]: [count: number, word: number]) {
  return ({ count, word }: PrecedingWords['words'][number]) =>
    count < lastCount || (count === lastCount && word > lastWord);
}
