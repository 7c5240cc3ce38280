import { NgramdError } from '../errors.ts';
import { type QuerySettings, reservedTokens, tokenizeQuery } from './reserved.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * The words of a list, one per line, as the tokens of a corpus with these settings; reserved tokens and repeated words
 * are left out. Throws `invalid-request`, with the line, for what is not one token.
 */
export function readWordList(settings: QuerySettings, list: Uint8Array): string[] {
  const reserved = reservedTokens(settings.sequences);
  const words = new Set<string>();
  const lines = decodeUtf8(list, 0, list.length).replace(/^\ufeff/, '');
  for (const [i, line] of lines.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const tokens = tokensOf(settings, i + 1, line);
    if (tokens.length !== 1) throw notOneToken(settings, i + 1, line, tokens);
    if (!reserved.includes(tokens[0])) words.add(tokens[0]);
  }
  if (words.size > 0) return [...words];
  throw invalidList('The vocabulary has no words, so that every word would be <unk>.');
}

function tokensOf(settings: QuerySettings, line: number, text: string): string[] {
  try {
    return tokenizeQuery(settings, text);
  } catch (error) {
    throw error instanceof NgramdError
      ? invalidList(`Line ${line} of the vocabulary: ${error.message}`)
      : error;
  }
}

function notOneToken(
  { tokenizer }: QuerySettings,
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
