import fc from 'fast-check';
import t from 'tap';
import { zipfSeries } from '../../src/analysis/zipf.ts';
import { plotZipf } from '../../src/analysis/zipf-plot.ts';

/** Counts of counts, by decreasing count, of n-grams with these frequencies. */
function countsOfCounts(frequencies: readonly number[]): { count: number; ngrams: number }[] {
  const distinct = [...new Set(frequencies)].sort((a, b) => b - a);
  return distinct.map((count) => ({ count, ngrams: frequencies.filter((n) => n === count).length }));
}

t.test(
  'each point is the frequency of the n-gram with that rank, from the first rank to the last',
  async (t) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 50 }),
        (frequencies, length) => {
          const sorted = frequencies.toSorted((a, b) => b - a);
          const { points } = zipfSeries(2, countsOfCounts(frequencies), length);
          t.ok(points.length <= length);
          t.ok(points.every(({ rank, frequency }) => sorted[rank - 1] === frequency));
          t.ok(points.every(({ rank }, i) => i === 0 || rank > points[i - 1].rank));
          t.equal(points[0].rank, 1);
          t.equal(points.at(-1)?.rank, sorted.length);
        },
      ),
    );
  },
);

t.test('the fit to a power law finds its exponent', async (t) => {
  for (const alpha of [0.5, 1, 1.5]) {
    const frequencies = Array.from({ length: 2000 }, (_, i) => 1e12 * (i + 1) ** -alpha);
    const series = zipfSeries(1, countsOfCounts(frequencies), 100);
    t.ok(Math.abs((series.alpha as number) - alpha) < 1e-9);
    t.ok(Math.abs((series.intercept as number) - Math.log(1e12)) < 1e-6);
    t.ok((series.rSquared as number) > 1 - 1e-9);
  }
});

t.test('the fit does not depend on the number of points requested', async (t) => {
  const counts = countsOfCounts(Array.from({ length: 3000 }, (_, i) => Math.ceil(5000 / (i + 1))));
  t.equal(zipfSeries(1, counts, 10).alpha, zipfSeries(1, counts, 2000).alpha);
});

t.test(
  'one n-gram has a point and no fit, none has neither, and equal counts lie on a flat line',
  async (t) => {
    t.same(zipfSeries(1, [{ count: 3, ngrams: 1 }], 10), {
      order: 1,
      alpha: null,
      intercept: null,
      rSquared: null,
      points: [{ rank: 1, frequency: 3 }],
    });
    t.same(zipfSeries(1, [], 10).points, []);
    t.match(zipfSeries(1, [{ count: 1, ngrams: 50 }], 10), { alpha: 0, intercept: 0, rSquared: 1 });
  },
);

t.test('the plot is an SVG with both axes, and a line and a legend for each order', async (t) => {
  const series = [1, 2, 3].map((order) =>
    zipfSeries(
      order,
      countsOfCounts(Array.from({ length: 500 }, (_, i) => Math.ceil(900 / (i + order)))),
      100,
    ),
  );
  const svg = plotZipf('A title', series);
  t.match(svg, /^<svg [\s\S]*<\/svg>$/);
  for (const says of ['A title', 'rank i', 'frequency n', 'unigram', 'bigram', 'trigram', '100']) {
    t.ok(svg.includes(`>${says}`), says);
  }
  for (const colour of ['#0072b2', '#e69f00', '#009e73']) t.ok(svg.includes(`stroke="${colour}"`), colour);
  for (const dashes of ['8,4', '2']) {
    t.equal(
      svg.split(`stroke-dasharray="${dashes}"`).length,
      3,
      `dashed ${dashes} in the plot and the legend`,
    );
  }
  t.notMatch(svg, /<circle/, 'no dot hides the dashes');
  t.match(
    plotZipf('One', [zipfSeries(1, [{ count: 1, ngrams: 1 }], 2)]),
    /<circle/,
    'a single point is a dot',
  );
  t.match(plotZipf('None', []), /<svg/);
  t.match(plotZipf('a < b & c', []), />a &lt; b &amp; c</, 'a title is text');
});
