import { linearRegression, mean } from 'simple-statistics';
import type { Sample } from './soak.ts';

/** What memory may grow by in the second half of a soak: a share of what it is, and no less than this. */
const allowedShare = 0.1;
const allowedBytes = 2 ** 24;

/** How the memory of a server (RSS) goes on, in bytes, once it has what it needs: in the second half of its samples. */
export interface Trend {
  /** By how much the straight line through the samples rises. */
  growth: number;
  /** By how much it may. */
  allowed: number;
}

/** The trend of memory, by a straight line (least squares), for single samples go up and down with the garbage. */
export function memoryTrend(samples: readonly Pick<Sample, 'seconds' | 'rss'>[]): Trend {
  const half = samples.slice(Math.floor(samples.length / 2));
  const { m: slope } = linearRegression(half.map(({ seconds, rss }) => [seconds, rss]));
  const duration = (half.at(-1)?.seconds ?? 0) - (half[0]?.seconds ?? 0);
  return {
    growth: slope * duration,
    allowed: Math.max(allowedShare * mean(half.map(({ rss }) => rss)), allowedBytes),
  };
}
