import { isUtf8 } from 'node:buffer';
import { bytesOfName, nameOfBytes } from './subwords/byte-names.ts';
import { isEncoding } from './subwords/encodings.ts';
import { definitionOf, type IdSettings } from './tokenizer.ts';
import { bytesOfSpaced, type Spelling, unwritten } from './tokenizer-json/names.ts';
import { decodeUtf8, unfinishedLength } from './utf8.ts';

/** How subwords are written; undefined of tokens that are none. */
export function spellingOf(settings: IdSettings): Spelling | undefined {
  return isEncoding(settings.tokenizer) ? { as: 'bytes' } : definitionOf(settings)?.spelling;
}

/** Whether tokens are bytes of a text, under names that are not its text. */
export function isOfBytes(settings: IdSettings): boolean {
  const spelling = spellingOf(settings);
  return spelling !== undefined && spelling.as !== 'words';
}

/** What stands between two tokens of a corpus's texts. */
export function separatorOf(settings: IdSettings): string {
  return settings.tokenizer === 'char' || isOfBytes(settings) ? '' : ' ';
}

/** What tokens add to a text. */
export interface TokenTexts {
  readonly texts: readonly string[];
  /** The state after them, for the tokens that follow. */
  readonly joint: string;
}

/**
 * The text that each token adds to those before it. `joint` is what stands before the first; or, of tokens that are
 * bytes, the name of the bytes of a character that has begun. A character is added by the token that completes it, and
 * what is not UTF-8 is U+FFFD; with `isEnd`, so is a character that remains incomplete.
 */
export function textsOfTokens(
  settings: IdSettings,
  tokens: readonly string[],
  joint: string,
  isEnd = false,
): TokenTexts {
  const spelling = spellingOf(settings);
  if (spelling?.as === 'words') return textsOfWords(spelling, tokens, joint);
  if (spelling === undefined) {
    const separator = separatorOf(settings);
    const texts = tokens.map((token, i) => (i === 0 ? joint : separator) + token);
    return { texts, joint: tokens.length === 0 ? joint : separator };
  }
  let pending: Uint8Array = bytesOf({ as: 'bytes' }, joint);
  const texts = tokens.map((token, i) => {
    const bytes = Buffer.concat([pending, bytesOf(spelling, token)]);
    const held = isEnd && i === tokens.length - 1 ? 0 : unfinishedLength(bytes);
    const end = bytes.length - held;
    pending = bytes.subarray(end);
    return decodeUtf8(bytes, 0, end);
  });
  return { texts, joint: nameOfBytes(pending) };
}

/** The same of words, of which some continue others or are continued. */
function textsOfWords({ prefix, suffix }: Spelling, tokens: readonly string[], joint: string): TokenTexts {
  let before = joint;
  const texts = tokens.map((token) => {
    const continues = prefix !== undefined && token.startsWith(prefix);
    const ends = suffix === undefined || token.endsWith(suffix);
    const word = token.slice(
      continues ? prefix.length : 0,
      ends && suffix !== undefined ? -suffix.length : undefined,
    );
    const text = (continues ? '' : before) + unwritten(word);
    before = ends ? ' ' : '';
    return text;
  });
  return { texts, joint: before };
}

/** The text of tokens. */
export function textOfTokens(settings: IdSettings, tokens: readonly string[]): string {
  return textsOfTokens(settings, tokens, '', true).texts.join('');
}

/**
 * A token as it is shown where its text is expected: tokens that are bytes as their text or, if they are not UTF-8, as
 * `bytes:\xe4\xb8`.
 */
export function shownToken(settings: IdSettings, token: string): string {
  const spelling = spellingOf(settings);
  if (spelling === undefined || spelling.as === 'words') return token;
  const bytes = bytesOf(spelling, token);
  if (isUtf8(bytes)) return decodeUtf8(bytes, 0, bytes.length);
  return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
}

/** The bytes of a token. Marks are written as they are. */
function bytesOf({ as }: Spelling, token: string): Buffer {
  return as === 'spaces' ? bytesOfSpaced(token) : Buffer.from(bytesOfName(token) ?? Buffer.from(token));
}
