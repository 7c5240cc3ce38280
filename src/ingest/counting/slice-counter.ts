import { type Keys, keyBits, roomForKeys, sortKeys } from './radix-sort.ts';
import { noToken, type SlicedText } from './sliced-text.ts';

/** About how many positions are sorted at a time: their keys stay in the processor's cache. */
const batchPositions = 2 ** 15;

/** How many positions are looked through at a time for those of a slice. */
const foundPositions = 2 ** 12;

/** Up to this many keys, insertion is the fastest way to sort. */
const few = 16;

/**
 * Counts by sorting. The leading tokens at each position, as many as fit, are packed into a key; the keys are sorted,
 * and positions that agree in all of these tokens are sorted by the next ones in the same way. The n-grams of all
 * orders come out of one walk over the sorted tuples of `order` tokens.
 *
 * One pass over the text collects the keys of a slice, each at a place of its first token, so that what is left to sort
 * are batches: the keys of one token or of neighbouring ones.
 */
export class SliceCounter {
  readonly #text: SlicedText;
  readonly #order: number;
  readonly #add: (ngram: Uint32Array, count: number) => void;
  /** How many bits a rank takes, the sentinel included. */
  readonly #bits: number;
  /** For the number of leading zeros in the difference of two keys: how many tokens from their end on it begins. */
  readonly #tokenAt: Uint8Array;
  /** The tuple of the walk: ids, and `noToken` from its sequence's end on. */
  readonly #ids: Uint32Array;
  /** Views of it: the tuple's first n tokens. */
  readonly #ngrams: Uint32Array[];
  /** The occurrences of the tuple's first n tokens so far, less those that are still in `#counts[n + 1]`. */
  readonly #counts: Float64Array;
  /** The keys of a slice, and of a batch at each number of tokens that its positions share. */
  #slice = roomForKeys(0, false);
  #spare = roomForKeys(0, false);
  /** Key by key, the last tokens of the slice's tuples that are not in the keys; the value of a key is its index. */
  #tails = new Uint32Array(0);
  /** How many tokens of each tuple there are in the tails. */
  #left = 0;
  readonly #found = new Uint32Array(foundPositions + 1);
  readonly #groups: Keys[] = [];

  /** `add` is given each n-gram, valid during the call: those of one order come in rising order. */
  constructor(text: SlicedText, add: (ngram: Uint32Array, count: number) => void) {
    const { order } = text;
    this.#text = text;
    this.#order = order;
    this.#add = add;
    const bits = bitsOf(text.sentinel);
    this.#bits = bits;
    this.#tokenAt = Uint8Array.from({ length: 64 }, (_, leading) => 1 + Math.floor((63 - leading) / bits));
    this.#ids = new Uint32Array(order).fill(noToken);
    this.#ngrams = Array.from({ length: order + 1 }, (_, n) => this.#ids.subarray(0, n));
    this.#counts = new Float64Array(order + 1);
  }

  /** Counts a slice. Slices are counted in ascending order. */
  count(slice: number): void {
    const { lows, sizes, frequencies } = this.#text;
    const low = lows[slice];
    const values = lows[slice + 1] - low;
    const packed = this.#packable(bitsOf(values - 1), this.#order);
    const keys = this.#collect(low, values, sizes[slice], packed);
    const ofNext = this.#bits * (packed - 1);
    for (let first = 0, from = 0; first < values; ) {
      const batch = first;
      let to = from;
      do to += frequencies[low + first++];
      while (first < values && to - from + frequencies[low + first] <= batchPositions);
      if (to > from) {
        this.#sort(keys, from, to, ofNext + bitsOf(batch ^ (first - 1)));
        this.#walk(keys, from, to, 0, packed, low);
      }
      from = to;
    }
    this.#close(0);
  }

  /** How many tokens at most go into a key, of which the first takes `firstBits`. */
  #packable(firstBits: number, most: number): number {
    return Math.min(most, 1 + Math.floor((keyBits - firstBits) / this.#bits));
  }

  /**
   * Packs the tokens at each position of a slice, in a place of their first token, as these rise. The tokens that do not
   * fit are kept beside the keys.
   */
  #collect(low: number, values: number, size: number, packed: number): Keys {
    const { ranks, counted, frequencies, sentinel } = this.#text;
    const bits = this.#bits;
    const left = this.#order - packed;
    const keys = this.#roomInSlice(size, left);
    const { halves, values: indexes } = keys;
    const tails = this.#tails;
    const found = this.#found;
    const next = new Uint32Array(values);
    for (let first = 1; first < values; first++) next[first] = next[first - 1] + frequencies[low + first - 1];
    const last = values - 1;
    for (let from = 0; from < counted; from += foundPositions) {
      const to = Math.min(from + foundPositions, counted);
      let length = 0;
      for (let position = from; position < to; position++) {
        // Adds 1 where 0 ≤ first ≤ last, without a branch: the processor could not predict it.
        found[length] = position;
        const first = (ranks[position] - low) | 0;
        length += ((first | (last - first)) >>> 31) ^ 1;
      }
      for (let i = 0; i < length; i++) {
        let at = found[i];
        let rank = ranks[at];
        const first = rank - low;
        let lowHalf = first;
        let highHalf = 0;
        for (let n = 1; n < packed; n++) {
          if (rank !== sentinel) rank = ranks[++at];
          highHalf = (highHalf << bits) | (lowHalf >>> (32 - bits));
          lowHalf = (lowHalf << bits) | rank;
        }
        const place = next[first]++;
        halves[2 * place] = lowHalf;
        halves[2 * place + 1] = highHalf;
        if (indexes === undefined) continue;
        indexes[place] = place;
        for (let n = 0; n < left; n++) {
          if (rank !== sentinel) rank = ranks[++at];
          tails[left * place + n] = rank;
        }
      }
    }
    return keys;
  }

