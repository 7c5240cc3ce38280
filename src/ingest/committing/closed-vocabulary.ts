import { NgramdError } from '../../errors.ts';
import type { CorpusChange, CorpusSettings, IdentifiedWords } from '../../store/store.ts';
import { reservedId, reservedTokens, tokenizeQuery } from '../../text/reserved.ts';
import { tokenOf } from '../../text/token-table.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import { pieceTokens } from '../counting/lay-out.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { SpoolReader } from '../receiving/token-spool.ts';
import { wordListOf } from '../word-list.ts';

/**
 * The words of a list, one per line, as the tokens of a corpus with these settings; reserved tokens and repeated words are
 * left out. Throws `invalid-request`, with the line, for what is not one token.
 */
export function readWordList(settings: CorpusSettings, list: Uint8Array): string[] {
  const reserved = reservedTokens(settings.sequences);
  const words = new Set<string>();
  const lines = decodeUtf8(list, 0, list.length).replace(/^\ufeff/, '');
  for (const [i, line] of lines.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const tokens = tokenizeQuery(settings, line);
    if (tokens.length !== 1) throw notOneToken(settings, i + 1, line, tokens);
    if (!reserved.includes(tokens[0])) words.add(tokens[0]);
  }
  if (words.size > 0) return [...words];
  throw invalidList('The vocabulary has no words, so that every word would be <unk>.');
}

/**
 * The words that occur at least `minCount` times in the texts of a draft, without reserved ones, by first appearance. Throws
 * `invalid-request` if there are none.
 */
export function frequentWords(
  draft: DraftContent | undefined,
  { sequences }: CorpusSettings,
  minCount: number,
): string[] {
  if (draft === undefined) {
    throw new NgramdError(
      'invalid-request',
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
  throw new NgramdError(
    'invalid-request',
    `No word of the texts occurs ${minCount} times (vocabulary_min_count), so that every word would be <unk>.`,
  );
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

function notOneToken(
  { tokenizer }: CorpusSettings,
  line: number,
  text: string,
  tokens: readonly string[],
): NgramdError {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  const found = tokens.length === 0 ? 'no token' : `${tokens.length} tokens`;
  return invalidList(
    `Line ${line} of the vocabulary, ${shown}, is ${found} under tokenizer=${tokenizer}: put one word on each line.`,
  );
}

function invalidList(detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer: '/body/vocabulary', detail }]);
}
