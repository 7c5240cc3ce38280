/** A run must be this many times as large as all runs after it together, or it is merged with them. */
const growth = 4;

/**
 * How many of the newest runs to merge into one (0 for none), given the sizes of all runs, oldest first.
 * What stays falls off by a factor of `growth` from run to run, so that their number grows with the logarithm of
 * the corpus, and each n-gram is rewritten only as often.
 */
export function runsToMerge(sizes: readonly number[]): number {
  let merged = 0;
  let newer = 0;
  for (let i = sizes.length - 1; i >= 0; i--) {
    if (newer > 0 && sizes[i] < growth * newer) merged = sizes.length - i;
    newer += sizes[i];
  }
  return merged;
}
