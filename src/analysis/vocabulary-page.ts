import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { reservedTokens } from '../text/reserved.ts';

/**
 * At most `limit` tokens with their counts, by id, from the id `from` on: the words that occur, and the reserved tokens.
 * `<s>`, which is not a word, has the count 0.
 */
export function vocabularyPage(
  reader: CorpusReader,
  from: number,
  limit: number,
): { id: number; token: string; count: number }[] {
  const { settings, sequenceStart } = reader;
  const reserved = reservedTokens(settings.sequences).length;
  const unigrams = reader.ngrams(1, Uint32Array.of(from));
  const page: { id: number; token: string; count: number }[] = [];
  let left = unigrams.next();
  for (let id = from; page.length < limit; id++) {
    if (id >= reserved) {
      if (!left) break;
      id = unigrams.ngram[0];
    }
    const occurs = left && unigrams.ngram[0] === id;
    page.push({ id, token: reader.token(id), count: occurs && id !== sequenceStart ? unigrams.count : 0 });
    if (occurs) left = unigrams.next();
  }
  return page;
}
