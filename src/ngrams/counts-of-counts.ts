const small = 1024;

/** For one order: how many distinct n-grams occur how often, as numbers to add to those that are stored. */
export class CountsOfCounts {
  /** The small counts, which nearly all n-grams have, without a look-up. */
  readonly #small = new Float64Array(small);
  readonly #large = new Map<number, number>();

  /** Adds `ngrams` n-grams (or takes them away) that occur `count` times. */
  add(count: number, ngrams: number): void {
    if (count < small) this.#small[count] += ngrams;
    else this.#large.set(count, (this.#large.get(count) ?? 0) + ngrams);
  }

  *entries(): Iterable<[count: number, ngrams: number]> {
    for (const [count, ngrams] of this.#small.entries()) if (ngrams !== 0) yield [count, ngrams];
    for (const [count, ngrams] of this.#large) if (ngrams !== 0) yield [count, ngrams];
  }
}
