import type { TokenId } from '../count-index.ts';
import type { GrownLevel } from './build-trie.ts';
import { firstPlace } from './children.ts';
import { FREE, firstChildOf, placesFor, sharedArray, wordOf } from './count-trie.ts';

/** A level whose nodes stand at their places. */
export class PlacedLevel {
  readonly size: number;
  readonly places: number;
  readonly nodes: Int32Array;
  readonly stride: 2 | 4;
  readonly seed: number;
  /** The number that the node at each place has in the sorted level; -1 where the place is free. */
  #sorted: Int32Array;

  private constructor({ size, stride }: GrownLevel, places: number, seed: number) {
    this.size = size;
    this.places = places;
    this.stride = stride;
    this.seed = seed;
    this.nodes = sharedArray(stride === 2 ? 2 * places : 4 * (places + 1));
    this.#sorted = new Int32Array(places).fill(-1);
  }

  /** The unigrams stand in their order. */
  static ofUnigrams(level: GrownLevel, seed: number): PlacedLevel {
    const placed = new PlacedLevel(level, level.size, seed);
    for (let node = 0; node < level.size; node++) placed.#put(node, level, node);
    return placed;
  }

  /** The children of the nodes of `above`, which are `parents` where they are sorted; says in `above` where they stand. */
  static below(above: PlacedLevel, parents: GrownLevel, level: GrownLevel): PlacedLevel {
    let places = 0;
    for (let place = 0; place < above.places; place++) {
      above.nodes[4 * place + 2] = places;
      const parent = above.#sorted[place];
      if (parent >= 0) places += placesFor(firstChildOf(parents, parent + 1) - firstChildOf(parents, parent));
    }
    above.nodes[4 * above.places + 2] = places;
    const placed = new PlacedLevel(level, places, above.seed);
    for (let place = 0; place < above.places; place++) {
      const parent = above.#sorted[place];
      if (parent < 0) continue;
      const start = firstChildOf(above, place);
      const end = firstChildOf(above, place + 1);
      const last = firstChildOf(parents, parent + 1);
      for (let node = firstChildOf(parents, parent); node < last; node++) {
        let free = firstPlace(above.seed, wordOf(level, node), start, end);
        while (wordOf(placed, free) !== FREE) free = free + 1 === end ? start : free + 1;
        placed.#put(free, level, node);
      }
    }
    return placed;
  }

  /** The node of a word among unigrams, which must be there. */
  unigram(word: TokenId): number {
    let low = 0;
    let high = this.size;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (wordOf(this, middle) <= word) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Lets go of what is needed only while levels are placed. */
  forgetSorted(): void {
    this.#sorted = new Int32Array(0);
  }

  #put(place: number, { nodes, stride }: GrownLevel, node: number): void {
    const to = stride * place;
    const from = stride * node;
    this.#sorted[place] = node;
    this.nodes[to] = nodes[from];
    this.nodes[to + 1] = nodes[from + 1];
    if (stride === 4) this.nodes[to + 3] = nodes[from + 3];
  }
}
