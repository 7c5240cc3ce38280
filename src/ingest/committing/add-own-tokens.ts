import type { CorpusChange } from '../../store/store.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { ownTokens } from '../../text/tokenizer.ts';
import { numberedTokens } from '../word-list.ts';

/** How many tokens are added at a time. */
const someTokens = 2 ** 14;

/**
 * Gives a corpus that is being created all tokens of its tokenizer, under the ids that they have there, and after them
 * those that it reserves.
 */
export async function addOwnTokens(change: CorpusChange): Promise<void> {
  const { settings } = change;
  let next = change.knownTokens;
  const add = async (tokens: readonly string[]) => {
    await change.addWords(numberedTokens(tokens, next));
    next += tokens.length;
  };
  let tokens: string[] = [];
  for (const token of ownTokens(settings)) {
    tokens.push(token);
    if (tokens.length < someTokens) continue;
    await add(tokens);
    tokens = [];
  }
  await add([...tokens, ...reservedTokens(settings.sequences)]);
}
