import { NgramdError } from '../errors.ts';
import { sortPairs } from '../ngrams/sort-pairs.ts';
import type { IdentifiedWords, WordList } from './store.ts';

/** The highest id: ids are read as signed 32-bit integers. */
const maxId = 2 ** 31 - 1;

/** The words that a corpus has. */
interface KnownWords {
  /** The id of a word of the list; undefined if the corpus has never had it. */
  id(word: number): number | undefined;
  /** The first free id. */
  readonly nextId: number;
}

/**
 * The ids of words; those of new ones come after all others, text by text by falling count, ties by first appearance.
 * `checkpoint` is called with each word. Throws `vocabulary-too-large`.
 */
export function identifyWords(known: KnownWords, words: WordList, checkpoint: () => void): IdentifiedWords {
  const ids = new Uint32Array(words.size);
  const unknown = new Uint32Array(words.size);
  const added: Uint32Array[] = [];
  let next = known.nextId;
  let word = 0;
  for (const end of words.afterTexts) {
    let length = 0;
    for (; word < end; word++) {
      checkpoint();
      const id = known.id(word);
      if (id === undefined) unknown[length++] = word;
      else ids[word] = id;
    }
    if (length === 0) continue;
    if (next + length - 1 > maxId) throw noMoreIds();
    const byCount = sortedByCount(unknown.slice(0, length), words);
    for (const word of byCount) ids[word] = next++;
    added.push(byCount);
  }
  return { words, ids, added };
}

/** The new words of `identifyWords` with their ids. `checkpoint` is called with each. */
export function* newWords(
  { words, ids, added }: IdentifiedWords,
  checkpoint: () => void,
): Iterable<[id: number, token: string]> {
  for (const ofText of added) {
    for (const word of ofText) {
      checkpoint();
      yield [ids[word], words.token(word)];
    }
  }
}

/** Sorts words, which rise, by falling count. */
function sortedByCount(found: Uint32Array, words: WordList): Uint32Array {
  const counts = Float64Array.from(found, (word) => words.count(word));
  const most = counts.reduce((most, count) => Math.max(most, count), 0);
  sortPairs(
    counts.map((count) => most - count),
    found,
  );
  return found;
}

function noMoreIds(): NgramdError {
  return new NgramdError(
    'vocabulary-too-large',
    `A corpus may have at most ${maxId + 1} distinct tokens, and this upload would exceed that. Add it to another corpus.`,
  );
}
