/**
 * The `limit` items of highest score among those that are offered; those of one score as `tie` sorts them, or in the
 * order in which they come.
 */
export class Best<Item extends { readonly score: number }> {
  readonly #limit: number;
  readonly #tie: ((a: Item, b: Item) => number) | undefined;
  #items: Item[] = [];
  /** The score of the last of the items, once there are `limit`. */
  #least = Number.NEGATIVE_INFINITY;

  constructor(limit: number, tie?: (a: Item, b: Item) => number) {
    this.#limit = limit;
    this.#tie = tie;
  }

  /** Whether an item with this score can be among the best. */
  takes(score: number): boolean {
    const isHigh = this.#tie === undefined ? score > this.#least : score >= this.#least;
    return isHigh || this.#items.length < this.#limit;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#limit) this.#sort();
  }

  /** The best items, highest score first. */
  sorted(): readonly Item[] {
    this.#sort();
    return this.#items;
  }

  #sort(): void {
    // The engine's sort is stable.
    const tie = this.#tie;
    this.#items.sort((a, b) => b.score - a.score || (tie === undefined ? 0 : tie(a, b)));
    if (this.#items.length < this.#limit) return;
    this.#items.length = this.#limit;
    this.#least = this.#items[this.#limit - 1].score;
  }
}
