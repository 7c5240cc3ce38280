import { useRef } from 'preact/hooks';
import { useWidth } from './use-width.ts';

/** A scale of d3-scale, with its domain; the plot gives it its range. */
export interface Scale {
  (value: number): number;
  copy(): Scale;
  range(range: readonly number[]): Scale;
  invert(position: number): number;
  ticks(count: number): number[];
  tickFormat(count: number, format?: string): (value: number) => string;
}

export interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** A thin line, without a name: a fit. */
  isThin?: boolean;
}

interface Axis {
  label: string;
  scale: Scale;
  /** About how many ticks, and how their numbers are written: both as d3-scale takes them. */
  ticks: number;
  format?: string;
}

interface PlotProps {
  /** What it shows, for those who do not see it. */
  title: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
  /** Which colour and dashes a series has, from 1. */
  lineOf?(series: Series, index: number): number;
  /** Where the marked points are, on the axis x. */
  at?: number;
  /** Whether each point has a dot, where there are few. */
  hasDots?: boolean;
  /** Called with the x under the pointer. */
  onPoint?(x: number): void;
}

/** How many lines can be told apart, by colour and dashes. */
export const lineStyles = 6;

/** The class of a line with a number from 1, and of what belongs to it. */
export function lineClass(line: number): string {
  return `line-${((line - 1) % lineStyles) + 1}`;
}

const margin = { top: 20, right: 16, bottom: 44 };

/** The place of the label of the axis y, and of each digit of the longest of its numbers. */
const labelWidth = 34;
const digitWidth = 7;

/** Lines over two axes. What it shows must also be in a table beside it. */
export function Plot({ title, x, y, series, lineOf = (_, i) => i + 1, at, hasDots, onPoint }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const height = Math.round(Math.min(Math.max(width * 0.5, 260), 420));
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const yTicks = ticksOf(y.scale, y);
  const left = labelWidth + digitWidth * Math.max(...yTicks.map(([, text]) => text.length), 3);
  const sx = x.scale.copy().range([left, right]);
  const sy = y.scale.copy().range([bottom, margin.top]);
  const point = (event: PointerEvent & { currentTarget: SVGElement }) => {
    const position = event.clientX - event.currentTarget.getBoundingClientRect().left;
    if (position >= left && position <= right) onPoint?.(sx.invert(position));
  };
  return (
    <div class="plot" ref={frame}>
      {width === 0 ? null : (
        <svg
          role="img"
          aria-label={title}
          width={width}
          height={height}
          onPointerMove={onPoint && point}
          onPointerDown={onPoint && point}
        >
          {yTicks.map(([value, text]) => (
            <g key={value} class="tick" transform={`translate(0 ${sy(value)})`}>
              <line x1={left} x2={right} />
              <text x={left - 8} dy="0.32em" text-anchor="end">
                {text}
              </text>
            </g>
          ))}
          {ticksOf(x.scale, x).map(([value, text]) => (
            <g key={value} class="tick" transform={`translate(${sx(value)} 0)`}>
              <line y1={margin.top} y2={bottom} />
              <text y={bottom + 18} text-anchor="middle">
                {text}
              </text>
            </g>
          ))}
          <text class="axis" x={(left + right) / 2} y={height - 6} text-anchor="middle">
            {x.label}
          </text>
          <text
            class="axis"
            transform={`translate(13 ${(margin.top + bottom) / 2}) rotate(-90)`}
            text-anchor="middle"
          >
            {y.label}
          </text>
          {series.map((each, i) => (
            <polyline
              key={i}
              class={`line ${lineClass(lineOf(each, i))} ${each.isThin ? 'thin' : ''}`}
              points={each.points.map(([px, py]) => `${sx(px).toFixed(1)},${sy(py).toFixed(1)}`).join(' ')}
            />
          ))}
          {hasDots
            ? series.map((each, i) =>
                each.points.map(([px, py]) => (
                  <circle
                    key={`${i} ${px}`}
                    class={`dot ${lineClass(lineOf(each, i))}`}
                    cx={sx(px)}
                    cy={sy(py)}
                    r={2.5}
                  />
                )),
              )
            : null}
          {namesOf(series, { sx, sy, width, bottom }).map(({ name, index, x, y }) => {
            const isRight = x > (left + right) / 2;
            return (
              <text
                key={index}
                class={`name ${lineClass(lineOf(series[index], index))}`}
                x={x + (isRight ? -8 : 8)}
                y={y}
                text-anchor={isRight ? 'end' : 'start'}
              >
                {name}
              </text>
            );
          })}
          {at === undefined ? null : (
            <g class="mark">
              <line x1={sx(at)} x2={sx(at)} y1={margin.top} y2={bottom} />
              {series.map((each, i) => {
                const found = each.isThin ? undefined : nearest(each, at);
                return found === undefined ? null : (
                  <circle
                    key={i}
                    class={lineClass(lineOf(each, i))}
                    cx={sx(found[0])}
                    cy={sy(found[1])}
                    r={4}
                  />
                );
              })}
            </g>
          )}
        </svg>
      )}
    </div>
  );
}

/** The ticks that have a text. */
function ticksOf(scale: Scale, { ticks, format }: Axis): [value: number, text: string][] {
  const textOf = scale.tickFormat(ticks, format);
  return scale.ticks(ticks).flatMap((value) => {
    const text = textOf(value);
    return text === '' ? [] : [[value, text]];
  });
}

/** How high a name is, and how far it reaches at most, in pixels. */
const nameHeight = 14;
const nameReach = 220;

/** The width below which only a few names have room: the table has all, with samples of their lines. */
const narrow = 480;
const fewNames = 3;

interface Area {
  sx: Scale;
  sy: Scale;
  width: number;
  bottom: number;
}

/** The names of the series, each above the first point of its line, or where no other name is near that. */
function namesOf(series: readonly Series[], { sx, sy, width, bottom }: Area) {
  const named = series.flatMap(({ name, points, isThin }, index) =>
    isThin || points.length === 0 ? [] : [{ name, index, x: sx(points[0][0]), y: sy(points[0][1]) - 8 }],
  );
  if (width < narrow && named.length > fewNames) return [];
  const isNear = (one: { x: number }, other: { x: number }) => Math.abs(one.x - other.x) < nameReach;
  named.sort((a, b) => a.y - b.y);
  for (const [i, name] of named.entries())
    for (const above of named.slice(0, i))
      if (isNear(name, above)) name.y = Math.max(name.y, above.y + nameHeight);
  // Those that have come below the axis go up again.
  for (const [i, name] of [...named.entries()].reverse()) {
    name.y = Math.min(name.y, bottom - 4);
    for (const below of named.slice(i + 1))
      if (isNear(name, below)) name.y = Math.min(name.y, below.y - nameHeight);
  }
  return named;
}

/** The point of a series that is nearest to x; undefined if the series ends before. */
export function nearest({ points }: Series, x: number): readonly [x: number, y: number] | undefined {
  const last = points.at(-1);
  if (last === undefined || x < points[0][0] || x > last[0]) return undefined;
  return points.reduce((best, each) => (Math.abs(each[0] - x) < Math.abs(best[0] - x) ? each : best));
}

/** A piece of a line as it is in the plot, for a table's legend. */
export function LineSample({ line }: { line: number }) {
  return (
    <svg class="line-sample" width={28} height={10} aria-hidden="true">
      <line class={`line ${lineClass(line)}`} x1={0} x2={28} y1={5} y2={5} />
    </svg>
  );
}
