import type { IdentifiedWords, WordList } from '../store/store.ts';

/** Distinct tokens as the words of one text, each of which occurs once. */
export function wordListOf(tokens: readonly string[]): WordList {
  return {
    size: tokens.length,
    token: (word) => tokens[word],
    count: () => 1,
    afterTexts: [tokens.length],
  };
}

/** New tokens with consecutive ids, as words that a change can add. */
export function numberedTokens(tokens: readonly string[], firstId: number): IdentifiedWords {
  return {
    words: wordListOf(tokens),
    ids: Uint32Array.from(tokens, (_, word) => firstId + word),
    added: [Uint32Array.from(tokens.keys())],
  };
}
