import { useCorpus } from '../service/corpora.ts';

/** Tokens as a text that the corpus reads as the same tokens. */
export function textOf(tokens: readonly string[], tokenizer: string | undefined): string {
  return tokens.join(tokenizer === 'char' ? '' : ' ');
}

/** A token as it is shown: a space, which `char` counts, would not be seen. */
export function shownToken(token: string): string {
  return token === ' ' ? '␣' : token;
}

/** The tokens of an n-gram of the chosen corpus. */
export function Tokens({ of }: { of: readonly string[] }) {
  return <>{textOf(of.map(shownToken), useCorpus()?.tokenizer)}</>;
}
