import type { CorpusText } from '../index/corpus-text.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import { phraseHits } from './phrase-hits.ts';

/** The words v that stand directly before a phrase h. */
export interface PrecedingWords {
  /** By decreasing n(vh), those of one count by increasing ids. */
  readonly words: readonly { readonly word: TokenId; readonly count: number }[];
  /** Σ_v n(vh), how often something precedes the phrase. */
  readonly total: number;
}

/**
 * Counts the words before each occurrence of a phrase of any length. As in n-grams, a phrase lies in one sequence, and
 * what precedes the first word of a line is `<s>`; nothing precedes the first word of a document.
 */
export async function precedingWords(text: CorpusText, phrase: readonly TokenId[]): Promise<PrecedingWords> {
  const { settings } = text.snapshot;
  const start = reservedId(settings, '<s>');
  const end = reservedId(settings, '</s>');
  if (end !== undefined && phrase.slice(0, -1).includes(end)) return { words: [], total: 0 };
  const { before } = await phraseHits(text, phrase);
  const counts = new Map<TokenId, number>();
  let total = 0;
  for (const id of before) {
    const word = start !== undefined && (id === UNSEEN || id === end) ? start : id;
    if (word === UNSEEN) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total++;
  }
  const words = Array.from(counts, ([word, count]) => ({ word, count }));
  return { words: words.sort((a, b) => b.count - a.count || a.word - b.word), total };
}
