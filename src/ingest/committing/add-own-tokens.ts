import type { CorpusChange } from '../../store/store.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { ownTokens } from '../../text/tokenizer.ts';
import { wordListOf } from '../word-list.ts';

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
    const first = next;
    await change.addWords({
      words: wordListOf(tokens),
      ids: Uint32Array.from(tokens, (_, word) => first + word),
      added: [Uint32Array.from(tokens.keys())],
    });
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
