import { type ZipfSeries, zipfSeries } from '../../analysis/zipf.ts';
import { plotZipf } from '../../analysis/zipf-plot.ts';
import { ordersTo } from '../../estimators/numbers.ts';
import type { Snapshot } from '../../store/store.ts';

/** How many orders a plot shows at most. */
const plottedOrders = 3;

interface ZipfQuestion {
  /** The most points of a series. */
  points: number;
}

/** The rank–frequency curves of a corpus. */
export async function zipf(snapshot: Snapshot, { points }: ZipfQuestion) {
  const series = await seriesOf(snapshot, points);
  return { version: snapshot.version, series: series.map(seriesView) };
}

/** The same as a plot; what draws it is called outside of the snapshot. */
export async function zipfPlot(snapshot: Snapshot, { points }: ZipfQuestion): Promise<() => string> {
  const title = `Zipf’s law: ${snapshot.ref.name}, version ${snapshot.version}`;
  const series = (await seriesOf(snapshot, points)).slice(0, plottedOrders);
  return () => plotZipf(title, series);
}

async function seriesOf(snapshot: Snapshot, points: number): Promise<ZipfSeries[]> {
  const series: ZipfSeries[] = [];
  for (const order of ordersTo(snapshot.settings.order)) {
    series.push(zipfSeries(order, await snapshot.countsOfCounts(order), points));
  }
  return series;
}

function seriesView({ order, alpha, intercept, rSquared, points }: ZipfSeries) {
  return { order, alpha, intercept, r_squared: rSquared, points };
}
