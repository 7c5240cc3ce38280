/** The runs whose sums are the counts of a corpus. */
export interface SummedRuns {
  readonly runs: readonly number[];
  /**
   * The largest one that has each n-gram once, with a positive count, if there is one: most n-grams are in it and in no
   * other, so that its rows need not be summed.
   */
  readonly base: number | undefined;
}

/** The runs beside the base. */
export function others({ runs, base }: SummedRuns): readonly number[] {
  return runs.filter((run) => run !== base);
}
