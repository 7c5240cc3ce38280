import { colourOf, label, line, stroke, svg, text } from './svg.ts';

/** How frequent a phrase is in a corpus: in all of it, or year by year. */
export interface FrequencySeries {
  readonly name: string;
  readonly points: readonly { readonly year?: number | undefined; readonly frequency: number }[];
}

const width = 800;
/** The edges of the area in which lines are drawn. */
const area = { left: 80, right: 760, top: 45, bottom: 380 };
/** How far apart the rows of bars and of the legend are. */
const rowHeight = 22;
/** Where bars begin, and the longest ends. */
const bars = { left: 240, right: 680, top: 50 };
/** The most characters of a name that there is room for. */
const maxName = 32;

/** One bar for each series. An SVG document. */
export function plotBars(title: string, series: readonly FrequencySeries[]): string {
  const highest = Math.max(0, ...series.map(({ points: [{ frequency }] }) => frequency));
  const height = bars.top + rowHeight * series.length + 20;
  return svg(width, height, [
    heading(title),
    ...series.flatMap(({ name, points: [{ frequency }] }, i) => {
      const y = bars.top + rowHeight * i;
      const length = highest === 0 ? 0 : ((bars.right - bars.left) * frequency) / highest;
      return [
        text(bars.left - 8, y + 12, shortened(name), 'text-anchor="end"'),
        `<rect x="${bars.left}" y="${y}" width="${length.toFixed(1)}" height="16" fill="${colourOf(i)}"/>`,
        text(bars.left + length + 6, y + 12, label(frequency)),
      ];
    }),
  ]);
}

/** One line over the years for each series, and their names below. An SVG document. */
export function plotYears(title: string, series: readonly FrequencySeries[]): string {
  const points = series.flatMap((one) => one.points);
  const years = points.map(({ year }) => year as number);
  const [first, last] = years.reduce(([a, b], year) => [Math.min(a, year), Math.max(b, year)], [9999, 0]);
  const ticks = ticksTo(points.reduce((highest, { frequency }) => Math.max(highest, frequency), 0));
  const highest = ticks[ticks.length - 1];
  const x = (year: number) =>
    first >= last
      ? (area.left + area.right) / 2
      : area.left + ((area.right - area.left) * (year - first)) / (last - first);
  const y = (frequency: number) => area.bottom - ((area.bottom - area.top) * frequency) / highest;
  const labelled = yearsToLabel(first, last);
  return svg(width, area.bottom + 50 + rowHeight * series.length, [
    heading(title),
    ...ticks.map((value) => line(area.left, y(value), area.right, y(value), value === 0)),
    ...ticks.map((value) => text(area.left - 8, y(value) + 4, label(value), 'text-anchor="end"')),
    ...labelled.map((year) => text(x(year), area.bottom + 18, String(year), 'text-anchor="middle"')),
    ...series.flatMap(({ name, points }, i) => {
      const places = points.map(({ year, frequency }) => [x(year as number), y(frequency)] as const);
      const row = area.bottom + 44 + rowHeight * i;
      return [
        curve(i, places),
        `<polyline points="${area.left},${row} ${area.left + 40},${row}" ${stroke(i)}/>`,
        text(area.left + 48, row + 4, name),
      ];
    }),
  ]);
}

function heading(title: string): string {
  return text(width / 2, 24, title, 'text-anchor="middle" font-size="16" font-weight="bold"');
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= maxName ? name : `${characters.slice(0, maxName - 1).join('')}…`;
}

/** A line through the points, or a dot if there is only one. */
function curve(series: number, places: readonly (readonly [x: number, y: number])[]): string {
  const written = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  if (places.length !== 1) return `<polyline points="${written.join(' ')}" ${stroke(series)}/>`;
  const [[x, y]] = places;
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colourOf(series)}"/>`;
}

/** Round numbers from 0 to the first that is not below `highest`. */
function ticksTo(highest: number): number[] {
  if (highest === 0) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(highest / 5));
  const step = ([1, 2, 5, 10].find((factor) => factor * power * 5 >= highest) as number) * power;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => i * step);
}

/** At most about ten years, evenly spaced. */
function yearsToLabel(first: number, last: number): number[] {
  if (first > last) return [];
  const step = Math.max(
    1,
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((s) => (last - first) / s > 10).map((s) => 2 * s),
  );
  const labelled = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return labelled.filter((year) => year % step === 0 || first === last);
}
