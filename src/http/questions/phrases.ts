import { inField } from '../../errors.ts';
import type { CorpusSettings, Snapshot, TokenId } from '../../store/store.ts';
import { tokenizeQuery } from '../../text/reserved.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted } from '../quoted.ts';

/** The most tokens of a phrase. */
const maxPhraseTokens = 100;

/**
 * Reads a phrase, which is tokenized as its corpus is. Throws `invalid-request`, under `pointer`, if it has no tokens
 * or too many.
 */
export function readPhrase(settings: CorpusSettings, text: string, pointer: string): string[] {
  const tokens = inField(pointer, () => tokenizeQuery(settings, text));
  if (tokens.length === 0) {
    throw invalidField(
      pointer,
      `A phrase has at least one token; the tokenizer ${settings.tokenizer} finds none in ${quoted(text)}.`,
    );
  }
  if (tokens.length <= maxPhraseTokens) return tokens;
  throw invalidField(pointer, `A phrase has at most ${maxPhraseTokens} tokens, not ${tokens.length}.`);
}

/** How many tokens are named at a time, and the most characters of all their names together. */
const namesAtATime = 1024;
const maxNameLength = 2 ** 26;

/** Names the tokens of lists of ids. Throws `invalid-request` if the lists are too long for an answer. */
export async function tokenLists(
  snapshot: Pick<Snapshot, 'tokens'>,
  lists: readonly (readonly TokenId[])[],
): Promise<(list: readonly TokenId[]) => string[]> {
  const ids = [...new Set(lists.flat())];
  const names = new Map<TokenId, string>();
  for (let from = 0; from < ids.length; from += namesAtATime) {
    const some = ids.slice(from, from + namesAtATime);
    for (const [i, name] of (await snapshot.tokens(some)).entries()) names.set(some[i], name);
  }
  let length = 0;
  for (const list of lists) for (const id of list) length += (names.get(id) as string).length;
  if (length > maxNameLength) {
    throw invalidField(
      '/query/limit',
      `The tokens of this answer have more than ${maxNameLength} characters.`,
    );
  }
  return (list) => list.map((id) => names.get(id) as string);
}
