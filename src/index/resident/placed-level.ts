import { firstPlace, nextPlace } from './children.ts';
import { listByCount } from './count-list.ts';
import {
  type CountList,
  FREE,
  firstChildOf,
  packCounts,
  packSums,
  placesFor,
  sharedArray,
  wordOf,
} from './count-trie.ts';
import { GrownLevel } from './grown-level.ts';

/** A level whose nodes are at their places. See `TrieLevel`. */
export class PlacedLevel {
  readonly size: number;
  readonly places: number;
  readonly nodes: Int32Array;
  readonly stride: 2 | 4;
  readonly seed: number;
  readonly large: number[] = [];
  readonly largeSums: number[] = [];
  byCount: Pick<CountList, 'commonest' | 'listed'> = { commonest: 1, listed: sharedArray(0) };
  #grown: GrownLevel;
  /** Which of the sorted nodes is at each place; -1 where it is free. Empty at the highest order. */
  #sorted: Int32Array;
  /** The place of each of the sorted nodes, until they are listed by count. */
  #places: Int32Array;

  private constructor(grown: GrownLevel, places: number, seed: number) {
    this.size = grown.size;
    this.places = places;
    this.stride = grown.adjusted === undefined ? 2 : 4;
    this.seed = seed;
    this.nodes = sharedArray(this.stride === 2 ? 2 * places : 4 * (places + 1));
    this.#grown = grown;
    this.#sorted = new Int32Array(this.stride === 2 ? 0 : places).fill(-1);
    this.#places = new Int32Array(grown.size);
  }

  /** The unigrams, which keep their order. */
  static ofUnigrams(grown: GrownLevel, seed: number): PlacedLevel {
    const placed = new PlacedLevel(grown, grown.size, seed);
    for (let node = 0; node < grown.size; node++) placed.#put(node, node);
    placed.#list();
    return placed;
  }

  /** The children of the nodes of a level; notes there where they stand, and their sums. */
  static below(parents: PlacedLevel, grown: GrownLevel): PlacedLevel {
    const { firstChildren } = parents.#grown;
    let places = 0;
    for (let place = 0; place < parents.places; place++) {
      parents.nodes[4 * place + 2] = places;
      const parent = parents.#sorted[place];
      if (parent >= 0) places += placesFor(firstChildren[parent + 1] - firstChildren[parent]);
    }
    parents.nodes[4 * parents.places + 2] = places;
    const placed = new PlacedLevel(grown, places, parents.seed);
    for (let place = 0; place < parents.places; place++) {
      const parent = parents.#sorted[place];
      if (parent < 0) continue;
      const first = firstChildren[parent];
      const end = firstChildren[parent + 1];
      placed.#putChildren(first, end, firstChildOf(parents, place), firstChildOf(parents, place + 1));
      parents.nodes[4 * place + 3] = sumUp(grown, first, end, parents.largeSums);
    }
    placed.#list();
    return placed;
  }

  /** Releases the sorted nodes, which are not needed after the children have been placed. */
  forgetGrown(): void {
    this.#grown = new GrownLevel(0, false);
    this.#sorted = new Int32Array(0);
  }

  /** Lists the sorted nodes by count when all are at their places. */
  #list(): void {
    this.byCount = listByCount(this.#grown.counts, this.#places);
    this.#places = new Int32Array(0);
  }

  /** Puts the sorted nodes from `first` to `last` (not included) into the places from `start` to `end`. */
  #putChildren(first: number, last: number, start: number, end: number): void {
    for (let node = first; node < last; node++) {
      let place = firstPlace(this.seed, this.#grown.words[node], start, end);
      while (wordOf(this, place) !== FREE) place = nextPlace(place, start, end);
      this.#put(place, node);
    }
  }

  #put(place: number, node: number): void {
    const { words, counts, adjusted } = this.#grown;
    const at = this.stride * place;
    if (this.stride === 4) this.#sorted[place] = node;
    this.#places[node] = place;
    this.nodes[at] = words[node] + 1;
    this.nodes[at + 1] =
      adjusted === undefined ? counts[node] : packCounts(counts[node], adjusted[node], this.large);
  }
}

/** The sums over some children that are stored in the record of their parent. */
function sumUp(
  { counts, adjusted = counts }: GrownLevel,
  first: number,
  last: number,
  large: number[],
): number {
  let total = 0;
  let once = 0;
  let twice = 0;
  for (let node = first; node < last; node++) {
    const count = adjusted[node];
    total += count;
    if (count === 1) once++;
    else if (count === 2) twice++;
  }
  return packSums(total, once, twice, large);
}
