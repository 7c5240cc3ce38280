/** How many n-grams occur how often. */
export type CountsOfCountsEntries = readonly (readonly [count: number, ngrams: number])[];

const small = 1024;

/** How many distinct n-grams of one order occur how often, or by how many that changes. */
export class CountsOfCounts {
  /** By count: nearly all n-grams have a small one, which needs no look-up. */
  readonly #small = new Float64Array(small);
  readonly #large = new Map<number, number>();

  /** Adds `ngrams` n-grams that occur `count` times, or takes them away where negative. */
  add(count: number, ngrams: number): void {
    if (count < small) this.#small[count] += ngrams;
    else this.#large.set(count, (this.#large.get(count) ?? 0) + ngrams);
  }

  *entries(): Generator<[count: number, ngrams: number]> {
    for (const [count, ngrams] of this.#small.entries()) if (ngrams !== 0) yield [count, ngrams];
    for (const [count, ngrams] of this.#large) if (ngrams !== 0) yield [count, ngrams];
  }
}
