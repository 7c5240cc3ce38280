import type { Readable } from 'node:stream';
import { uploadTooLarge } from '../bodies/errors.ts';
import { formParts } from '../bodies/form.ts';
import { limited } from '../bodies/limited.ts';
import { invalidField } from '../invalid-fields.ts';
import { pointerTo } from '../pointer.ts';
import { boundaryOf, readVocabulary } from './form.ts';
import type { WordList } from './word-list.ts';

/**
 * Reads a form that is a list of words: a part `vocabulary` and nothing else. Throws `invalid-request` for other forms
 * and lists that are not UTF-8, and `content-too-large`.
 */
export async function readVocabularyForm(
  body: Readable,
  contentType: string,
  maxBytes: number,
): Promise<WordList> {
  const form = limited(body, maxBytes, () => uploadTooLarge(maxBytes));
  let wordList: WordList | undefined;
  for await (const part of formParts(form, boundaryOf(contentType))) {
    if (part.name !== 'vocabulary') {
      throw invalidField(
        pointerTo(['body', part.name]),
        `The form has a part ${JSON.stringify(part.name)}, and may only have the words, as vocabulary (curl -F vocabulary=@words.txt). Other parameters are in the query.`,
      );
    }
    if (wordList !== undefined) throw invalidField('/body/vocabulary', 'The vocabulary is given twice.');
    wordList = await readVocabulary(part);
  }
  if (wordList !== undefined) return wordList;
  throw invalidField(
    '/body/vocabulary',
    'The form has no part `vocabulary`: add the words with curl -F vocabulary=@words.txt.',
  );
}
