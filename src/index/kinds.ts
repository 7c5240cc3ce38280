import { NgramdError } from '../errors.ts';
import type { CorpusKind, CorpusSettings } from '../store/store.ts';

/** What corpora of other kinds than texts are, and what can be asked of them. */
const described: Record<Exclude<CorpusKind, 'text' | 'counts'>, string> = {
  arpa: 'It was read from an ARPA file, which has the probabilities of a model and neither counts nor a text: it answers probability, probabilities, continuations, score, generate, completions, tokenize, vocabulary and arpa.',
  mixture:
    'It is a mixture of other corpora, without counts or a text of its own: it answers probability, probabilities, continuations, score, generate, completions, tokenize, vocabulary and tune; ask its parts for the rest.',
};

export function kindOf({ content }: Pick<CorpusSettings, 'content'>): CorpusKind {
  return content?.kind ?? 'text';
}

/** Whether a corpus has counts: of its texts, or those that it was given. */
export function hasCounts({ content }: Pick<CorpusSettings, 'content'>): boolean {
  return content === undefined || content.kind === 'counts';
}

/** Throws `no-counts` for a corpus that has neither counts nor a text. */
export function requireCounts({ content }: Pick<CorpusSettings, 'content'>): void {
  if (content !== undefined && content.kind !== 'counts')
    throw new NgramdError('no-counts', described[content.kind]);
}

/** Throws `no-text` for a corpus that has no text, and `no-counts` if it has no counts either. */
export function requireText(settings: Pick<CorpusSettings, 'content'>): void {
  requireCounts(settings);
  if (settings.content === undefined) return;
  throw new NgramdError(
    'no-text',
    'The corpus has counts of n-grams and no text: it answers all questions but those that read its text, which are batches, concordance, collocates, the words before a phrase, and frequencies by year.',
  );
}
