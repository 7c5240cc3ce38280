/** How long what was measured is reused, in milliseconds. */
const age = 10_000;

/** Measures again only if the last time is longer ago: for what reads whole folders. */
export function reused<T>(measure: () => Promise<T>): () => Promise<T> {
  let last: { since: number; measured: Promise<T> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.since > age) {
      last = { since: performance.now(), measured: measure() };
    }
    return last.measured;
  };
}
