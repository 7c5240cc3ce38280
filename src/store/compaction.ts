/** A run must be this many times as large as all runs after it together, or it is merged with them. */
const growth = 4;

/** So many runs are merged at a time, unless all are: a merge delays the next change. */
const several = 8;

interface SizedRun {
  /** -1 if the run's counts are subtracted. */
  readonly sign: number;
  readonly ngrams: number;
}

/**
 * Which runs to merge into one (none where there are few), given all of them, oldest first.
 *
 * What is added and what is subtracted are merged apart, the newest runs of each: what stays falls off by a factor of
 * `growth` from run to run, so that their number grows with the logarithm of the corpus, and each n-gram is rewritten
 * only as often. Fewer than `several` newest runs wait until there are more, so that few small additions cause a merge.
 * Everything is merged when what is subtracted has grown to one part in `growth` of what was added, or when all that was
 * added is merged anyway: nothing is left then of what was taken back.
 */
export function runsToMerge<Run extends SizedRun>(runs: readonly Run[]): readonly Run[] {
  const added = runs.filter(({ sign }) => sign > 0);
  const taken = runs.filter(({ sign }) => sign < 0);
  const newest = newestToMerge(added);
  if (taken.length > 0) {
    const isMuch = growth * sizeOf(taken) >= sizeOf(added);
    if (isMuch || newest.length === added.length) return runs;
  }
  return newest.length > 0 ? newest : newestToMerge(taken);
}

function newestToMerge<Run extends SizedRun>(runs: readonly Run[]): readonly Run[] {
  let first = runs.length;
  let newer = 0;
  for (let i = runs.length - 1; i >= 0; i--) {
    if (newer > 0 && runs[i].ngrams < growth * newer) first = i;
    newer += runs[i].ngrams;
  }
  const newest = runs.slice(first);
  return first > 0 && newest.length < several ? [] : newest;
}

function sizeOf(runs: readonly SizedRun[]): number {
  return runs.reduce((sum, { ngrams }) => sum + ngrams, 0);
}
