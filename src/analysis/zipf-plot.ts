import { colourOf, label, line, stroke, svg, text } from './svg.ts';
import type { ZipfSeries } from './zipf.ts';

const width = 800;
const height = 600;
/** The edges of the area in which the curves are drawn. */
const area = { left: 80, right: 760, top: 45, bottom: 540 };
const names = ['unigram', 'bigram', 'trigram', '4-gram', '5-gram', '6-gram'];

/** The log–log plot of the chapter: frequency over rank, one line for each order. An SVG document. */
export function plotZipf(title: string, series: readonly ZipfSeries[]): string {
  const points = series.flatMap((one) => one.points);
  const x = logAxis(
    points.map(({ rank }) => rank),
    area.left,
    area.right,
  );
  const y = logAxis(
    points.map(({ frequency }) => frequency),
    area.bottom,
    area.top,
  );
  const middle = { x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2 };
  return svg(width, height, [
    text(width / 2, 24, title, 'text-anchor="middle" font-size="16" font-weight="bold"'),
    text(middle.x, height - 18, 'rank i', 'text-anchor="middle" font-size="14"'),
    text(
      24,
      middle.y,
      'frequency n',
      `text-anchor="middle" font-size="14" transform="rotate(-90 24 ${middle.y})"`,
    ),
    ...x.decades.map((value) => line(x.at(value), area.top, x.at(value), area.bottom, value === 1)),
    ...y.decades.map((value) => line(area.left, y.at(value), area.right, y.at(value), value === 1)),
    ...x.decades.map((value) => text(x.at(value), area.bottom + 18, label(value), 'text-anchor="middle"')),
    ...y.decades.map((value) => text(area.left - 8, y.at(value) + 4, label(value), 'text-anchor="end"')),
    ...series.map(({ order, points }) =>
      curve(
        order,
        points.map((p) => [x.at(p.rank), y.at(p.frequency)]),
      ),
    ),
    ...series.flatMap((one, i) => legend(one, area.top + 16 + 20 * i)),
  ]);
}

/** The logarithmic axis from 1 to the first power of ten that is not below any value, from `start` to `end` pixels. */
function logAxis(values: readonly number[], start: number, end: number) {
  const highest = values.reduce((a, b) => Math.max(a, b), 10);
  const exponents = Math.ceil(Math.log10(highest));
  return {
    decades: Array.from({ length: exponents + 1 }, (_, exponent) => 10 ** exponent),
    at: (value: number) => start + ((end - start) * Math.log10(value)) / exponents,
  };
}

/** A line through the points, or a dot if there is only one. */
function curve(order: number, points: readonly (readonly [x: number, y: number])[]): string {
  const places = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  if (points.length !== 1) return `<polyline points="${places.join(' ')}" ${stroke(order - 1)}/>`;
  const [[x, y]] = points;
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colourOf(order - 1)}"/>`;
}

/** The name of a curve, with its slope, beside a piece of its line. */
function legend({ order, alpha }: ZipfSeries, y: number): string[] {
  const name = alpha === null ? names[order - 1] : `${names[order - 1]}, α = ${alpha.toFixed(2)}`;
  const left = area.right - 190;
  return [
    `<polyline points="${left},${y} ${left + 40},${y}" ${stroke(order - 1)}/>`,
    text(left + 48, y + 4, name),
  ];
}
