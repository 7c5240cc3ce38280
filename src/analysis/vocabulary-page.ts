import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';

/** At most `limit` tokens with their counts, by id, from the id `from` on. `<s>`, which is no word, has count 0. */
export function vocabularyPage(
  reader: CorpusReader,
  from: number,
  limit: number,
): { id: number; token: string; count: number }[] {
  const unigrams = reader.ngrams(1, Uint32Array.of(from));
  let left = unigrams.next();
  return reader.tokens(from, limit).map(({ id, token }) => {
    while (left && unigrams.ngram[0] < id) left = unigrams.next();
    const isCounted = left && unigrams.ngram[0] === id && id !== reader.sequenceStart;
    return { id, token, count: isCounted ? unigrams.count : 0 };
  });
}
