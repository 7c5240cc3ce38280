import { type ZipfSeries, zipfSeries } from '../../analysis/zipf.ts';
import { plotZipf } from '../../analysis/zipf-plot.ts';
import { ordersTo } from '../../estimators/numbers.ts';
import { requireCounts } from '../../index/kinds.ts';
import type { CorpusSettings, Snapshot } from '../../store/store.ts';
import { movePointer } from '../invalid-fields.ts';
import { checkOrder } from './models.ts';

/** How many orders a plot shows unless they are named. */
const plottedOrders = 3;

interface ZipfQuestion {
  /** The most points of a series. */
  points: number;
  /** The orders whose curves are requested, separated by commas; all if omitted. */
  orders?: string;
}

/** The rank–frequency curves of a corpus. */
export async function zipf(snapshot: Snapshot, question: ZipfQuestion) {
  const series = await seriesOf(snapshot, question);
  return { version: snapshot.version, series: series.map(seriesView) };
}

/** Their points as a list, one order after the other. */
export async function zipfPoints(snapshot: Snapshot, question: ZipfQuestion) {
  const series = await seriesOf(snapshot, question);
  const items = series.flatMap(({ order, points }) => points.map((point) => ({ order, ...point })));
  return { version: snapshot.version, items };
}

/** The same as a plot; what draws it is called outside of the snapshot. */
export async function zipfPlot(snapshot: Snapshot, question: ZipfQuestion): Promise<() => string> {
  const title = `Zipf’s law: ${snapshot.ref.name}, version ${snapshot.version}`;
  const all = await seriesOf(snapshot, question);
  const series = question.orders === undefined ? all.slice(0, plottedOrders) : all;
  return () => plotZipf(title, series);
}

async function seriesOf(snapshot: Snapshot, { points, orders }: ZipfQuestion): Promise<ZipfSeries[]> {
  requireCounts(snapshot.settings);
  const series: ZipfSeries[] = [];
  for (const order of readOrders(snapshot.settings, orders)) {
    series.push(zipfSeries(order, await snapshot.countsOfCounts(order), points));
  }
  return series;
}

/** The requested orders, ascending. Throws `invalid-request` for one above the corpus's. */
function readOrders(settings: CorpusSettings, orders: string | undefined): number[] {
  if (orders === undefined) return ordersTo(settings.order);
  const read = [...new Set(orders.split(',').map(Number))].sort((a, b) => a - b);
  try {
    for (const order of read) checkOrder(settings, order, '/query');
  } catch (error) {
    throw movePointer(error, '/query/order', '/query/orders');
  }
  return read;
}

function seriesView({ order, alpha, intercept, rSquared, points }: ZipfSeries) {
  return { order, alpha, intercept, r_squared: rSquared, points };
}
