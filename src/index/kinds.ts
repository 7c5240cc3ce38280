import { NgramdError } from '../errors.ts';
import type { CorpusKind, CorpusSettings } from '../store/store.ts';

/** What corpora of other kinds than texts are, and what can be asked of them. */
const described: Record<Exclude<CorpusKind, 'text'>, string> = {
  arpa: 'It was read from an ARPA file, which has the probabilities of a model and neither counts nor a text: it answers probability, probabilities, continuations, score, generate, completions, tokenize, vocabulary and arpa.',
  mixture:
    'It is a mixture of other corpora, without counts or a text of its own: it answers probability, probabilities, continuations, score, generate and tune; ask its parts for the rest.',
};

export function kindOf({ content }: Pick<CorpusSettings, 'content'>): CorpusKind {
  return content?.kind ?? 'text';
}

/** Throws `no-counts` for a corpus that has neither counts nor a text. */
export function requireCounts({ content }: Pick<CorpusSettings, 'content'>): void {
  if (content !== undefined) throw new NgramdError('no-counts', described[content.kind]);
}
