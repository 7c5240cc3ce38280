import fc from 'fast-check';
import t from 'tap';
import { exactIntegers, sortNumbers, sortPairs } from '../../src/ngrams/sort-pairs.ts';

type Pair = [first: number, second: number];

/** The pairs as sorted by `sortPairs`; numbers after `length` must stay unchanged. */
function sorted(pairs: readonly Pair[], length = pairs.length): Pair[] {
  const firsts = Float64Array.from(pairs, ([first]) => first);
  const seconds = Uint32Array.from(pairs, ([, second]) => second);
  sortPairs(firsts, seconds, length);
  return Array.from(firsts, (first, i) => [first, seconds[i]]);
}

const byForce = (pairs: readonly Pair[]) => [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]);

const second = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
const first = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(2 ** 31, 2 ** 32, exactIntegers - 1, exactIntegers),
  fc.integer({ min: 0, max: 2 ** 53 - 1 }),
);

t.test('few and many pairs of any size are sorted as by brute force', async () => {
  const pair: fc.Arbitrary<Pair> = fc.tuple(first, second);
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => t.strictSame(sorted(pairs), byForce(pairs))),
    { numRuns: 500 },
  );
});

t.test('pairs that just fit into one double, and pairs that do not, are sorted exactly', async () => {
  // The product of the bounds is 2^53 - 1, 2^53, or a little more.
  const bases = [2 ** 20, 2 ** 22 + 1, 2 ** 32];
  fc.assert(
    fc.property(
      fc.constantFrom(...bases),
      fc.integer({ min: -2, max: 2 }),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5)), {
        minLength: 2,
        maxLength: 60,
      }),
      (base, beyond, drawn) => {
        const most = Math.floor(exactIntegers / base) - 1 + beyond;
        const pairs: Pair[] = drawn.map(([part, below]) => [
          Math.floor(part * most),
          base - 1 - Math.min(below, base - 1),
        ]);
        pairs.push([most, base - 1], [most, 0], [0, base - 1]);
        t.strictSame(sorted(pairs), byForce(pairs));
      },
    ),
    { numRuns: 500 },
  );
});

t.test('rare words keep their ids when the most frequent one occurs billions of times', async () => {
  const pairs: Pair[] = Array.from({ length: 1000 }, (_, i) => [
    2.5e9 - 1 - (i % 7),
    4e6 - ((i * 37) % 1000),
  ]);
  pairs.push([0, 0]);
  t.strictSame(sorted(pairs), byForce(pairs));
});

t.test('numbers after the length are unchanged', async () => {
  for (const large of [3, exactIntegers]) {
    const pairs: Pair[] = [
      [large, 2],
      [1, 5],
      [0, 9],
      [0, 1],
    ];
    t.strictSame(sorted(pairs, 2), [
      [1, 5],
      [large, 2],
      [0, 9],
      [0, 1],
    ]);
  }
});

t.test('numbers are sorted in place, also in a part of an array', async () => {
  fc.assert(
    fc.property(fc.array(first, { maxLength: 60 }), fc.nat(3), (numbers, offset) => {
      const all = Float64Array.from([...new Array(offset).fill(7), ...numbers, 5]);
      sortNumbers(all.subarray(offset), numbers.length);
      t.strictSame([...all], [...new Array(offset).fill(7), ...numbers.sort((a, b) => a - b), 5]);
    }),
  );
});
