import type { CorpusSummary, CountedNGrams, Snapshot, TokenId } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';

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
 * Reads the n-grams of all orders of a snapshot, lowest first; `vocabularySize` is how many ids there are. Throws
 * `corpus-damaged` where they are not rising, have a count that cannot be, or are more, fewer or more frequent than the
 * counts of counts say.
 */
export async function growLevels(
  snapshot: Snapshot,
  summary: CorpusSummary,
  vocabularySize: number,
): Promise<GrownLevel[]> {
  const { tokens, ngrams } = summary;
  const sequenceStart = reservedId(summary, '<s>');
  const grown: GrownLevel[] = [];
  for (const { order, distinct, total } of ngrams) {
    const isCountedApart = order === 1 && sequenceStart !== undefined && tokens > 0 ? 1 : 0;
    const size = distinct + isCountedApart;
    if (!(Number.isInteger(size) && size >= 0 && size < 2 ** 31)) {
      throw snapshot.damage(`its counts of counts say that it has ${distinct} ${order}-grams`);
    }
    const level = new GrownLevel(size, order === ngrams.length);
    const filler = new LevelFiller(snapshot, level, grown, { tokens, vocabularySize, sequenceStart });
    for await (const batch of snapshot.ngrams(order)) filler.add(batch);
    const counted = filler.end();
    if (counted !== total) {
      throw snapshot.damage(
        `its ${order}-grams occur ${counted} times, and its counts of counts say ${total} times`,
      );
    }
    grown.push(level);
  }
  if (tokens !== ngrams[0].total) {
    throw snapshot.damage(`it has ${ngrams[0].total} tokens by its counts, and ${tokens} by its documents`);
  }
  return grown;
}

/** What the n-grams of a corpus may be. */
interface Bounds {
  readonly tokens: number;
  readonly vocabularySize: number;
  readonly sequenceStart: TokenId | undefined;
}

/** Fills a level with its n-grams, and the first children of the level above. */
class LevelFiller {
  readonly #snapshot: Snapshot;
  readonly #level: GrownLevel;
  readonly #order: number;
  readonly #path: PathWalker;
  readonly #bounds: Bounds;
  #node = 0;
  #total = 0;

  /** `above` has the levels above, lowest order first. */
  constructor(snapshot: Snapshot, level: GrownLevel, above: readonly GrownLevel[], bounds: Bounds) {
    this.#snapshot = snapshot;
    this.#level = level;
    this.#order = above.length + 1;
    this.#path = new PathWalker([...above], snapshot);
    this.#bounds = bounds;
  }

  /** Takes the next n-grams. */
  add({ length, ids, counts }: CountedNGrams): void {
    const { tokens, vocabularySize, sequenceStart } = this.#bounds;
    const { size, words, counts: levelCounts } = this.#level;
    const order = this.#order;
    for (let i = 0; i < length; i++) {
      const node = this.#node++;
      const at = i * order;
      const word = ids[at + order - 1];
      const count = counts[i];
      if (node === size) throw this.#damage(`more than the ${size} ${order}-grams that it should have`);
      const isOfSameParent = order === 1 ? node > 0 : this.#path.moveTo(ids, at, node);
      if (word >= vocabularySize || (isOfSameParent && word <= words[node - 1])) {
        throw this.#damageOf(ids, at, 'is out of order');
      }
      if (!(count >= 1 && count <= tokens)) {
        throw this.#damageOf(ids, at, `has the count ${count}, of ${tokens} tokens`);
      }
      words[node] = word;
      levelCounts[node] = count;
      if (order > 1 || word !== sequenceStart) this.#total += count;
    }
  }

  /** Ends the level; returns how often its n-grams occur together, without `<s>` alone, which is no word. */
  end(): number {
    const { size } = this.#level;
    if (this.#node < size) {
      throw this.#damage(`${this.#node} of the ${size} ${this.#order}-grams that it should have`);
    }
    if (this.#order > 1) this.#path.end(this.#node);
    return this.#total;
  }

  #damage(has: string): Error {
    return this.#snapshot.damage(`it has ${has}`);
  }

  #damageOf(ids: Uint32Array, at: number, problem: string): Error {
    const ngram = ids.subarray(at, at + this.#order).join(' ');
    return this.#snapshot.damage(`its ${this.#order}-gram ${ngram} ${problem}`);
  }
}

/** Follows rising n-grams down the levels above theirs and notes where the children of each node begin. */
class PathWalker {
  readonly #levels: readonly GrownLevel[];
  readonly #snapshot: Snapshot;
  readonly #path: Int32Array;
  /** How many nodes of the lowest level above have their first child. */
  #filled = 0;

  constructor(levels: readonly GrownLevel[], snapshot: Snapshot) {
    this.#levels = levels;
    this.#snapshot = snapshot;
    this.#path = new Int32Array(levels.length).fill(-1);
  }

  /**
   * Goes to the parent of the n-gram at `ids[at]`; `child` is the n-gram's own number. Returns whether it is that of the
   * n-gram before. Throws `corpus-damaged` where the parent is not there, or stands before that of the n-gram before.
   */
  moveTo(ids: Uint32Array, at: number, child: number): boolean {
    const levels = this.#levels;
    const path = this.#path;
    const last = levels.length - 1;
    let depth = 0;
    while (depth <= last && path[depth] >= 0 && levels[depth].words[path[depth]] === ids[at + depth]) depth++;
    if (depth > last) return true;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      const { words, size } = levels[depth];
      const parent = depth === 0 ? -1 : path[depth - 1];
      const end = depth === 0 ? size : levels[depth - 1].firstChildren[parent + 1];
      let node = isBelow && depth > 0 ? levels[depth - 1].firstChildren[parent] : path[depth] + 1;
      while (node < end && words[node] !== ids[at + depth]) node++;
      if (node >= end) {
        const ngram = ids.subarray(at, at + levels.length + 1).join(' ');
        throw this.#snapshot.damage(`the beginning of its n-gram ${ngram} is not where it should be`);
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
