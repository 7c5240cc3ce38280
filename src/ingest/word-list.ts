import type { WordList } from '../store/store.ts';

/** Distinct tokens as the words of one text, each of which occurs once. */
export function wordListOf(tokens: readonly string[]): WordList {
  return {
    size: tokens.length,
    token: (word) => tokens[word],
    count: () => 1,
    afterTexts: [tokens.length],
  };
}
