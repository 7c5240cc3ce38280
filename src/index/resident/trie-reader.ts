import type { CountedAs, TokenId } from '../count-index.ts';
import {
  type LevelColumns,
  levelColumns,
  type RowReader,
  type RowShape,
  type TokenRow,
} from '../count-source.ts';
import { NONE } from './children.ts';
import {
  adjustedOf,
  type CountTrie,
  childrenIn,
  countOf,
  firstChildOf,
  readCountColumn,
  readSumColumns,
  type TrieLevel,
} from './count-trie.ts';
import { type LowFollowers, lowFollowers } from './low-followers.ts';
import { RowFinder } from './row-finder.ts';
import { isSummed, movingLevel, timesAtEnd } from './trie-levels.ts';

/** A trie, with the id under which unknown words are looked up. */
interface TrieOfWords {
  readonly trie: CountTrie;
  readonly unknown: TokenId;
}

/** How one order is read. */
interface ReadLevel {
  /** Whether it is read for words after 0, 1, 2, … tokens; undefined if for none. */
  readonly isRead: Uint8Array;
  readonly counts: CountedAs;
  readonly followers: boolean;
  /** The words that follow once and twice, where these are read and the trie has no sums. */
  readonly low: LowFollowers | undefined;
}

/**
 * Reads the counts of a row of tokens order by order. The n-gram that ends with a token is the child of the shorter one
 * that ends with the previous token, so the look-ups of one order are independent, and the processor overlaps many of
 * them.
 */
export class TrieReader implements RowReader {
  readonly levels: readonly LevelColumns[];
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  readonly #index: TrieOfWords;
  readonly #hasSeen: boolean;
  readonly #reads: readonly (ReadLevel | undefined)[];
  /** `#nodes[k - 1][i]` is the n-gram of order k that ends with token i; `NONE` if it has no count. */
  readonly #nodes: Int32Array[];
  readonly #finder: RowFinder;

  constructor(index: TrieOfWords, shape: RowShape) {
    const { order, capacity, seen } = shape;
    this.#index = index;
    this.#hasSeen = seen;
    this.levels = levelColumns(order, capacity);
    this.inVocabulary = new Uint8Array(capacity);
    this.seen = new Uint8Array(capacity);
    this.#reads = this.levels.map((_, i) => readLevel(index.trie, shape, i + 1));
    this.#nodes = this.levels.map(() => new Int32Array(capacity));
    this.#finder = new RowFinder(capacity);
  }

  read(row: TokenRow): void {
    const { trie } = this.#index;
    const { levels } = trie;
    this.#findWords(row);
    this.#readUnigrams(row);
    for (let depth = 1; depth < this.levels.length; depth++) {
      const { [depth - 1]: parents, [depth]: children } = levels;
      this.#finder.find({ parents, children }, row, depth, this.#nodes[depth - 1], this.#nodes[depth]);
      const read = this.#reads[depth];
      const columns = this.levels[depth];
      if (read === undefined) columns.contextCount.fill(0, 0, row.length);
      else if (isSummed(trie, { order: depth + 1, counts: read.counts })) this.#readSums(row, depth, read);
      else this.#readPlain(row, depth, read);
    }
    if (this.#hasSeen) this.#readSeen(row);
  }

  /** Finds the nodes of the unigrams, and those of `<unk>` in place of unknown words. */
  #findWords({ ids, isWord, length }: TokenRow): void {
    const { trie, unknown } = this.#index;
    const { nodes } = trie.unigrams;
    const [unigrams] = this.#nodes;
    const { inVocabulary } = this;
    const unknownNode = unknown >= 0 ? nodes[unknown] : NONE;
    for (let i = 0; i < length; i++) {
      const id = ids[i];
      const node = id >= 0 && id < nodes.length ? nodes[id] : NONE;
      const isUnknown = isWord[i] === 1 && (node === NONE || id === trie.sequenceStart);
      if (isUnknown) ids[i] = unknown;
      unigrams[i] = isUnknown ? unknownNode : node;
      inVocabulary[i] = isUnknown ? 0 : 1;
    }
  }

