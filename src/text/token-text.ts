import { isUtf8 } from 'node:buffer';
import { bytesOfName, nameOfBytes } from './subwords/byte-names.ts';
import { isEncoding } from './subwords/encodings.ts';
import type { TokenizerSettings } from './tokenizer.ts';
import { decodeUtf8, unfinishedLength } from './utf8.ts';

/** Of which tokenizer the tokens are. */
type Settings = Pick<TokenizerSettings, 'tokenizer'>;

/** Whether tokens are bytes of a text, under names that are not its text (`byte-names.ts`). */
export function isOfBytes({ tokenizer }: Settings): boolean {
  return isEncoding(tokenizer);
}

/** What stands between two tokens of a corpus's texts. */
export function separatorOf(settings: Settings): string {
  return settings.tokenizer === 'char' || isOfBytes(settings) ? '' : ' ';
}

/** What tokens add to a text. */
export interface TokenTexts {
  readonly texts: readonly string[];
  /** The state after them, for the tokens that follow. */
  readonly joint: string;
}

/**
 * The text that each token adds to those before it. `joint` is what stands before the first; or, of tokens that are bytes, the
 * name of the bytes of a character that has begun. A character is added by the token that completes it, and what is not UTF-8
 * is U+FFFD; with `isEnd`, so is a character that remains incomplete.
 */
export function textsOfTokens(
  settings: Settings,
  tokens: readonly string[],
  joint: string,
  isEnd = false,
): TokenTexts {
  if (!isOfBytes(settings)) {
    const separator = separatorOf(settings);
    const texts = tokens.map((token, i) => (i === 0 ? joint : separator) + token);
    return { texts, joint: tokens.length === 0 ? joint : separator };
  }
  let pending: Uint8Array = bytesOfToken(joint);
  const texts = tokens.map((token, i) => {
    const bytes = Buffer.concat([pending, bytesOfToken(token)]);
    const held = isEnd && i === tokens.length - 1 ? 0 : unfinishedLength(bytes);
    const end = bytes.length - held;
    pending = bytes.subarray(end);
    return decodeUtf8(bytes, 0, end);
  });
  return { texts, joint: nameOfBytes(pending) };
}

/** The text of tokens. */
export function textOfTokens(settings: Settings, tokens: readonly string[]): string {
  return textsOfTokens(settings, tokens, '', true).texts.join('');
}

/**
 * A token as it is shown where its text is expected: tokens that are bytes as their text or, if they are not UTF-8, as
 * `bytes:\xe4\xb8`.
 */
export function shownToken(settings: Settings, token: string): string {
  if (!isOfBytes(settings)) return token;
  const bytes = bytesOfToken(token);
  if (isUtf8(bytes)) return decodeUtf8(bytes, 0, bytes.length);
  return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
}

/** The bytes of a token. Marks are written as they are. */
function bytesOfToken(token: string): Buffer {
  return Buffer.from(bytesOfName(token) ?? Buffer.from(token));
}
