import type { PatternElement } from '../../analysis/ngram-search.ts';
import { type Snapshot, UNSEEN } from '../../store/store.ts';
import { foldPrefix } from '../../text/prefix.ts';
import { splitAt, unescaped } from '../escaped.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted } from '../quoted.ts';
import { readToken } from './words.ts';

/** The most tokens that the prefixes of a pattern may begin. */
const maxPrefixed = 1_000_000;

/** An element of a pattern as it is written: any word, or words and prefixes of words. */
export type WrittenElement =
  | { readonly words: readonly string[]; readonly prefixes: readonly string[] }
  | 'any';

const pointer = '/query/pattern';

/**
 * Reads a pattern of n-grams: elements with white space between them, each `*` for any word, or words with `/` between
 * them, of which one is there. A word that ends with `~` stands for all that have this prefix. After a backslash these
 * characters, and white space, mean themselves. Throws `invalid-request` for anything else.
 */
export function parsePattern(text: string): WrittenElement[] {
  const elements = splitAt(text, /\s/u)
    .filter((element) => element !== '')
    .map(parseElement);
  if (elements.length === 0) throw invalidField(pointer, 'A pattern has at least one word or *.');
  return elements;
}

function parseElement(element: string): WrittenElement {
  if (element === '*') return 'any';
  const words: string[] = [];
  const prefixes: string[] = [];
  for (const alternative of splitAt(element, /\//)) {
    const isPrefix = /(?<!\\)(\\\\)*~$/.test(alternative);
    const literal = unescaped(isPrefix ? alternative.slice(0, -1) : alternative);
    if (literal === '') {
      throw invalidField(pointer, `The element ${quoted(element)} has an empty word; * stands for any word.`);
    }
    if (alternative === '*') {
      throw invalidField(
        pointer,
        `In ${quoted(element)} * is an alternative; it stands for any word, alone.`,
      );
    }
    (isPrefix ? prefixes : words).push(literal);
  }
  return { words, prefixes };
}

/** The tokens of a snapshot that match each element. Throws `invalid-request` for a word that is not one token. */
export function matchingTokens(
  snapshot: Snapshot,
  elements: readonly WrittenElement[],
): Promise<PatternElement[]> {
  return Promise.all(
    elements.map(async (element) => {
      if (element === 'any') return 'any';
      const words = element.words.map((word) => readToken(snapshot.settings, word, pointer));
      const beginnings = element.prefixes.flatMap((prefix) => foldPrefix(snapshot.settings, prefix));
      const ids = new Set(await snapshot.tokenIds(words));
      for (const beginning of beginnings) {
        for (const id of await snapshot.idsWithPrefix(beginning)) ids.add(id);
        if (ids.size > maxPrefixed) {
          throw invalidField(pointer, `More than ${maxPrefixed} words begin with ${quoted(beginning)}.`);
        }
      }
      ids.delete(UNSEEN);
      return [...ids].sort((a, b) => a - b);
    }),
  );
}
