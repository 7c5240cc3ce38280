import type { TokenId } from '../count-index.ts';
import { FREE, firstChildOf, type Nodes, type TrieLevel, wordOf } from './count-trie.ts';

/** No node. */
export const NONE = -2;

/** The parts of a level needed to find its nodes. */
type Findable = Nodes & Pick<TrieLevel, 'seed'>;

/**
 * The place from which on a child with this word is looked for, of the places of its siblings from `start` to `end` (not
 * included): the one that a hash of the word names. Where that is taken by another child, the next ones follow, and
 * after the last the first, until the child or a free place comes (open addressing with linear probing).
 */
export function firstPlace(seed: number, word: TokenId, start: number, end: number): number {
  let hash = Math.imul(word ^ seed, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  return start + Math.floor(((hash >>> 0) * (end - start)) / 2 ** 32);
}

/** The place to check after this one. */
export function nextPlace(place: number, start: number, end: number): number {
  return place + 1 === end ? start : place + 1;
}

/** The child of `parent` with this word; `NONE` if there is none. */
export function findChild(level: Findable, parentsLevel: Nodes, parent: number, word: TokenId): number {
  const start = firstChildOf(parentsLevel, parent);
  const end = firstChildOf(parentsLevel, parent + 1);
  return start === end ? NONE : findFrom(level, word, start, end, firstPlace(level.seed, word, start, end));
}

function findFrom(level: Nodes, word: TokenId, start: number, end: number, first: number): number {
  let place = first;
  do {
    const found = wordOf(level, place);
    if (found === FREE) return NONE;
    if (found === word) return place;
    place = nextPlace(place, start, end);
  } while (place !== first);
  return NONE;
}

/**
 * Finds many children at a time, of up to `capacity` parents. Each step is made for all of them before the next step,
 * and without branches that depend on the values read, so that the processor overlaps many memory reads.
 */
export class ChildFinder {
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #places: Int32Array;
  readonly #found: Int32Array;

  constructor(capacity: number) {
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#places = new Int32Array(capacity);
    this.#found = new Int32Array(capacity);
  }

  /** Replaces each of the first `length` parents by its child with the word at the same index, or by `NONE`. */
  find(level: Findable, parentsLevel: Nodes, parents: Int32Array, words: Int32Array, length: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    const places = this.#places;
    const found = this.#found;
    for (let i = 0; i < length; i++) {
      const start = firstChildOf(parentsLevel, parents[i]);
      const end = firstChildOf(parentsLevel, parents[i] + 1);
      starts[i] = start;
      ends[i] = end;
      places[i] = firstPlace(level.seed, words[i], start, end);
    }
    for (let i = 0; i < length; i++) found[i] = starts[i] === ends[i] ? FREE : wordOf(level, places[i]);
    for (let i = 0; i < length; i++) {
      if (found[i] === FREE) parents[i] = NONE;
      else if (found[i] === words[i]) parents[i] = places[i];
      else parents[i] = findFrom(level, words[i], starts[i], ends[i], places[i]);
    }
  }
}
