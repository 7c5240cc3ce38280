import type { Level, Reading } from '../count-index.ts';
import type { LevelReader, TokenRow } from '../count-source.ts';
import { ChildFinder, NONE } from './children.ts';
import type { CountTrie } from './count-trie.ts';
import { childOf, ROOT } from './nodes.ts';
import { type MovingLevel, movingLevel } from './trie-levels.ts';

/**
 * Finds the nodes of the n-grams of a row of tokens, order by order: the n-gram that ends with a token is the child of the
 * shorter one that ends with the previous token. The look-ups of one order are independent, so that the processor overlaps
 * many of them.
 */
export class TrieReader implements LevelReader {
  readonly #trie: CountTrie;
  /** `#nodes[k - 1][i]` is the n-gram of order k that ends with token i; `NONE` if it has no count. */
  readonly #nodes: Int32Array[];
  /** The levels that are read after each number of tokens, reused for all tokens. */
  readonly #levels: readonly (readonly MovingLevel[])[];
  readonly #finder: ChildFinder;
  /** The tokens whose n-grams of one order are searched for: their positions, their parents and then children, their words. */
  readonly #places: Uint16Array;
  readonly #found: Int32Array;
  readonly #words: Int32Array;
  #before: Uint8Array = new Uint8Array(0);

  /** For rows of at most `capacity` tokens. */
  constructor(trie: CountTrie, order: number, capacity: number, reads: (order: number) => Reading) {
    this.#trie = trie;
    this.#finder = new ChildFinder(capacity);
    this.#places = new Uint16Array(capacity);
    this.#found = new Int32Array(capacity);
    this.#words = new Int32Array(capacity);
    this.#nodes = Array.from({ length: order }, () => new Int32Array(capacity));
    this.#levels = this.#nodes.map((_, i) => {
      const { levels } = reads(i + 1);
      return levels.map((level) => movingLevel(trie, level));
    });
  }

  read({ ids, before, length }: TokenRow): void {
    this.#before = before;
    const trie = this.#trie;
    const { levels } = trie;
    const [unigrams, ...longer] = this.#nodes;
    for (let i = 0; i < length; i++) unigrams[i] = childOf(trie, 1, ROOT, ids[i]);
    const places = this.#places;
    const found = this.#found;
    const words = this.#words;
    for (let depth = 1; depth <= longer.length; depth++) {
      const parents = this.#nodes[depth - 1];
      const nodes = this.#nodes[depth];
      let wanted = 0;
      for (let i = 0; i < length; i++) {
        nodes[i] = NONE;
        const parent = before[i] < depth ? NONE : parents[i - 1];
        if (parent === NONE) continue;
        places[wanted] = i;
        found[wanted] = parent;
        words[wanted++] = ids[i];
      }
      this.#finder.find(levels[depth], levels[depth - 1], found, words, wanted);
      for (let j = 0; j < wanted; j++) nodes[places[j]] = found[j];
    }
  }

  at(i: number): readonly Level[] {
    const levels = this.#levels[this.#before[i]];
    for (const level of levels) {
      const { order } = level;
      level.moveTo(this.#nodes[order - 1][i], order === 1 ? ROOT : this.#nodes[order - 2][i - 1]);
    }
    return levels;
  }
}
