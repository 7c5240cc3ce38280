import { firstPlace, NONE, nextPlace } from './children.ts';
import type { Nodes, TrieLevel } from './count-trie.ts';

/**
 * Finds the n-grams of the next order that end with the tokens of a row. Each step is made for all of them before the
 * next step, and without branches that depend on the values read, so that the processor overlaps many memory reads.
 * Arrays and numbers have variables of their own, so that they are read from the levels once, and not for each child.
 */
export class RowFinder {
  readonly #tokens: Uint16Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #places: Int32Array;
  readonly #found: Int32Array;

  /** For rows of at most `capacity` tokens. */
  constructor(capacity: number) {
    this.#tokens = new Uint16Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#places = new Int32Array(capacity);
    this.#found = new Int32Array(capacity);
  }

  /**
   * Sets `children[i]` to the child of `parents[i - 1]` with the word of token i; to `NONE` if there is none, or if
   * fewer than `depth` tokens are before i in its sequence.
   */
  find(
    levels: FindableLevels,
    { ids, before, length }: Tokens,
    depth: number,
    parents: Int32Array,
    children: Int32Array,
  ): void {
    const tokens = this.#tokens;
    const starts = this.#starts;
    const ends = this.#ends;
    const places = this.#places;
    const found = this.#found;
    const parentNodes = levels.parents.nodes;
    const { nodes, stride, seed } = levels.children;
    let wanted = 0;
    for (let i = 0; i < length; i++) {
      children[i] = NONE;
      const parent = before[i] < depth ? NONE : parents[i - 1];
      if (parent === NONE) continue;
      const start = parentNodes[4 * parent + 2];
      const end = parentNodes[4 * parent + 6];
      if (start === end) continue;
      tokens[wanted] = i;
      starts[wanted] = start;
      ends[wanted] = end;
      places[wanted++] = firstPlace(seed, ids[i], start, end);
    }
    for (let j = 0; j < wanted; j++) found[j] = nodes[stride * places[j]];
    for (let j = 0; j < wanted; j++) {
      const i = tokens[j];
      const sought = ids[i] + 1;
      let place = places[j];
      let word = found[j];
      while (word !== sought && word !== 0) {
        place = nextPlace(place, starts[j], ends[j]);
        word = place === places[j] ? 0 : nodes[stride * place];
      }
      if (word !== 0) children[i] = place;
    }
  }
}

/** A level and the one before it. */
interface FindableLevels {
  readonly parents: Nodes;
  readonly children: Nodes & Pick<TrieLevel, 'seed'>;
}

/** The part of a row of tokens that is needed to find its n-grams. */
interface Tokens {
  readonly ids: Int32Array;
  /** The number of tokens before each in its sequence, as far as they matter. */
  readonly before: Uint8Array;
  readonly length: number;
}
