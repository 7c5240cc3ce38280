import type { Metric, MetricValueWithName, Registry } from 'prom-client';

/** The upper bounds of the buckets, from half a millisecond to a long upload, in seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** The durations of one series, counted by bucket. */
export class Durations {
  /** The last bucket has what is above all bounds. */
  readonly #counts: number[] = new Array(bounds.length + 1).fill(0);
  #sum = 0;

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) bucket++;
    this.#counts[bucket]++;
    this.#sum += seconds;
  }

  get count(): number {
    return this.#counts.reduce((sum, ofBucket) => sum + ofBucket, 0);
  }

  /** The sum of all, in seconds. */
  get sum(): number {
    return this.#sum;
  }

  /**
   * The duration, in seconds, that a fraction `q` of at least one duration does not exceed, as Prometheus's
   * `histogram_quantile` estimates it: durations are taken to be spread evenly over their bucket. What is above all
   * bounds counts as the highest bound.
   */
  quantile(q: number): number {
    const rank = q * this.count;
    let before = 0;
    for (const [i, bound] of bounds.entries()) {
      const ofBucket = this.#counts[i];
      if (ofBucket > 0 && before + ofBucket >= rank) {
        const lower = i === 0 ? 0 : bounds[i - 1];
        return lower + ((bound - lower) * (rank - before)) / ofBucket;
      }
      before += ofBucket;
    }
    return bounds[bounds.length - 1];
  }

  /** The series of a histogram: buckets, each with the previous ones, sum and count. */
  series(name: string, labels: Record<string, string>): MetricValueWithName<string>[] {
    let count = 0;
    const buckets = this.#counts.map((ofBucket, i) => {
      count += ofBucket;
      return {
        metricName: `${name}_bucket`,
        labels: { le: bounds[i] ?? '+Inf', ...labels },
        value: count,
      };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

/** A histogram of durations that `read` returns with their labels, read at scrape time. */
export function reportDurations(
  registry: Registry,
  { name, help }: { name: string; help: string },
  read: () => Iterable<[labels: Record<string, string>, durations: Durations]>,
): void {
  const get = async () => ({
    name,
    help,
    type: 'histogram',
    values: [...read()].flatMap(([labels, durations]) => durations.series(name, labels)),
  });
  // Of a metric, the registry reads the name and calls `get`.
  registry.registerMetric({ name, get } as unknown as Metric);
}
