import t from 'tap';
import { Durations } from '../../src/telemetry/durations.ts';

t.test('a quantile lies in its bucket, as far as its rank among the durations of the bucket', async (t) => {
  const durations = new Durations();
  for (const seconds of [0.0001, 0.002, 0.002, 0.002, 0.002, 0.03, 0.04, 0.045, 0.05, 0.2])
    durations.observe(seconds);
  t.equal(durations.count, 10);
  t.equal(durations.sum.toFixed(4), '0.3731');
  // By hand from the buckets (0, 0.0005], (0.001, 0.0025], (0.025, 0.05] and (0.1, 0.25].
  for (const [q, expected] of [
    [0.05, 0.00025],
    [0.1, 0.0005],
    [0.5, 0.0025],
    [0.7, 0.0375],
    [0.9, 0.05],
    [0.95, 0.175],
    [1, 0.25],
  ]) {
    t.equal(durations.quantile(q).toFixed(9), expected.toFixed(9), String(q));
  }
});

t.test('a quantile above all bounds is the highest bound', async (t) => {
  const durations = new Durations();
  durations.observe(1000);
  t.equal(durations.quantile(0.5), 60);
});
