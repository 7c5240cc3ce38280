import { useCorpus } from '../service/corpora.ts';

/** Whether tokens are bytes of a text, under names with a character for each byte. */
export function isOfBytes(tokenizer: string | undefined): boolean {
  return tokenizer === 'gpt2' || tokenizer === 'cl100k_base' || tokenizer === 'o200k_base';
}

/** Tokens as a text that the corpus reads as the same tokens. */
export function textOf(tokens: readonly string[], tokenizer: string | undefined): string {
  if (isOfBytes(tokenizer)) return textOfNames(tokens.join(''));
  return tokens.join(tokenizer === 'char' ? '' : ' ');
}

/** Printable characters of Latin-1 stand for their bytes, U+0100 and those after it for the other bytes in order. */
function textOfNames(names: string): string {
  const isPrintable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !isPrintable(byte));
  const bytes = Uint8Array.from(names, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? code : others[code - 0x100];
  });
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A token as it is shown: a space, which `char` counts, would not be seen. */
export function shownToken(token: string): string {
  return token === ' ' ? '␣' : token;
}

/** The tokens of an n-gram of the chosen corpus. */
export function Tokens({ of }: { of: readonly string[] }) {
  return <>{of.map(shownToken).join(useCorpus()?.tokenizer === 'char' ? '' : ' ')}</>;
}
