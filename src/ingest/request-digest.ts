import { createHash } from 'node:crypto';
import type { CorpusSettings, DocumentLabels } from '../store/store.ts';
import type { DraftedText, TextNames } from './receiving/draft.ts';

/**
 * What a request asks for, as a digest: to create a corpus with these settings, or else to add the texts to one, with
 * labels.
 */
export function requestDigest(
  settings: CorpusSettings | undefined,
  texts: readonly (Pick<DraftedText, 'sha256'> & TextNames)[],
  { title, date }: DocumentLabels,
): string {
  const { tokenizer, order, sequences, blankLines, locale, vocabulary, content } = settings ?? {};
  // Digests that were kept before there were these settings and labels stay as they are.
  const blank = blankLines === undefined ? [] : [{ blankLines }];
  const language = locale === undefined ? [] : [{ locale }];
  const closed = vocabulary === undefined ? [] : [{ vocabulary }];
  const made = content === undefined ? [] : [{ content }];
  const labels = title === undefined && date === undefined ? [] : [{ title, date }];
  const asked = [
    tokenizer,
    order,
    sequences,
    ...blank,
    ...language,
    ...closed,
    ...made,
    ...labels,
    ...texts.map(({ sha256, id, title, date }) =>
      id === undefined && title === undefined && date === undefined ? sha256 : { sha256, id, title, date },
    ),
  ];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/** Whether a document has the labels that a request gives, which need not be all. */
export function hasLabels(document: DocumentLabels, { title, date }: DocumentLabels): boolean {
  return (title === undefined || title === document.title) && (date === undefined || date === document.date);
}
