import { createHash } from 'node:crypto';
import type { CorpusSettings } from '../store/store.ts';
import type { DraftSummary } from './receiving/draft.ts';

/** What a request asks for, as a digest: to create a corpus with these settings, or else to add the texts to one. */
export function requestDigest(
  settings: CorpusSettings | undefined,
  texts: readonly Pick<DraftSummary, 'sha256'>[],
): string {
  const { tokenizer, order, sequences, locale } = settings ?? {};
  // Digests that were kept before there were locales stay as they are.
  const language = locale === undefined ? [] : [{ locale }];
  const asked = [tokenizer, order, sequences, ...language, ...texts.map(({ sha256 }) => sha256)];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
