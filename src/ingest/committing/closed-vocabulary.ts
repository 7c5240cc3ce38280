import { NgramdError } from '../../errors.ts';
import type { CorpusChange, CorpusSettings, IdentifiedWords } from '../../store/store.ts';
import { reservedId, reservedTokens } from '../../text/reserved.ts';
import { tokenOf } from '../../text/token-table.ts';
import { pieceTokens } from '../counting/lay-out.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { SpoolReader } from '../receiving/token-spool.ts';
import { wordListOf } from '../word-list.ts';

/**
 * The words that occur at least `minCount` times in the texts of a draft, without reserved ones, by first appearance.
 * Throws `invalid-request`, which points to `/vocabulary_min_count`, if there are none.
 */
export function frequentWords(
  draft: DraftContent | undefined,
  { sequences }: CorpusSettings,
  minCount: number,
): string[] {
  if (draft === undefined || draft.isOfCounts) {
    throw noVocabulary(
      'With vocabulary_min_count, the words of the first texts are counted, and there is no text: add one, or send the words as vocabulary.',
    );
  }
  const { tokens, words } = draft;
  const counts = new Float64Array(words.size);
  const reader = new SpoolReader(tokens);
  try {
    for (let at = 0; at < reader.length; at += pieceTokens) {
      for (const word of reader.read(at, Math.min(at + pieceTokens, reader.length))) counts[word]++;
    }
  } finally {
    reader.close();
  }
  const frequent: string[] = [];
  for (let word = reservedTokens(sequences).length; word < words.size; word++) {
    if (counts[word] >= minCount) frequent.push(tokenOf(words, word));
  }
  if (frequent.length > 0) return frequent;
  throw noVocabulary(
    `No word of the texts occurs ${minCount} times (vocabulary_min_count), so that every word would be <unk>.`,
  );
}

function noVocabulary(detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer: '/vocabulary_min_count', detail }]);
}

/** Adds words to a corpus that is being created, with ids in their order. */
export async function addVocabulary(change: CorpusChange, words: readonly string[]): Promise<void> {
  await change.addWords(await change.identify(wordListOf(words)));
}

/** The words of texts in a corpus with a closed vocabulary: those that it does not have are `<unk>`. */
export function withoutNewWords(
  { words, ids, added }: IdentifiedWords,
  settings: CorpusSettings,
): IdentifiedWords {
  const closed = ids.slice();
  const unknown = reservedId(settings, '<unk>') as number;
  for (const ofText of added) for (const word of ofText) closed[word] = unknown;
  return { words, ids: closed, added: [] };
}
