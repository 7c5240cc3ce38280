import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';

/** How frequency decreases with rank among the n-grams of one order: n_i ∝ i^-α (Zipf's law). */
export interface ZipfSeries {
  order: number;
  /** α of the fit log n_i = intercept - α log i, natural logarithms; null if there are fewer than two points. */
  alpha: number | null;
  intercept: number | null;
  /** The share of the variance of log n_i that the fit explains. */
  rSquared: number | null;
  /** Ranks, from 1 on, with the frequency of the n-gram there; evenly spaced on a logarithmic axis. */
  points: Point[];
}

interface Point {
  rank: number;
  frequency: number;
}

/** For each count, the highest first, the number of distinct n-grams that have it. */
type FallingCounts = readonly { count: number; ngrams: number }[];

/** The maximum number of points of a curve, and the number used for the fit. */
export const maxPoints = 2000;

/**
 * The rank–frequency curve of the n-grams of one order at no more than `length` ranks, and its fit by least squares
 * over `maxPoints` ranks: since these are evenly spaced on a logarithmic axis, each part of it has the same weight.
 */
export function zipfSeries(order: number, counts: FallingCounts, length: number): ZipfSeries {
  return { order, ...fit(curve(counts, maxPoints)), points: curve(counts, length) };
}

function curve(countsOfCounts: FallingCounts, length: number): Point[] {
  const distinct = countsOfCounts.reduce((sum, { ngrams }) => sum + ngrams, 0);
  const points: Point[] = [];
  let last = 0;
  let classIndex = -1;
  for (const rank of logSpacedRanks(distinct, length)) {
    while (last < rank) last += countsOfCounts[++classIndex].ngrams;
    points.push({ rank, frequency: countsOfCounts[classIndex].count });
  }
  return points;
}

/** At most `length` integers from 1 to `last`, in geometric progression as far as rounding permits. */
function logSpacedRanks(last: number, length: number): number[] {
  const ranks = Array.from({ length }, (_, i) => Math.round(last ** (i / (length - 1))));
  return last === 0 ? [] : [...new Set(ranks)];
}

function fit(points: readonly Point[]): Pick<ZipfSeries, 'alpha' | 'intercept' | 'rSquared'> {
  if (points.length < 2) return { alpha: null, intercept: null, rSquared: null };
  const logarithms = points.map(({ rank, frequency }) => [Math.log(rank), Math.log(frequency)]);
  const { m, b } = linearRegression(logarithms);
  const isFlat = logarithms.every(([, frequency]) => frequency === logarithms[0][1]);
  return {
    // 0 - m, because -m of a flat line would be written -0.
    alpha: 0 - m,
    intercept: b,
    rSquared: isFlat ? 1 : rSquared(logarithms, linearRegressionLine({ m, b })),
  };
}
