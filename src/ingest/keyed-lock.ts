/** Items that wait for their turn together, and the result of each. */
interface Batch {
  readonly items: unknown[];
  readonly results: Promise<readonly unknown[]>;
}

/** The last task of a key. */
interface LastTask {
  readonly turn: Promise<unknown>;
  /** If it is a batch that has not begun. */
  batch?: Batch | undefined;
}

/** Runs one task at a time for each key, in the order of arrival. */
export class KeyedLock {
  readonly #last = new Map<string, LastTask>();
  #waiting = 0;

  /** The number of waiting tasks, and of the items of waiting batches. */
  get waiting(): number {
    return this.#waiting;
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const last = this.#append(key, task);
    try {
      return await last.turn;
    } finally {
      if (this.#last.get(key) === last) this.#last.delete(key);
    }
  }

  /**
   * Runs a task for an item and those that are added with the same key, at most `most` of them, until its turn has come;
   * unless something else with this key has been requested in between. `task` returns a result for each of the items.
   */
  async runTogether<Item, T>(
    key: string,
    item: Item,
    task: (items: readonly Item[]) => Promise<readonly T[]>,
    most: number,
  ): Promise<T> {
    const waiting = this.#last.get(key)?.batch;
    if (waiting !== undefined && waiting.items.length < most) {
      this.#waiting++;
      const place = waiting.items.push(item) - 1;
      return (await waiting.results)[place] as T;
    }
    const items = [item];
    const begin = () => {
      this.#waiting -= items.length - 1;
      const last = this.#last.get(key);
      if (last?.batch?.items === items) last.batch = undefined;
      return task(items);
    };
    const isFree = !this.#last.has(key);
    const results = this.run(key, begin);
    const last = this.#last.get(key);
    if (!isFree && last !== undefined) last.batch = { items, results };
    return (await results)[0];
  }

  /** Waits until no task runs or waits. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled([...this.#last.values()].map(({ turn }) => turn));
  }

  #append<T>(key: string, task: () => Promise<T>): LastTask & { turn: Promise<T> } {
    const before = this.#last.get(key)?.turn;
    const turn = (async () => {
      if (before !== undefined) {
        this.#waiting++;
        await before.catch(() => {});
        this.#waiting--;
      }
      return task();
    })();
    const last = { turn };
    this.#last.set(key, last);
    return last;
  }
}
