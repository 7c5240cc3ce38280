/** A part of the unit cube: its sides are 3^-`divisions[i]` long, and differ by one division at most. */
interface Rectangle {
  readonly center: readonly number[];
  divisions: number[];
  readonly value: number;
}

/** How much better than the best value, as a share of it, a rectangle must promise to be to be worth a division. */
const leastGain = 1e-4;
/** What takes the place of a value that is not finite. */
const worst = Number.MAX_VALUE / 1e6;

/**
 * Looks for the least value of a function of points of the unit cube by dividing rectangles (DIRECT; Jones, Perttunen &
 * Stuckman 1993), and ends with the first round of divisions after `evaluations`. Flat stretches and values that are
 * not finite are taken. What is found is up to the caller, who sees each point.
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
 * The rectangles that hold the least value if the function changes at some rate, the same everywhere: of each size the
 * best one, where these lie on the lower right hull of size and value.
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

/** How fast the function changes from one rectangle to a larger one. */
function rate(a: { size: number; rectangle: Rectangle }, b: { size: number; rectangle: Rectangle }): number {
  return (b.rectangle.value - a.rectangle.value) / (b.size - a.size);
}

/** From the centre to a corner; exactly the same for rectangles of the same sides in another order. */
function sizeOf({ divisions }: Rectangle): number {
  const fewest = Math.min(...divisions);
  const long = divisions.filter((count) => count === fewest).length;
  return (3 ** -fewest / 2) * Math.sqrt(long + (divisions.length - long) / 9);
}
