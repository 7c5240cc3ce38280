import type { LineSums } from './line-sums.ts';
import { perplexity } from './score.ts';

/** The perplexities of the lines that have tokens. */
export function* perplexitiesOf({ lineTokens, logProbabilities }: LineSums): Generator<number, void> {
  for (const [i, tokens] of lineTokens.entries()) {
    const ofLine = perplexity(logProbabilities[2 * i], tokens);
    // A text to which the estimator gives no probability is as surprising as one with the probability 0.
    yield Number.isNaN(ofLine) ? Number.POSITIVE_INFINITY : ofLine;
  }
}

/**
 * The value that `percent` of ascending values do not exceed, between two of them by linear interpolation: definition 7
 * of Hyndman & Fan (1996), which NumPy's `percentile` uses too.
 */
export function percentile(values: Float64Array, percent: number): number {
  const place = (percent / 100) * (values.length - 1);
  const low = Math.floor(place);
  const share = place - low;
  return share === 0 ? values[low] : values[low] + share * (values[low + 1] - values[low]);
}
