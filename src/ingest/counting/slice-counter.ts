import { exactIntegers, sortNumbers, sortPairs } from '../../ngrams/sort-pairs.ts';
import { noToken, type SlicedText } from './sliced-text.ts';

/**
 * Counts by sorting. The leading tokens at each position, as many as fit, are packed into one number; the numbers are
 * sorted, and positions that agree in all of these tokens are told apart by the next ones in the same way. The n-grams
 * of all orders come out of one walk over the sorted tuples of `order` tokens.
 */
export class SliceCounter {
  readonly #text: SlicedText;
  readonly #order: number;
  readonly #add: (ngram: Uint32Array, count: number) => void;
  /** The number of values that a token has, including the sentinel. */
  readonly #base: number;
  /** All tokens. */
  readonly #all: Range;
  /** The tuple of the walk: ids, and `noToken` from its sequence's end on. */
  readonly #ids: Uint32Array;
  /** Views of it: the tuple's first n tokens. */
  readonly #ngrams: Uint32Array[];
  /** The occurrences of the tuple's first n tokens so far, less those that are still in `#counts[n + 1]`. */
  readonly #counts: Float64Array;
  /** Where the slice's n-grams begin. */
  #positions = new Uint32Array(0);
  readonly #scratch: Scratch[] = [];

  /** `add` is given each n-gram, valid during the call: those of one order come in rising order. */
  constructor(text: SlicedText, add: (ngram: Uint32Array, count: number) => void) {
    const { order } = text;
    this.#text = text;
    this.#order = order;
    this.#add = add;
    this.#all = { low: 0, values: text.sentinel + 1 };
    this.#base = text.sentinel + 1;
    this.#ids = new Uint32Array(order).fill(noToken);
    this.#ngrams = Array.from({ length: order + 1 }, (_, n) => this.#ids.subarray(0, n));
    this.#counts = new Float64Array(order + 1);
  }

  /** Counts a slice. Slices are counted in ascending order. */
  count(slice: number): void {
    const { ranks, counted, lows, sizes } = this.#text;
    const low = lows[slice];
    const values = lows[slice + 1] - low;
    if (this.#positions.length < sizes[slice]) this.#positions = new Uint32Array(sizes[slice]);
    const positions = this.#positions;
    let length = 0;
    for (let position = 0; position < counted; position++) {
      // One comparison of unsigned integers instead of two: a rank below `low` wraps around.
      if ((ranks[position] - low) >>> 0 < values) positions[length++] = position;
    }
    if (length > 0) this.#sort(positions, 0, length, 0, { low, values });
    this.#close(0);
  }

  /** Walks over the tuples at `positions[from, to)`, which share their first `depth` tokens; the next is in `range`. */
  #sort(positions: Uint32Array, from: number, to: number, depth: number, range: Range): void {
    const length = to - from;
    const base = this.#base;
    const packed = this.#packable(depth, range.values, length);
    const { keys, moved } = this.#scratchOf(depth, length);
    const { ranks, sentinel } = this.#text;
    for (let i = 0; i < length; i++) {
      let at = positions[from + i] + depth;
      let rank = ranks[at];
      let key = rank - range.low;
      for (let next = 1; next < packed; next++) {
        if (rank !== sentinel) rank = ranks[++at];
        key = key * base + rank;
      }
      keys[i] = key;
    }
    if (depth + packed === this.#order) {
      sortNumbers(keys, length);
      this.#walk(positions[from], depth, keys, length, range.low);
      return;
    }
    for (let i = 0; i < length; i++) moved[i] = i;
    sortPairs(keys, moved, length);
    for (let i = 0; i < length; i++) moved[i] = positions[from + moved[i]];
    this.#sortGroups(keys, moved, length, depth + packed);
  }

