import { withoutIgnored } from './ignored.ts';
import { type QuerySettings, splitAtReserved, tokenizePart, tokenizeQuery } from './reserved.ts';
import { TextTokenizer } from './tokenizer.ts';
import { languageOf, UnicodeStretches } from './unicode.ts';

/** How many characters at the end of a text are looked at first. */
const firstLook = 256;

/**
 * The last tokens of a text in a query, `count` of them or all where there are fewer: those of `tokenizeQuery`. Only
 * the end of a long text is tokenized, so a token before it that is too long goes unnoticed.
 */
export function lastTokens(settings: QuerySettings, text: string, count: number): string[] {
  if (count === 0) return [];
  for (let look = firstLook; look < text.length; look *= 8) {
    const tokens = tokensOfEnd(settings, text.slice(-look));
    if (tokens.length >= count) return tokens.slice(-count);
  }
  if (text.length < firstLook || settings.tokenizer !== 'unicode') {
    return tokenizeQuery(settings, text).slice(-count);
  }
  const parts = splitAtReserved(settings, text);
  const last: string[][] = [];
  let missing = count;
  for (let i = parts.length - 1; i >= 0 && missing > 0; i--) {
    const tokens = i % 2 === 1 ? [parts[i]] : lastWords(parts[i], missing, settings.locale);
    missing -= tokens.length;
    last.push(tokens);
  }
  return last.reverse().flat();
}

/** The tokens of the end of a longer text, from the first place on where they are surely those of the whole text. */
function tokensOfEnd(settings: QuerySettings, end: string): string[] {
  const space = end.search(/\p{White_Space}/u);
  if (space >= 0) return tokenizeQuery(settings, end.slice(space));
  // It stands within a stretch that is longer than a reserved token.
  switch (settings.tokenizer) {
    case 'whitespace':
      return [];
    case 'unicode': {
      const text = withoutIgnored(end);
      const boundary = languageOf(settings.locale).finder.firstBoundary(text);
      return boundary < 0 ? [] : tokenizePart(settings, text.slice(boundary));
    }
    case 'word':
      return tokensFrom(settings, end, end.search(/[^A-Za-z]/));
    case 'char':
      return tokensFrom(settings, end, end.search(/[A-Za-z]/));
  }
}

function tokensFrom(settings: QuerySettings, text: string, at: number): string[] {
  return at < 0 ? [] : tokenizePart(settings, text.slice(at));
}

/** As `lastTokens`, of text without reserved tokens under `unicode`: the stretches are found first, and then segmented from the last on. */
function lastWords(text: string, count: number, locale: string | undefined): string[] {
  const bytes = Buffer.from(text);
  const kept = new Uint8Array(bytes.length);
  const ends = [0];
  const language = languageOf(locale);
  const keep = {
    token: (bytes: Uint8Array, start: number, end: number) => {
      const last = ends[ends.length - 1];
      kept.set(bytes.subarray(start, end), last);
      ends.push(last + end - start);
    },
    lineEnd() {},
  };
  const tokenizer = new TextTokenizer(new UnicodeStretches(language, keep), keep, false);
  tokenizer.write(bytes);
  tokenizer.end();
  const last: string[][] = [];
  let missing = count;
  for (let i = ends.length - 1; i > 0 && missing > 0; i--) {
    const words = language.stretches.words(kept, ends[i - 1], ends[i]);
    missing -= words.length;
    last.push(words);
  }
  return last.reverse().flat().slice(-count);
}
