import type { ArpaLevel } from '../../index/arpa/arpa-table.ts';

/** An n-gram that was added twice. */
export interface Duplicate {
  readonly parent: number;
  readonly word: number;
  /** How many n-grams were added before it was for the second time. */
  readonly place: number;
}

/** Room for some thousands of n-grams at first. */
const fewNGrams = 2 ** 12;

/** The n-grams of an order above 1, in the order of a file, until they are sorted. */
export class LevelBuilder {
  #parents = new Uint32Array(0);
  #words = new Uint32Array(0);
  #logProbabilities = new Float32Array(0);
  /** Empty at the highest order. */
  #backoffs = new Float32Array(0);
  #size = 0;
  readonly #isHighest: boolean;
  readonly #take: (bytes: number) => void;

  /** `take` is called with the bytes that are about to be used, and with a negative number when some are free again. */
  constructor(isHighest: boolean, take: (bytes: number) => void) {
    this.#isHighest = isHighest;
    this.#take = take;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds the child of a node of the next lower order that ends with `word`. */
  add(parent: number, word: number, logProbability: number, backoff: number): void {
    if (this.#size === this.#words.length) this.#grow();
    const i = this.#size++;
    this.#parents[i] = parent;
    this.#words[i] = word;
    this.#logProbabilities[i] = logProbability;
    if (!this.#isHighest) this.#backoffs[i] = backoff;
  }

  /** Replaces each parent, after nodes have been inserted before some of them. */
  moveParents(moved: (parent: number) => number): void {
    const parents = this.#parents;
    for (let i = 0; i < this.#size; i++) parents[i] = moved(parents[i]);
  }

  /**
   * The level, and the first children of its `parents` parents; or an n-gram that was added twice. The children of the highest
   * order's nodes are none, and those of others are known when the next order is there.
   */
  build(parents: number): { level: Omit<ArpaLevel, 'children'>; children: Uint32Array } | Duplicate {
    const size = this.#size;
    const children = sharedIds(parents + 1);
    const parentOf = this.#parents;
    for (let i = 0; i < size; i++) children[parentOf[i] + 1]++;
    for (let i = 0; i < parents; i++) children[i + 1] += children[i];
    const words = sharedIds(size);
    const places = this.#sortByParent(children, words);
    const duplicate = this.#sortFamilies(children, words, places);
    if (duplicate !== undefined) return duplicate;
    const logProbabilities = permuted(this.#logProbabilities, places, size);
    const backoffs = this.#isHighest ? sharedFloats(0) : permuted(this.#backoffs, places, size);
    return { level: { size, words, logProbabilities, backoffs }, children };
  }

  /** Gives the memory back. */
  release(): void {
    this.#take(-this.#bytes);
    this.#parents = new Uint32Array(0);
    this.#words = new Uint32Array(0);
    this.#logProbabilities = new Float32Array(0);
    this.#backoffs = new Float32Array(0);
    this.#size = 0;
  }

  get #bytes(): number {
    const columns = [this.#parents, this.#words, this.#logProbabilities, this.#backoffs];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  #grow(): void {
    const before = this.#bytes;
    const length = this.#size === 0 ? fewNGrams : Math.ceil(1.5 * this.#size);
    this.#take((this.#isHighest ? 12 : 16) * length);
    this.#parents = larger(this.#parents, new Uint32Array(length));
    this.#words = larger(this.#words, new Uint32Array(length));
    this.#logProbabilities = larger(this.#logProbabilities, new Float32Array(length));
    if (!this.#isHighest) this.#backoffs = larger(this.#backoffs, new Float32Array(length));
    this.#take(-before);
  }

  /** Puts the words at the places of their parents' children, in the order of the file. Returns the place of each n-gram. */
  #sortByParent(children: Uint32Array, words: Uint32Array): Uint32Array {
    const size = this.#size;
    const parentOf = this.#parents;
    const wordOf = this.#words;
    const next = children.slice();
    // The parents are not needed any more, and give way to the places.
    for (let i = 0; i < size; i++) {
      const place = next[parentOf[i]]++;
      words[place] = wordOf[i];
      parentOf[i] = place;
    }
    return parentOf;
  }

  /** Sorts the children of each parent that are not sorted; `places` are corrected. Returns a duplicate, if there is one. */
  #sortFamilies(children: Uint32Array, words: Uint32Array, places: Uint32Array): Duplicate | undefined {
    const unsorted: { parent: number; from: number; to: number }[] = [];
    for (let parent = 0; parent + 1 < children.length; parent++) {
      const from = children[parent];
      const to = children[parent + 1];
      for (let i = from + 1; i < to; i++) {
        if (words[i] > words[i - 1]) continue;
        unsorted.push({ parent, from, to });
        break;
      }
    }
    if (unsorted.length === 0) return undefined;
    const size = this.#size;
    /** For each place, where its n-gram goes. */
    const moves = new Uint32Array(size);
    for (let i = 0; i < size; i++) moves[i] = i;
    for (const { parent, from, to } of unsorted) {
      const order = Uint32Array.from({ length: to - from }, (_, i) => from + i).sort(
        (a, b) => words[a] - words[b] || a - b,
      );
      const sorted = order.map((place) => words[place]);
      for (let i = 1; i < sorted.length; i++) {
        if (sorted[i] === sorted[i - 1]) return { parent, word: sorted[i], place: places.indexOf(order[i]) };
      }
      words.set(sorted, from);
      for (const [i, place] of order.entries()) moves[place] = from + i;
    }
    for (let i = 0; i < size; i++) places[i] = moves[places[i]];
    return undefined;
  }
}

function larger<Values extends Uint32Array | Float32Array>(old: Values, values: Values): Values {
  values.set(old);
  return values;
}

/** The values, each at its place. */
function permuted(values: Float32Array, places: Uint32Array, size: number): Float32Array {
  const result = sharedFloats(size);
  for (let i = 0; i < size; i++) result[places[i]] = values[i];
  return result;
}

export function sharedIds(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
