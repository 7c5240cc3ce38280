import { type TokenId, UNSEEN } from '../count-index.ts';
import type { LevelColumns, RowReader, RowShape, TokenRow } from '../count-source.ts';
import { NONE } from '../resident/children.ts';
import type { CountTrie } from '../resident/count-trie.ts';
import { ROOT } from '../resident/nodes.ts';
import { readLevel, TrieReader } from '../resident/trie-reader.ts';
import { type Additions, addedChild, differenceOf } from './additions.ts';

/** An index with additions, as its reader reads it. */
interface Extended {
  readonly extended: { readonly trie: CountTrie; readonly additions: Additions };
  readonly unknown: TokenId;
  hasWord(id: TokenId): boolean;
}

/**
 * Reads the counts of a row of tokens from a trie, and adds the differences of those n-grams and contexts that were
 * added. They are found as in the trie, order by order, but few are there.
 */
export class ExtendedReader implements RowReader {
  readonly levels: readonly LevelColumns[];
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  readonly #index: Extended;
  readonly #reader: TrieReader;
  readonly #reads: readonly ReturnType<typeof readLevel>[];
  /** `#nodes[k - 1][i]` is the added n-gram of order k that ends with token i. */
  readonly #nodes: Int32Array[];
  readonly #ids: Int32Array;

  constructor(index: Extended, shape: RowShape) {
    const { trie } = index.extended;
    // Words that only the additions have are unknown to the trie, and have no counts there.
    this.#reader = new TrieReader({ trie, unknown: UNSEEN }, shape);
    this.#index = index;
    this.levels = this.#reader.levels;
    this.seen = this.#reader.seen;
    this.inVocabulary = new Uint8Array(shape.capacity);
    this.#reads = this.levels.map((_, i) => readLevel(trie, shape, i + 1));
    this.#nodes = this.levels.map(() => new Int32Array(shape.capacity));
    this.#ids = new Int32Array(shape.capacity);
  }

  read(row: TokenRow): void {
    this.#replaceUnknown(row);
    this.#ids.set(row.ids.subarray(0, row.length));
    this.#reader.read(row);
    row.ids.set(this.#ids.subarray(0, row.length));
    for (let depth = 0; depth < this.levels.length; depth++) {
      this.#find(row, depth);
      this.#add(row, depth);
    }
  }

  #replaceUnknown({ ids, isWord, length }: TokenRow): void {
    const { unknown } = this.#index;
    for (let i = 0; i < length; i++) {
      const isUnknown = isWord[i] === 1 && !this.#index.hasWord(ids[i]);
      this.inVocabulary[i] = isUnknown ? 0 : 1;
      if (isUnknown) ids[i] = unknown;
    }
  }

  /** Finds the added n-grams of an order. */
  #find({ ids, before, length }: TokenRow, depth: number): void {
    const { additions } = this.#index.extended;
    const nodes = this.#nodes[depth];
    for (let i = 0; i < length; i++) {
      nodes[i] = addedChild(additions, depth, this.#parent(before, depth, i), ids[i]);
      if (nodes[i] !== NONE && this.seen[i] <= depth) this.seen[i] = depth + 1;
    }
  }

  #parent(before: Uint8Array, depth: number, i: number): number {
    if (depth === 0) return ROOT;
    return before[i] < depth ? NONE : this.#nodes[depth - 1][i - 1];
  }

  /** Adds what was added to the levels of an order. */
  #add({ before, isWord, length }: TokenRow, depth: number): void {
    const read = this.#reads[depth];
    if (read === undefined) return;
    const { additions } = this.#index.extended;
    const { count, contextCount, followers, once, twice } = this.levels[depth];
    const level = { order: depth + 1, counts: read.counts };
    for (let i = 0; i < length; i++) {
      const parent = this.#parent(before, depth, i);
      if (parent === NONE || isWord[i] === 0 || read.isRead[before[i]] === 0) continue;
      const difference = differenceOf(additions, level, parent, this.#nodes[depth][i]);
      if (contextCount[i] === 0) {
        // The trie does not have the context, and the other columns have not been written.
        count[i] = 0;
        followers[i] = 0;
        once[i] = 0;
        twice[i] = 0;
      }
      count[i] += difference.count;
      contextCount[i] += difference.contextCount;
      followers[i] += difference.followers;
      once[i] += difference.once;
      twice[i] += difference.twice;
    }
  }
}
