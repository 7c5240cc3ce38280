import { createHash } from 'node:crypto';
import type { CorpusSettings } from '../store/store.ts';
import type { DraftSummary } from './receiving/draft.ts';

/** What a request asks for, as a digest: to create a corpus with these settings, or else to add the texts to one. */
export function requestDigest(
  settings: CorpusSettings | undefined,
  texts: readonly Pick<DraftSummary, 'sha256'>[],
): string {
  const { tokenizer, order, sequences, blankLines, locale, vocabulary } = settings ?? {};
  // Digests that were kept before there were these settings stay as they are.
  const blank = blankLines === undefined ? [] : [{ blankLines }];
  const language = locale === undefined ? [] : [{ locale }];
  const closed = vocabulary === undefined ? [] : [{ vocabulary }];
  const asked = [
    tokenizer,
    order,
    sequences,
    ...blank,
    ...language,
    ...closed,
    ...texts.map(({ sha256 }) => sha256),
  ];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
