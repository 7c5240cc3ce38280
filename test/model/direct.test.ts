import fc from 'fast-check';
import t from 'tap';
import { searchByDividing } from '../../src/model/direct.ts';

/** The smallest value found, its point, and the number of points evaluated. */
function search(dimensions: number, evaluations: number, f: (point: readonly number[]) => number) {
  let [least, asked, at] = [Number.POSITIVE_INFINITY, 0, [] as readonly number[]];
  searchByDividing(dimensions, evaluations, (point) => {
    asked++;
    const value = f(point);
    if (value < least) [least, at] = [value, point];
    return value;
  });
  return { least, at, asked };
}

t.test('the minimum is found wherever it is', async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
      (target) => {
        const { at } = search(target.length, 1000, (point) =>
          point.reduce((sum, x, i) => sum + (x - target[i]) ** 2, 1),
        );
        t.ok(
          at.every((x, i) => Math.abs(x - target[i]) < 0.02),
          `${at} is ${target}`,
        );
      },
    ),
    { numRuns: 50 },
  );
});

t.test('the deepest of several valleys is found', async (t) => {
  // Valleys of depth 1 at each tenth, except one of depth 1.5 and one of depth 2.
  const { at } = search(1, 400, ([x]) => {
    const depth = x > 0.85 ? 1.5 : x > 0.15 && x < 0.25 ? 2 : 1;
    return -depth * Math.cos(20 * Math.PI * x);
  });
  t.ok(Math.abs(at[0] - 0.2) < 0.001, `${at}`);
});

t.test('all points are within the cube, and the search ends, whatever the values are', async (t) => {
  const awkward: Record<string, (point: readonly number[]) => number> = {
    flat: () => 1,
    'flat at zero': () => 0,
    'of few steps': (point) => Math.floor(point[0] * 3),
    'infinite everywhere': () => Number.POSITIVE_INFINITY,
    'no number anywhere': () => Number.NaN,
    'infinite in parts': ([x]) => (x < 0.7 ? Number.POSITIVE_INFINITY : x),
    'infinite below': ([x]) => (x < 0.1 ? Number.NEGATIVE_INFINITY : x),
    huge: ([x]) => x * Number.MAX_VALUE,
    'best at a corner': (point) => point.reduce((a, b) => a + b),
    'almost flat': ([x]) => 1 + Math.round(x * 1e6) * Number.EPSILON,
  };
  for (const [name, f] of Object.entries(awkward)) {
    for (const dimensions of [1, 2, 6]) {
      const { asked } = search(dimensions, 400, (point) => {
        if (!point.every((x) => x > 0 && x < 1)) t.fail(`${name}: ${point}`);
        return f(point);
      });
      t.ok(asked >= 400 && asked < 800, `${name}: ${asked} points of ${dimensions} dimensions`);
    }
  }
});
