import { type ZipfSeries, zipfSeries } from '../../analysis/zipf.ts';
import { plotZipf } from '../../analysis/zipf-plot.ts';
import type { Corpus } from '../../index/corpora.ts';

/** How many orders a plot shows at most. */
const plottedOrders = 3;

interface ZipfQuestion {
  /** The most points of a series. */
  points: number;
}

/** The rank–frequency curves of a corpus. */
export function zipf({ reader }: Corpus, { points }: ZipfQuestion) {
  return { version: reader.version, series: seriesOf(reader, points).map(seriesView) };
}

/** The same as a plot; what draws it is called outside of the snapshot. */
export function zipfPlot({ name, reader }: Corpus, { points }: ZipfQuestion): () => string {
  const title = `Zipf’s law: ${name}, version ${reader.version}`;
  const series = seriesOf(reader, points).slice(0, plottedOrders);
  return () => plotZipf(title, series);
}

function seriesOf(reader: Corpus['reader'], points: number): ZipfSeries[] {
  return reader.summary().ngrams.map(({ order }) => zipfSeries(order, reader.countsOfCounts(order), points));
}

function seriesView({ order, alpha, intercept, rSquared, points }: ZipfSeries) {
  return { order, alpha, intercept, r_squared: rSquared, points };
}