  /** How many tokens after the first `depth`, the next one of which has one of `values`, go into one of `length` keys. */
  #packable(depth: number, values: number, length: number): number {
    const left = this.#order - depth;
    let packed = 1;
    let range = values;
    while (packed < left && range * this.#base <= exactIntegers) {
      range *= this.#base;
      packed++;
    }
    if (packed === left) return packed;
    // Keys are sorted together with their indexes: both fit into one number if the keys leave room.
    while (packed > 1 && range * length > exactIntegers) {
      range /= this.#base;
      packed--;
    }
    return packed;
  }

  /** Walks over the tuples at `positions`, which share their first `depth` tokens where their keys are the same. */
  #sortGroups(keys: Float64Array, positions: Uint32Array, length: number, depth: number): void {
    const { sentinel } = this.#text;
    for (let start = 0; start < length; ) {
      const group = keys[start];
      let end = start + 1;
      while (end < length && keys[end] === group) end++;
      if (end === start + 1 || group % this.#base === sentinel) this.#addTuple(positions[start], end - start);
      else this.#sort(positions, start, end, depth, this.#all);
      start = end;
    }
  }

  /** The tuples of the sorted keys, of the last tokens after the first `depth` ones, which are those at `position`. */
  #walk(position: number, depth: number, keys: Float64Array, length: number, low: number): void {
    const base = this.#base;
    const order = this.#order;
    const ids = this.#ids;
    const { idOf } = this.#text;
    const counts = this.#counts;
    this.#goTo(position, depth);
    let previous = -1;
    for (let i = 0; i < length; ) {
      const key = keys[i];
      let end = i + 1;
      while (end < length && keys[end] === key) end++;
      let shared = order;
      if (previous < 0) shared = depth;
      else
        for (let a = previous, b = key; a !== b; shared--) {
          a = Math.floor(a / base);
          b = Math.floor(b / base);
        }
      this.#close(shared);
      let value = key;
      for (let at = order - 1; at >= shared; at--) {
        if (at === depth) {
          ids[at] = idOf[value + low];
          break;
        }
        const above = Math.floor(value / base);
        ids[at] = idOf[value - above * base];
        value = above;
      }
      counts[order] += end - i;
      previous = key;
      i = end;
    }
  }

  /** Adds a tuple that occurs `count` times, one of them at `position`. */
  #addTuple(position: number, count: number): void {
    this.#goTo(position, this.#order);
    this.#counts[this.#order] += count;
  }

  /** Makes the first `depth` tokens of the tuple those at `position`. */
  #goTo(position: number, depth: number): void {
    const { ranks, idOf, sentinel } = this.#text;
    const ids = this.#ids;
    let shared = 0;
    let at = position;
    while (shared < depth && ids[shared] === idOf[ranks[at]]) {
      shared++;
      if (ranks[at] !== sentinel) at++;
    }
    if (shared === depth) return;
    this.#close(shared);
    for (; shared < depth; shared++) {
      ids[shared] = idOf[ranks[at]];
      if (ranks[at] !== sentinel) at++;
    }
  }

  /** Passes on the tuple's n-grams that are longer than `shared`. */
  #close(shared: number): void {
    const counts = this.#counts;
    for (let order = this.#order; order > shared; order--) {
      const count = counts[order];
      if (count === 0) continue;
      counts[order] = 0;
      if (order > 1) counts[order - 1] += count;
      if (this.#ids[order - 1] !== noToken) this.#add(this.#ngrams[order], count);
    }
  }

  #scratchOf(depth: number, length: number): Scratch {
    const known = this.#scratch[depth];
    if (known !== undefined && known.keys.length >= length) return known;
    const size = Math.max(length, 1024);
    const scratch = { keys: new Float64Array(size), moved: new Uint32Array(size) };
    this.#scratch[depth] = scratch;
    return scratch;
  }
}

/** The tokens of `values` ranks from `low` on. */
interface Range {
  readonly low: number;
  readonly values: number;
}

/** Room for the keys of one group of positions, and for its positions in their order. */
interface Scratch {
  readonly keys: Float64Array;
  readonly moved: Uint32Array;
}