  #readUnigrams({ before, length }: TokenRow): void {
    const [columns] = this.levels;
    const [read] = this.#reads;
    columns.contextCount.fill(0, 0, length);
    if (read === undefined) return;
    const { isRead, counts } = read;
    const { trie } = this.#index;
    const [level] = trie.levels;
    const [nodes] = this.#nodes;
    const { contextCount, followers, once, twice } = movingLevel(trie, { order: 1, counts });
    readCountColumn(level, nodes, counts === 'continuations', length, columns.count);
    for (let i = 0; i < length; i++) if (isRead[before[i]] === 1) columns.contextCount[i] = contextCount;
    if (!read.followers) return;
    columns.followers.fill(followers, 0, length);
    columns.once.fill(once, 0, length);
    columns.twice.fill(twice, 0, length);
  }

  /** Reads a level where the trie has the sums over the words after a context. */
  #readSums(row: TokenRow, depth: number, { isRead, counts }: ReadLevel): void {
    const { [depth]: level, [depth - 1]: contexts } = this.#index.trie.levels;
    const columns = this.levels[depth];
    readSumColumns(contexts, this.#nodes[depth - 1], row, isRead, columns);
    readCountColumn(level, this.#nodes[depth], counts === 'continuations', row.length, columns.count);
  }

  /** Reads a level where the trie has other sums: n(h·) is n(h) without the times that h ends a document. */
  #readPlain({ before, length }: TokenRow, depth: number, { isRead, low }: ReadLevel): void {
    const { [depth]: level, [depth - 1]: contexts } = this.#index.trie.levels;
    const parents = this.#nodes[depth - 1];
    const nodes = this.#nodes[depth];
    const columns = this.levels[depth];
    for (let i = 0; i < length; i++) {
      const parent = isRead[before[i]] === 0 ? NONE : parents[i - 1];
      columns.contextCount[i] = 0;
      if (parent === NONE) continue;
      const places = firstChildOf(contexts, parent + 1) - firstChildOf(contexts, parent);
      if (places === 0) continue;
      columns.count[i] = countIn(level, nodes[i], 'occurrences');
      columns.contextCount[i] = countOf(contexts, parent) - timesAtEnd(contexts, parent);
      columns.followers[i] = childrenIn(places);
      if (low === undefined) continue;
      low.moveTo(parent);
      columns.once[i] = low.once;
      columns.twice[i] = low.twice;
    }
  }

  #readSeen({ length }: TokenRow): void {
    const { seen } = this;
    for (let i = 0; i < length; i++) seen[i] = this.#nodes[0][i] === NONE ? 0 : 1;
    for (let depth = 1; depth < this.#nodes.length; depth++) {
      const nodes = this.#nodes[depth];
      for (let i = 0; i < length; i++) if (nodes[i] !== NONE) seen[i] = depth + 1;
    }
  }
}

/** How an order is read; undefined if it is not. */
export function readLevel(
  trie: CountTrie,
  { order: highest, reads }: RowShape,
  order: number,
): ReadLevel | undefined {
  const readings = Array.from({ length: highest }, (_, before) => reads(before + 1));
  const level = readings.flatMap(({ levels }) => levels).find((level) => level.order === order);
  if (level === undefined) return undefined;
  const isRead = readings.map(({ levels }) => (levels.some((level) => level.order === order) ? 1 : 0));
  const countsLow = readings.some(({ followers, followersOnly }) => followers && followersOnly !== true);
  return {
    isRead: Uint8Array.from(isRead),
    counts: level.counts,
    followers: readings.some(({ followers }) => followers),
    low: countsLow && order > 1 && !isSummed(trie, level) ? lowFollowers(trie, order) : undefined,
  };
}

function countIn(level: TrieLevel, node: number, counts: CountedAs): number {
  if (node === NONE) return 0;
  return counts === 'continuations' ? adjustedOf(level, node) : countOf(level, node);
}
