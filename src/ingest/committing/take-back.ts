import { NgramdError } from '../../errors.ts';
import type { CorpusChange } from '../../store/store.ts';
import { type CountingSizes, TextCounter } from '../counting/text-counter.ts';
import { takeBackCounts } from './add-counts.ts';
import { storedWords } from './word-streams.ts';

/** How a document is taken back. */
export interface TakingBackOptions {
  readonly now: string;
  /** Where the counts of a long text are kept until they are merged. */
  readonly spillPath: string;
  readonly sizes?: CountingSizes;
}

/**
 * Takes a document back: its counts by a run with the sign -1, its tokens, and its share of the totals. Ids stay. Throws
 * `document-not-found` where there is no document of this id.
 */
export async function takeBack(
  change: CorpusChange,
  id: string,
  { now, ...options }: TakingBackOptions,
): Promise<void> {
  const document = await change.document(id);
  if (document === undefined) {
    throw new NgramdError('document-not-found', `The corpus has no document ${JSON.stringify(id)}.`);
  }
  const { order, sequences, content } = change.settings;
  if (content?.kind === 'counts') return takeBackCounts(change, document, { now, ...options });
  const text = await storedWords(change, document);
  const counter = await TextCounter.begin(text, { ...options, order });
  try {
    await change.addRun(counter, -1);
  } finally {
    await counter.close();
  }
  if (sequences === 'document') {
    const end = await text.read(Math.max(0, text.length - (order - 1)), text.length);
    await change.noteSequenceEnds([end], -1);
  }
  await change.removeTokens(document.first, document.tokens);
  await change.removeDocument(document, now);
}
