/** What is counted of the answers of one route and method. */
export interface RouteAnswers {
  readonly method: string;
  readonly route: string;
  readonly byStatus: ReadonlyMap<number, number>;
  /** In seconds. */
  readonly durations: { readonly count: number; readonly sum: number; quantile(q: number): number };
}
