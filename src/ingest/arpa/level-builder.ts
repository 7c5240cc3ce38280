import { type ArpaLevel, NONE } from '../../index/arpa/arpa-table.ts';

/** An n-gram that was added twice. */
export interface Duplicate {
  readonly parent: number;
  readonly word: number;
  /** How many n-grams were added before it was for the second time. */
  readonly number: number;
}

/**
 * Some n-grams in the order of a file: the node of each one's context, `NONE` if it is not there, and the columns of
 * their rows.
 */
interface Stretch {
  readonly parents: Int32Array;
  readonly words: Int32Array;
  readonly logProbabilities: Float32Array;
  /** Empty at the highest order. */
  readonly backoffs: Float32Array;
}

/** The columns of a level that n-grams are sorted into. */
type Columns = Pick<ArpaLevel, 'words' | 'logProbabilities' | 'backoffs'>;

/** The n-grams of an order above 1, in the order of a file, until they are sorted. */
export class LevelBuilder {
  readonly #isHighest: boolean;
  readonly #take: (bytes: number) => void;
  /** At i + 1, the number of children of parent i. */
  #children: Uint32Array;
  #stretches: Stretch[] = [];
  #size = 0;
  #bytes = 0;

  /**
   * Of the children of so many nodes. `take` is called with the bytes that are about to be used, and with a negative
   * number when some are freed.
   */
  constructor(parents: number, isHighest: boolean, take: (bytes: number) => void) {
    this.#isHighest = isHighest;
    this.#take = take;
    this.#children = this.#counters(parents);
  }

  /** Adds the children of some nodes: `parents` is kept, and of each column as many values are copied. */
  add(parents: Int32Array, words: Int32Array, logProbabilities: Float32Array, backoffs: Float32Array): void {
    const size = parents.length;
    const bytes = (this.#isHighest ? 12 : 16) * size;
    this.#take(bytes);
    this.#bytes += bytes;
    this.#size += size;
    countChildren(parents, this.#children);
    this.#stretches.push({
      parents,
      words: words.slice(0, size),
      logProbabilities: logProbabilities.slice(0, size),
      backoffs: backoffs.slice(0, this.#isHighest ? 0 : size),
    });
  }

  /** Replaces each parent that is there, after nodes have been inserted before some of them. */
  moveParents(moved: (parent: number) => number): void {
    for (const { parents } of this.#stretches) {
      for (let i = 0; i < parents.length; i++) if (parents[i] !== NONE) parents[i] = moved(parents[i]);
    }
  }

  /** Counts the children of so many parents anew, after these have changed. */
  recount(parents: number): void {
    this.#take(-this.#children.byteLength);
    this.#children = this.#counters(parents);
    for (const stretch of this.#stretches) countChildren(stretch.parents, this.#children);
  }

  /**
   * The level, and the first children of its parents; or an n-gram that was added twice. The children of the highest
   * order's nodes are none, and those of others are known when the next order is there.
   */
  build(): { level: Omit<ArpaLevel, 'children'>; children: Uint32Array } | Duplicate {
    const size = this.#size;
    this.#take((this.#isHighest ? 8 : 16) * size);
    const children = this.#children;
    for (let i = 0; i + 1 < children.length; i++) children[i + 1] += children[i];
    const columns = {
      words: sharedIds(size),
      logProbabilities: sharedFloats(size),
      backoffs: sharedFloats(this.#isHighest ? 0 : size),
    };
    this.#sortByParent(children, columns);
    const duplicate = this.#sortFamilies(children, columns);
    return duplicate ?? { level: { size, ...columns }, children };
  }

  /** The node of each n-gram in the order in which they were added, after `build`. */
  nodes(): Uint32Array {
    const nodes = new Uint32Array(this.#size);
    let at = 0;
    for (const { parents: places } of this.#stretches) {
      nodes.set(places, at);
      at += places.length;
    }
    return nodes;
  }

  /** Memory for the numbers of children of so many parents. */
  #counters(parents: number): Uint32Array {
    this.#take(Uint32Array.BYTES_PER_ELEMENT * (parents + 1));
    return sharedIds(parents + 1);
  }

  /** Frees the memory of what was added. */
  release(): void {
    this.#take(-this.#bytes);
    this.#bytes = 0;
    this.#stretches = [];
    this.#size = 0;
  }

  /**
   * Puts the n-grams at the places of their parents' children, in the order of the file. The parents give way to the
   * places.
   */
  #sortByParent(children: Uint32Array, { words, logProbabilities, backoffs }: Columns): void {
    const next = children.slice();
    for (const { parents, words: w, logProbabilities: p, backoffs: b } of this.#stretches) {
      for (let i = 0; i < parents.length; i++) {
        const place = next[parents[i]]++;
        words[place] = w[i];
        logProbabilities[place] = p[i];
        parents[i] = place;
      }
      for (let i = 0; i < b.length; i++) backoffs[parents[i]] = b[i];
    }
  }

  /**
   * Sorts the children of each parent that are not sorted; the places are corrected. Returns a duplicate, if there is
   * one.
   */
  #sortFamilies(children: Uint32Array, columns: Columns): Duplicate | undefined {
    const { words, logProbabilities, backoffs } = columns;
    /** For each place, where its n-gram goes, once there are families that are not sorted. */
    let moves: Uint32Array | undefined;
    for (let parent = 0; parent + 1 < children.length; parent++) {
      const from = children[parent];
      const to = children[parent + 1];
      if (areRising(words, from, to)) continue;
      const order = Uint32Array.from({ length: to - from }, (_, i) => from + i).sort(
        (a, b) => words[a] - words[b] || a - b,
      );
      words.set(
        order.map((place) => words[place]),
        from,
      );
      for (let i = 1; i < order.length; i++) {
        const place = from + i;
        if (words[place] !== words[place - 1]) continue;
        return { parent, word: words[place], number: this.#numberAt(order[i]) };
      }
      logProbabilities.set(
        Float32Array.from(order, (place) => logProbabilities[place]),
        from,
      );
      if (!this.#isHighest)
        backoffs.set(
          Float32Array.from(order, (place) => backoffs[place]),
          from,
        );
      moves ??= identity(this.#size);
      for (const [i, place] of order.entries()) moves[place] = from + i;
    }
    if (moves === undefined) return undefined;
    for (const { parents: places } of this.#stretches) {
      for (let i = 0; i < places.length; i++) places[i] = moves[places[i]];
    }
    return undefined;
  }

  /** The number of the n-gram that was put at a place, in the order in which they were added. */
  #numberAt(place: number): number {
    let number = 0;
    for (const { parents: places } of this.#stretches) {
      const i = places.indexOf(place);
      if (i >= 0) return number + i;
      number += places.length;
    }
    return NONE;
  }
}

/** Adds to `children`, at i + 1, how often each parent i is among some. */
function countChildren(parents: Int32Array, children: Uint32Array): void {
  for (let i = 0; i < parents.length; i++) if (parents[i] !== NONE) children[parents[i] + 1]++;
}

/** Whether each of the values at `from` ≤ i < `to` is greater than the one before. */
function areRising(values: Uint32Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] <= values[i - 1]) return false;
  return true;
}

/** 0, 1, 2 … */
function identity(length: number): Uint32Array {
  const values = new Uint32Array(length);
  for (let i = 0; i < length; i++) values[i] = i;
  return values;
}

export function sharedIds(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
