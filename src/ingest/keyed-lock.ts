/** Runs one task at a time for each key, in the order of arrival. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<unknown>>();
  #waiting = 0;

  /** The number of waiting tasks. */
  get waiting(): number {
    return this.#waiting;
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = (async () => {
      if (before !== undefined) {
        this.#waiting++;
        await before.catch(() => {});
        this.#waiting--;
      }
      return task();
    })();
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }

  /** Waits until no task runs or waits. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
