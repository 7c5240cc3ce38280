/** For a count, the number of n-grams that have it. */
export type CountsOfCountsEntries = readonly (readonly [count: number, ngrams: number])[];

const small = 1024;

/** The number of distinct n-grams of one order with each count, or the changes of these numbers. */
export class CountsOfCounts {
  /** Indexed by count: nearly all n-grams have a small count, which needs no look-up in a map. */
  readonly #small = new Float64Array(small);
  readonly #large = new Map<number, number>();

  /** Adds `ngrams` n-grams that occur `count` times; a negative number removes them. */
  add(count: number, ngrams: number): void {
    if (count < small) this.#small[count] += ngrams;
    else this.#large.set(count, (this.#large.get(count) ?? 0) + ngrams);
  }

  *entries(): Generator<[count: number, ngrams: number]> {
    for (const [count, ngrams] of this.#small.entries()) if (ngrams !== 0) yield [count, ngrams];
    for (const [count, ngrams] of this.#large) if (ngrams !== 0) yield [count, ngrams];
  }
}
