/** The most places of pairs. */
const places = 2 ** 24;

/**
 * Pairs of neighbours that may be merged, each at a place below 2²⁴: the lowest rank first, the leftmost among equals.
 */
export class PairHeap {
  /** The pair that was taken last. */
  rank = 0;
  at = 0;
  /** A heap of rank · 2²⁴ + place. */
  #heap = new Float64Array(0);
  #size = 0;

  /** Empties it, and makes room for `most` pairs. */
  begin(most: number): void {
    if (this.#heap.length < most) this.#heap = new Float64Array(most);
    this.#size = 0;
  }

  /** Adds a pair. */
  add(rank: number, at: number): void {
    const heap = this.#heap;
    const pair = rank * places + at;
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent] <= pair) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = pair;
  }

  /** Removes the first pair, which `rank` and `at` then describe; false if there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    const heap = this.#heap;
    const lowest = heap[0];
    const last = heap[--this.#size];
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= last) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    this.at = lowest % places;
    this.rank = (lowest - this.at) / places;
    return true;
  }
}
