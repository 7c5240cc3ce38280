import fc from 'fast-check';
import t from 'tap';
import { maxNumberBytes, writeNumber } from '../../src/text/number-text.ts';

const bytes = Buffer.alloc(maxNumberBytes + 1);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function written(x: number): string {
  return bytes.toString('latin1', 1, writeNumber(x, view, 1));
}

t.test('a number is written as String writes it, whatever its size', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, min: -1000, max: 1000 }),
        fc.double({ noNaN: true, min: 0, max: 1 }).map((p) => Math.log(p + 1e-300)),
        fc.integer(),
        fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([n, digits]) => n / 10 ** digits),
      ),
      (x) => written(x) === String(x),
    ),
    { numRuns: 200_000 },
  );
  t.pass();
});

t.test('so are the doubles around powers of two and of ten, where digits are added', async (t) => {
  const around = new Float64Array(1);
  const bits = new BigInt64Array(around.buffer);
  for (const base of [2, 10]) {
    for (let exponent = -25; exponent < 12; exponent++) {
      for (let step = -300n; step < 300n; step++) {
        around[0] = base ** exponent;
        bits[0] += step;
        const x = -around[0];
        if (written(x) !== String(x)) t.fail(String(x));
      }
    }
  }
  t.equal(written(-0), '0');
  t.equal(written(Number.MIN_VALUE), '5e-324');
  t.equal(written(-Number.MAX_VALUE), '-1.7976931348623157e+308');
});
