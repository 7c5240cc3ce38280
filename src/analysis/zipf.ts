import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';

/** How frequency falls with rank among the n-grams of one order: n_i ∝ i^-α (Zipf's law). */
export interface ZipfSeries {
  order: number;
  /** α of the fit log n_i = intercept - α log i, natural logarithms; null where there are fewer than two points. */
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

/** Of each count, the highest first, how many distinct n-grams have it. */
type FallingCounts = readonly { count: number; ngrams: number }[];

/** The most points of a curve, and those that the fit is made of. */
export const maxPoints = 2000;

/**
 * The rank–frequency curve of the n-grams of one order at no more than `length` ranks, and its fit by least squares
 * over `maxPoints` ranks: as these are evenly spaced on a logarithmic axis, each stretch of it has the same weight.
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

/** Whole numbers from 1 to `last`, at most `length`, each as many times the one before, as far as they are whole. */
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
    // 0 - m, because the slope of a flat line would be written -0.
    alpha: 0 - m,
    intercept: b,
    rSquared: isFlat ? 1 : rSquared(logarithms, linearRegressionLine({ m, b })),
  };
}
