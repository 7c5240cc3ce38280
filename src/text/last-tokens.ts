import { withoutIgnored } from './ignored.ts';
import { type QuerySettings, reservedTokens, tokenizePart, tokenizeQuery } from './reserved.ts';
import { isCut } from './subwords/cuts.ts';
import type { TokenSink } from './token-sink.ts';
import { isOfBytes } from './token-text.ts';
import { definitionOf, ownIds, TextTokenizer, tokenizeContinued } from './tokenizer.ts';
import { isCutAt } from './tokenizer-json/cuts.ts';
import { loadedTokenizer } from './tokenizer-json/loaded.ts';
import { languageOf, UnicodeStretches } from './unicode.ts';
import { whiteSpaceOf } from './whitespace.ts';

/** How many characters at the end of a text are read first, and at most in one step. */
const firstLook = 256;
const longestLook = 16_384;

/** The length of the longest mark that subwords can begin with. */
const maxMarkLength = '</s>'.length;

/**
 * The last `count` tokens that `tokenizeQuery` finds in a text of a query, or all if there are fewer. Only as much of a
 * long text is tokenized as they need, so a token before them that is too long is not noticed.
 */
export function lastTokens(settings: QuerySettings, text: string, count: number): string[] {
  if (text.length <= firstLook) return count === 0 ? [] : tokenizeQuery(settings, text).slice(-count);
  const found: string[][] = [];
  let missing = count;
  let end = text.length;
  for (let look = firstLook; missing > 0 && end > 0; look = Math.min(4 * look, longestLook)) {
    let start = Math.max(0, end - look);
    while (start > 0 && start < end && !canBegin(settings, text, start)) start++;
    const isInOneStretch = start === end;
    if (isInOneStretch) {
      start = end - look;
      while (start > 0 && !canBegin(settings, text, start)) start--;
    }
    const part = text.slice(start, end);
    const tokens = isInOneStretch
      ? lastOfStretch(settings, part, missing, start === 0)
      : tokensOfPart(settings, part, start === 0);
    found.push(tokens.slice(-missing));
    missing -= Math.min(missing, tokens.length);
    end = start;
  }
  return found.reverse().flat();
}

/** The tokens of a part that begins at a cut; among subwords, a mark can only be at the beginning of the whole. */
function tokensOfPart(settings: QuerySettings, part: string, isBeginning: boolean): string[] {
  return isBeginning || ownIds(settings) === 0
    ? tokenizeQuery(settings, part)
    : tokenizeContinued(settings, part);
}

/**
 * Whether a text can be cut before the character at `at` so that the parts have the same tokens as the whole. Reserved
 * tokens are delimited by white space; under `char` only the space token can stand for several characters.
 */
function canBegin(settings: QuerySettings, text: string, at: number): boolean {
  const { tokenizer, sequences } = settings;
  const definition = definitionOf(settings);
  if (definition !== undefined)
    return at > maxMarkLength && isCutAt(loadedTokenizer(definition).cuts, text, at);
  if (isOfBytes(settings)) return at > maxMarkLength && isCut(text, at);
  const code = text.charCodeAt(at);
  if (tokenizer !== 'char') return whiteSpaceOf(settings).has(code);
  const lower = code | 0x20;
  if (lower < 0x61 || lower > 0x7a) return false;
  // Not within a reserved token, which has letters up to the third place after the <.
  const open = text.slice(Math.max(0, at - 3), at).lastIndexOf('<');
  if (open < 0) return true;
  const place = Math.max(0, at - 3) + open;
  return !reservedTokens(sequences).some((token) => text.startsWith(token, place));
}

/** Like `lastTokens`, for a long part of a text that cannot be cut anywhere. */
function lastOfStretch(
  settings: QuerySettings,
  stretch: string,
  count: number,
  isBeginning: boolean,
): string[] {
  const { tokenizer } = settings;
  if (ownIds(settings) > 0) return tokensOfPart(settings, stretch, isBeginning);
  if (['char', 'whitespace', 'jieba'].includes(tokenizer)) return tokenizeQuery(settings, stretch);
  // It is longer than a reserved token.
  for (let look = firstLook; look < Math.min(stretch.length, longestLook); look *= 4) {
    const tokens = tokensOfEnd(settings, stretch.slice(-look));
    if (tokens.length >= count) return tokens;
  }
  return tokenizer === 'word' ? tokenizePart(settings, stretch) : lastWords(stretch, count, settings.locale);
}

/** The tokens at the end of a stretch, from the first position where they are certain to be tokens of the whole. */
function tokensOfEnd(settings: QuerySettings, end: string): string[] {
  const text = settings.tokenizer === 'word' ? end : withoutIgnored(end);
  const start =
    settings.tokenizer === 'word'
      ? text.search(/[^A-Za-z]/)
      : languageOf(settings.locale).finder.firstBoundary(text);
  return start < 0 ? [] : tokenizePart(settings, text.slice(start));
}

/**
 * The last words of a stretch under `unicode`: it is cut into pieces, which are segmented from the last one backwards.
 */
function lastWords(stretch: string, count: number, locale: string | undefined): string[] {
  const language = languageOf(locale);
  const pieces: Uint8Array[] = [];
  const sink: TokenSink = {
    token: (bytes, start, end) => pieces.push(bytes.slice(start, end)),
    lineEnd() {},
  };
  const tokenizer = new TextTokenizer(new UnicodeStretches(language, sink), sink, false);
  tokenizer.write(Buffer.from(stretch));
  tokenizer.end();
  const found: string[][] = [];
  let missing = count;
  for (let i = pieces.length - 1; i >= 0 && missing > 0; i--) {
    const words = language.stretches.words(pieces[i], 0, pieces[i].length);
    missing -= words.length;
    found.push(words);
  }
  return found.reverse().flat();
}
