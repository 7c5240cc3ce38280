import type { NGramStream } from '../../store/ngram-stream.ts';
import type { SortedPositions } from './sorted-positions.ts';

/**
 * The distinct n-grams of one order with their counts, read off sorted positions by one scan of neighbours.
 * `idOf` turns ranks into ids and is rising, so that the stream is sorted by id.
 */
export class CountedNGrams implements NGramStream {
  readonly ngram: Uint32Array;
  count = 0;
  readonly #sorted: SortedPositions;
  readonly #idOf: Uint32Array;
  #at = 0;

  constructor(
    sorted: SortedPositions,
    idOf: Uint32Array,
    readonly order: number,
  ) {
    this.ngram = new Uint32Array(order);
    this.#sorted = sorted;
    this.#idOf = idOf;
  }

  next(): boolean {
    const { text, positions, shared, available } = this.#sorted;
    const order = this.order;
    let at = this.#at;
    while (at < positions.length && available[at] < order) at++;
    if (at === positions.length) {
      this.#at = at;
      return false;
    }
    const position = positions[at];
    for (let i = 0; i < order; i++) this.ngram[i] = this.#idOf[text[position + i]];
    const begin = at++;
    while (at < positions.length && shared[at] >= order) at++;
    this.count = at - begin;
    this.#at = at;
    return true;
  }
}
