import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import type { TokenId } from '../../index/count-index.ts';
import { withAnyCorpus } from '../../index/thread-corpora.ts';
import { throwIfCancelled } from '../cancelling.ts';
import { afterStart, readPrompt } from '../prompt.ts';
import type { Question } from './asking.ts';

/** The ids of a text's tokens, with the tokens if requested, as JSON. */
export function tokenize({
  corpus,
  cancelled,
  text,
  begins,
  withTokens,
}: TokenizerQuestion & { text: string; begins: boolean; withTokens: boolean }): Promise<Outcome<Uint8Array>> {
  return asyncOutcomeOf(async () => {
    throwIfCancelled(cancelled);
    return withAnyCorpus(corpus, async (corpus) => {
      const prompt = await readPrompt(corpus, text);
      const { ids, tokens } = begins ? afterStart(corpus, prompt) : prompt;
      const strings = withTokens ? tokens : null;
      return Buffer.from(JSON.stringify({ tokens: ids, count: ids.length, token_strs: strings }));
    });
  });
}

/** The text that ids of tokens stand for, as JSON. */
export function detokenize({
  corpus,
  cancelled,
  ids,
}: TokenizerQuestion & { ids: TokenId[] }): Promise<Outcome<Uint8Array>> {
  return asyncOutcomeOf(async () => {
    throwIfCancelled(cancelled);
    return withAnyCorpus(corpus, async (corpus) => {
      const { text } = await readPrompt(corpus, ids);
      return Buffer.from(JSON.stringify({ prompt: text }));
    });
  });
}

/** The fields of questions that need no model. */
type TokenizerQuestion = Pick<Question, 'corpus' | 'cancelled'>;
