import type { ArpaIndex } from '../../index/arpa/arpa-index.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { ListedExplanation } from '../explain.ts';

/** P(w|h) at every order that the context allows, highest first, with what the file lists there. */
export function explainListed(
  index: ArpaIndex,
  context: readonly TokenId[],
  word: TokenId,
): ListedExplanation {
  const contexts = index.contextsOf(context);
  const levels = [];
  for (let length = contexts.length; length >= 0; length--) {
    const shorter = index.contextsOf(context.slice(context.length - length));
    levels.push({
      order: length + 1,
      isListed: index.isListed(contexts, length, word),
      backoff: length === 0 ? null : 10 ** index.backoffOf(contexts.nodes[length], length),
      probability: 10 ** index.logProbability(shorter, word),
    });
  }
  return { of: 'listed', levels };
}
