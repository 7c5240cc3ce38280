/** A part of the unit cube: its sides have the lengths 3^-`divisions[i]`, and differ by at most one division. */
interface Rectangle {
  readonly center: readonly number[];
  divisions: number[];
  readonly value: number;
}

/** A rectangle is divided only if it may improve the best value by at least this share of it. */
const leastGain = 1e-4;
/** Replaces values that are not finite. */
const worst = Number.MAX_VALUE / 1e6;

/**
 * Searches for the minimum of a function on the unit cube by dividing rectangles (DIRECT; Jones, Perttunen & Stuckman
 * 1993), until the first round of divisions that reaches `evaluations`. The function may be flat and have non-finite
 * values. The caller observes every evaluated point and keeps the best.
 */
export function searchByDividing(
  dimensions: number,
  evaluations: number,
  valueAt: (point: readonly number[]) => number,
): void {
  let evaluated = 0;
  const rectangleAt = (center: readonly number[], divisions: number[]): Rectangle => {
    evaluated++;
    const value = valueAt(center);
    return { center, divisions, value: Number.isFinite(value) ? Math.min(value, worst) : worst };
  };
  const whole = rectangleAt(Array(dimensions).fill(0.5), Array(dimensions).fill(0));
  const rectangles = [whole];
  while (evaluated < evaluations) {
    for (const rectangle of promising(rectangles)) rectangles.push(...divide(rectangle, rectangleAt));
  }
}

/** Divides a rectangle along its longest sides; the best of the new centres get the largest new rectangles. */
function divide(
  rectangle: Rectangle,
  rectangleAt: (center: readonly number[], divisions: number[]) => Rectangle,
): Rectangle[] {
  const { center, divisions } = rectangle;
  const fewest = Math.min(...divisions);
  const step = 3 ** -(fewest + 1);
  const pairs = divisions.flatMap((count, side) => {
    if (count > fewest) return [];
    const pair = [step, -step].map((offset) => rectangleAt(center.with(side, center[side] + offset), []));
    return [{ side, pair, best: Math.min(...pair.map(({ value }) => value)) }];
  });
  pairs.sort((a, b) => a.best - b.best);
  for (const { side, pair } of pairs) {
    rectangle.divisions = rectangle.divisions.with(side, fewest + 1);
    for (const part of pair) part.divisions = rectangle.divisions;
  }
  return pairs.flatMap(({ pair }) => pair);
}

/**
 * The rectangles that would contain the minimum for some rate of change of the function: the best one of each size, if
 * it is on the lower right convex hull of sizes and values.
 */
function promising(rectangles: readonly Rectangle[]): Rectangle[] {
  const bestOfSize = new Map<number, Rectangle>();
  for (const rectangle of rectangles) {
    const size = sizeOf(rectangle);
    const known = bestOfSize.get(size);
    if (known === undefined || rectangle.value < known.value) bestOfSize.set(size, rectangle);
  }
  const bySize = [...bestOfSize].sort(([a], [b]) => a - b).map(([size, rectangle]) => ({ size, rectangle }));
  const least = Math.min(...bySize.map(({ rectangle }) => rectangle.value));
  const hull: typeof bySize = [];
  for (const next of bySize.slice(bySize.findLastIndex(({ rectangle }) => rectangle.value === least))) {
    while (
      hull.length > 1 &&
      rate(hull[hull.length - 2], hull[hull.length - 1]) >= rate(hull[hull.length - 2], next)
    ) {
      hull.pop();
    }
    hull.push(next);
  }
  const wanted = least - leastGain * Math.abs(least);
  return hull
    .filter((point, i) => {
      if (i === hull.length - 1) return true;
      return point.rectangle.value - rate(point, hull[i + 1]) * point.size <= wanted;
    })
    .map(({ rectangle }) => rectangle);
}

/** The rate of change of the function from one rectangle to a larger one. */
function rate(a: { size: number; rectangle: Rectangle }, b: { size: number; rectangle: Rectangle }): number {
  return (b.rectangle.value - a.rectangle.value) / (b.size - a.size);
}

/** The distance from the centre to a corner; exactly equal for rectangles with the same sides in a different order. */
function sizeOf({ divisions }: Rectangle): number {
  const fewest = Math.min(...divisions);
  const long = divisions.filter((count) => count === fewest).length;
  return (3 ** -fewest / 2) * Math.sqrt(long + (divisions.length - long) / 9);
}
