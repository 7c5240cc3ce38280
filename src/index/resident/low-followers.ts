import { type CountTrie, countOf, firstChildOf, type TrieLevel } from './count-trie.ts';

/** The bits of each of the two numbers of a context. */
const onceBits = 16;
const twiceBits = 15;
/** Distinguishes contexts that were counted. */
const counted = 2 ** (onceBits + twiceBits);

/**
 * The numbers of words that follow each context of an order once and twice by n(hw), below the corpus's order, where
 * the trie has those by a(hw). They are counted when they are first asked for.
 */
export class LowFollowers {
  once = 0;
  twice = 0;
  readonly #parents: TrieLevel;
  readonly #level: TrieLevel;
  /** Both numbers of each context; 0 for one that was not counted. */
  readonly #packed: Uint32Array;
  /** Those that do not fit. */
  readonly #large = new Map<number, readonly [once: number, twice: number]>();

  constructor(parents: TrieLevel, level: TrieLevel) {
    this.#parents = parents;
    this.#level = level;
    this.#packed = new Uint32Array(parents.places);
  }

  /** Goes to the context `parent`. */
  moveTo(parent: number): void {
    const packed = this.#packed[parent];
    if (packed === 0) {
      this.#count(parent);
      return;
    }
    this.once = packed & (2 ** onceBits - 1);
    this.twice = (packed >>> onceBits) & (2 ** twiceBits - 1);
  }

  #count(parent: number): void {
    const large = this.#large.get(parent);
    if (large !== undefined) {
      [this.once, this.twice] = large;
      return;
    }
    let once = 0;
    let twice = 0;
    const end = firstChildOf(this.#parents, parent + 1);
    for (let node = firstChildOf(this.#parents, parent); node < end; node++) {
      const count = countOf(this.#level, node);
      if (count === 1) once++;
      else if (count === 2) twice++;
    }
    this.once = once;
    this.twice = twice;
    if (once < 2 ** onceBits && twice < 2 ** twiceBits) {
      this.#packed[parent] = counted + once + twice * 2 ** onceBits;
    } else {
      this.#large.set(parent, [once, twice]);
    }
  }
}

/** Those of the tries of this thread, by the level of the words. */
const known = new WeakMap<TrieLevel, LowFollowers>();

/** The numbers for contexts of the words of `order`, from 2 up to the order below the corpus's. */
export function lowFollowers({ levels }: CountTrie, order: number): LowFollowers {
  const { [order - 2]: parents, [order - 1]: level } = levels;
  let followers = known.get(level);
  if (followers === undefined) {
    followers = new LowFollowers(parents, level);
    known.set(level, followers);
  }
  return followers;
}
