import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';

/** The n-grams of one order while a trie is built, sorted by their ids; a node is a place in this order. */
export class GrownLevel {
  readonly size: number;
  /** The last word of each node. */
  readonly words: Int32Array;
  /** n(g), which is at most the number of tokens (`tooLargeForTrie`). */
  readonly counts: Uint32Array;
  /** The first child of each node and, behind the last, the number of all children; empty at the highest order. */
  readonly firstChildren: Int32Array;
  /** a(g), once it is known; never at the highest order. */
  adjusted: Uint32Array | undefined;

  constructor(size: number, isHighest: boolean) {
    this.size = size;
    this.words = new Int32Array(size);
    this.counts = new Uint32Array(size);
    this.firstChildren = new Int32Array(isHighest ? 0 : size + 1);
  }
}

/**
 * Reads the n-grams of all orders, lowest first; `vocabularySize` is how many ids there are. Throws `corpus-damaged` where
 * they are not rising, have a count that cannot be, or are more, fewer or more frequent than the counts of counts say.
 */
export function growLevels(reader: CorpusReader, vocabularySize: number): GrownLevel[] {
  const { tokens, ngrams } = reader.summary();
  const grown: GrownLevel[] = [];
  for (const { order, distinct, total } of ngrams) {
    const isCountedApart = order === 1 && reader.sequenceStart !== undefined && tokens > 0 ? 1 : 0;
    const size = distinct + isCountedApart;
    if (!(Number.isInteger(size) && size >= 0 && size < 2 ** 31)) {
      throw reader.damage(`its counts of counts say that it has ${distinct} ${order}-grams`);
    }
    grown.push(new GrownLevel(size, order === ngrams.length));
    const counted = readLevel(grown, reader, tokens, vocabularySize);
    if (counted !== total) {
      throw reader.damage(
        `its ${order}-grams occur ${counted} times, and its counts of counts say ${total} times`,
      );
    }
  }
  if (tokens !== ngrams[0].total) {
    throw reader.damage(`it has ${ngrams[0].total} tokens by its counts, and ${tokens} by its documents`);
  }
  return grown;
}

/**
 * Reads the n-grams of the lowest of the levels, and fills the first children of the one above; returns how often they
 * occur together, without `<s>` alone, which is no word.
 */
function readLevel(
  levels: readonly GrownLevel[],
  reader: CorpusReader,
  tokens: number,
  vocabularySize: number,
): number {
  const ngrams = reader.ngrams(levels.length);
  const { order } = ngrams;
  const { size, words, counts } = levels[order - 1];
  const path = new PathWalker(levels.slice(0, -1), reader);
  let total = 0;
  let node = 0;
  for (; ngrams.next(); node++) {
    const { ngram, count } = ngrams;
    const word = ngram[order - 1];
    if (node === size) throw reader.damage(`it has more than the ${size} ${order}-grams that it should have`);
    const isOfSameParent = order === 1 ? node > 0 : path.moveTo(ngram, node);
    if (word >= vocabularySize || (isOfSameParent && word <= words[node - 1])) {
      throw reader.damage(`its ${order}-gram ${ngram.join(' ')} is out of order`);
    }
    if (!(count >= 1 && count <= tokens)) {
      throw reader.damage(`its ${order}-gram ${ngram.join(' ')} has the count ${count}, of ${tokens} tokens`);
    }
    words[node] = word;
    counts[node] = count;
    if (order > 1 || word !== reader.sequenceStart) total += count;
  }
  if (node < size) throw reader.damage(`it has ${node} of the ${size} ${order}-grams that it should have`);
  if (order > 1) path.end(node);
  return total;
}

/** Follows rising n-grams down the levels above theirs and notes where the children of each node begin. */
class PathWalker {
  readonly #levels: readonly GrownLevel[];
  readonly #reader: CorpusReader;
  readonly #path: Int32Array;
  /** How many nodes of the lowest level above have their first child. */
  #filled = 0;

  constructor(levels: readonly GrownLevel[], reader: CorpusReader) {
    this.#levels = levels;
    this.#reader = reader;
    this.#path = new Int32Array(levels.length).fill(-1);
  }

  /**
   * Goes to the parent of an n-gram; `child` is the n-gram's own number. Returns whether it is that of the n-gram before.
   * Throws `corpus-damaged` where the parent is not there, or stands before that of the n-gram before.
   */
  moveTo(ngram: Uint32Array, child: number): boolean {
    const levels = this.#levels;
    const path = this.#path;
    const last = levels.length - 1;
    let depth = 0;
    while (depth <= last && path[depth] >= 0 && levels[depth].words[path[depth]] === ngram[depth]) depth++;
    if (depth > last) return true;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      const { words, size } = levels[depth];
      const parent = depth === 0 ? -1 : path[depth - 1];
      const end = depth === 0 ? size : levels[depth - 1].firstChildren[parent + 1];
      let node = isBelow && depth > 0 ? levels[depth - 1].firstChildren[parent] : path[depth] + 1;
      while (node < end && words[node] !== ngram[depth]) node++;
      if (node >= end) {
        throw this.#reader.damage(`the beginning of its n-gram ${ngram.join(' ')} is not where it should be`);
      }
      path[depth] = node;
    }
    this.#fill(path[last], child);
    return false;
  }

  /** Nodes after the last parent have no children. */
  end(children: number): void {
    this.#fill(this.#levels[this.#levels.length - 1].size, children);
  }

  #fill(upTo: number, child: number): void {
    const { firstChildren } = this.#levels[this.#levels.length - 1];
    while (this.#filled <= upTo) firstChildren[this.#filled++] = child;
  }
}
