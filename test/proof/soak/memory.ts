import { linearRegression, mean } from 'simple-statistics';
import type { Sample } from './soak.ts';

/** The allowed growth of memory in the second half of a soak run: a share of its size, and at least this. */
const allowedShare = 0.1;
const allowedBytes = 2 ** 24;

/** The trend of a server's memory (RSS), in bytes, after it has warmed up: in the second half of the samples. */
export interface Trend {
  /** The rise of the straight line through the samples. */
  growth: number;
  /** The allowed rise. */
  allowed: number;
}

/** The trend of memory as a straight line (least squares), since single samples vary with garbage collection. */
export function memoryTrend(samples: readonly Pick<Sample, 'seconds' | 'rss'>[]): Trend {
  const half = samples.slice(Math.floor(samples.length / 2));
  const { m: slope } = linearRegression(half.map(({ seconds, rss }) => [seconds, rss]));
  const duration = (half.at(-1)?.seconds ?? 0) - (half[0]?.seconds ?? 0);
  return {
    growth: slope * duration,
    allowed: Math.max(allowedShare * mean(half.map(({ rss }) => rss)), allowedBytes),
  };
}