  #sort(keys: Keys, from: number, to: number, bits: number): void {
    if (to - from <= few) {
      insertionSort(keys, from, to);
      return;
    }
    const hasValues = keys.values !== undefined;
    if (this.#spare.wholes.length < to - from || (hasValues && this.#spare.values === undefined))
      this.#spare = roomForKeys(Math.max(to - from, batchPositions), hasValues);
    sortKeys(keys, this.#spare, from, to, bits);
  }

  /**
   * Walks over the tuples of sorted keys, which hold `packed` tokens after the first `depth` ones, which are those of
   * the tuple; the first token in a key is counted from `low`.
   */
  #walk(keys: Keys, from: number, to: number, depth: number, packed: number, low: number): void {
    const { halves } = keys;
    const ids = this.#ids;
    const { idOf } = this.#text;
    const counts = this.#counts;
    const order = this.#order;
    const bits = this.#bits;
    const mask = 2 ** bits - 1;
    const known = depth + packed;
    const tokenAt = this.#tokenAt;
    let previousLow = 0;
    let previousHigh = 0;
    for (let i = from; i < to; ) {
      const lowHalf = halves[2 * i];
      const highHalf = halves[2 * i + 1];
      let end = i + 1;
      while (end < to && halves[2 * end] === lowHalf && halves[2 * end + 1] === highHalf) end++;
      let shared = depth;
      if (i > from) {
        const difference = highHalf ^ previousHigh;
        const leading = difference === 0 ? 32 + Math.clz32(lowHalf ^ previousLow) : Math.clz32(difference);
        shared = known - tokenAt[leading];
      }
      this.#close(shared);
      let restLow = lowHalf;
      let restHigh = highHalf;
      for (let at = known - 1; at >= shared; at--) {
        if (at === depth) {
          ids[at] = idOf[restLow + low];
          break;
        }
        ids[at] = idOf[restLow & mask];
        restLow = (restLow >>> bits) | (restHigh << (32 - bits));
        restHigh >>>= bits;
      }
      if (known === order || ids[known - 1] === noToken) {
        for (let at = known; at < order; at++) ids[at] = noToken;
        counts[order] += end - i;
      } else this.#walkGroup(keys.values as Uint32Array, i, end, known);
      previousLow = lowHalf;
      previousHigh = highHalf;
      i = end;
    }
  }

  /** Walks over the tuples of some keys, which share their first `depth` tokens. */
  #walkGroup(indexes: Uint32Array, from: number, to: number, depth: number): void {
    const left = this.#left;
    const tails = this.#tails;
    const start = depth - (this.#order - left);
    if (to - from === 1) {
      const { idOf } = this.#text;
      const ids = this.#ids;
      const tail = left * indexes[from];
      for (let n = start; n < left; n++) ids[depth + n - start] = idOf[tails[tail + n]];
      this.#counts[this.#order]++;
      return;
    }
    const bits = this.#bits;
    const packed = this.#packable(bits, this.#order - depth);
    const group = this.#roomInGroup(to - from, depth);
    const { halves } = group;
    const values = group.values as Uint32Array;
    for (let i = 0; i < to - from; i++) {
      const index = indexes[from + i];
      let lowHalf = 0;
      let highHalf = 0;
      for (let n = start; n < start + packed; n++) {
        highHalf = (highHalf << bits) | (lowHalf >>> (32 - bits));
        lowHalf = (lowHalf << bits) | tails[left * index + n];
      }
      halves[2 * i] = lowHalf;
      halves[2 * i + 1] = highHalf;
      values[i] = index;
    }
    this.#sort(group, 0, to - from, bits * packed);
    this.#walk(group, 0, to - from, depth, packed, 0);
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

  /** Room for a slice, `left` of whose tokens are not in the keys. */
  #roomInSlice(length: number, left: number): Keys {
    this.#left = left;
    const { wholes, values } = this.#slice;
    if (wholes.length < length || (left > 0 && values === undefined))
      this.#slice = roomForKeys(length, left > 0);
    if (this.#tails.length < left * length) this.#tails = new Uint32Array(left * length);
    return left > 0 ? this.#slice : { ...this.#slice, values: undefined };
  }

  #roomInGroup(length: number, depth: number): Keys {
    const known = this.#groups[depth];
    if (known !== undefined && known.wholes.length >= length) return known;
    this.#groups[depth] = roomForKeys(Math.max(length, 1024), true);
    return this.#groups[depth];
  }
}

/** How many bits a number takes. */
function bitsOf(number: number): number {
  return 32 - Math.clz32(number);
}

/** Sorts few keys, each with its value. */
function insertionSort({ halves, values }: Keys, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const low = halves[2 * i];
    const high = halves[2 * i + 1];
    const value = values === undefined ? 0 : values[i];
    let at = i;
    for (; at > from; at--) {
      const before = halves[2 * at - 1];
      if (before < high || (before === high && halves[2 * at - 2] <= low)) break;
      halves[2 * at] = halves[2 * at - 2];
      halves[2 * at + 1] = before;
      if (values !== undefined) values[at] = values[at - 1];
    }
    halves[2 * at] = low;
    halves[2 * at + 1] = high;
    if (values !== undefined) values[at] = value;
  }
}
