import { invalidTokenizer, type JsonObject, objectsIn, shown } from './json.ts';
import { textPattern } from './patterns.ts';

/** A token that was added to a vocabulary. */
export interface AddedToken {
  readonly content: string;
  readonly id: number;
  readonly isSpecial: boolean;
  /** Whether it is looked for in the normalized text. */
  readonly isNormalized: boolean;
  /** Whether it is only found where no letter or digit is beside it. */
  readonly isWord: boolean;
  /** Whether white space before it, or after it, belongs to it. */
  readonly stripsBefore: boolean;
  readonly stripsAfter: boolean;
}

/** Reads the tokens that were added to the vocabulary. Throws `invalid-request`. */
export function readAddedTokens(tokenizer: JsonObject): AddedToken[] {
  if (tokenizer.added_tokens === undefined || tokenizer.added_tokens === null) return [];
  return objectsIn(tokenizer, 'added_tokens').map((token) => {
    const { content, id } = token;
    if (typeof content !== 'string' || content === '')
      throw invalidTokenizer(`its added token ${shown(token)} has no content.`);
    return {
      content,
      id: id as number,
      isSpecial: token.special === true,
      isNormalized: token.normalized === true,
      isWord: token.single_word === true,
      stripsBefore: token.lstrip === true,
      stripsAfter: token.rstrip === true,
    };
  });
}

/** A stretch of a text: the id of an added token, or a text between such. */
export type Section = number | string;

const wordEnd = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordStart = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Finds added tokens in a text: the leftmost first, and of those at one place the longest. */
export class AddedTokenFinder {
  readonly #tokens = new Map<string, AddedToken>();
  readonly #pattern: RegExp | undefined;

  /** `tokens` are by the texts as which they are looked for. */
  constructor(tokens: readonly (readonly [text: string, token: AddedToken])[]) {
    for (const [text, token] of tokens) if (text !== '') this.#tokens.set(text, token);
    const texts = [...this.#tokens.keys()].sort((a, b) => b.length - a.length);
    if (texts.length === 0) return;
    this.#pattern = new RegExp(texts.map((text) => textPattern(text).source).join('|'), 'gu');
  }

  /** The sections of a text, in order; texts among them are not empty. */
  split(text: string): Section[] {
    if (this.#pattern === undefined) return text === '' ? [] : [text];
    const sections: Section[] = [];
    let from = 0;
    for (const { 0: found, index } of text.matchAll(this.#pattern)) {
      const token = this.#tokens.get(found) as AddedToken;
      let start = index;
      let end = index + found.length;
      if (
        token.isWord &&
        (wordEnd.test(text.slice(Math.max(from, start - 2), start)) ||
          wordStart.test(text.slice(end, end + 2)))
      )
        continue;
      if (start < from) continue;
      while (token.stripsBefore && start > from && /\p{White_Space}/u.test(text[start - 1])) start--;
      while (token.stripsAfter && end < text.length && /\p{White_Space}/u.test(text[end])) end++;
      if (start > from) sections.push(text.slice(from, start));
      sections.push(token.id);
      from = end;
    }
    if (from < text.length) sections.push(text.slice(from));
    return sections;
  }
}
