import fc from 'fast-check';
import t from 'tap';
import { JsonWriter, rowsBytes, TokenStrings } from '../../src/batches/json.ts';

/** Batches of windows of rowLength + 1 ids each, all of one length. */
const windows = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rowLength, count]) =>
    fc.array(
      fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), {
        minLength: rowLength + 1,
        maxLength: rowLength + 1,
      }),
      { minLength: count, maxLength: count },
    ),
  );

/** Writes each batch as {x, y}, where y is x shifted by one, and compares it with JSON.stringify. */
function expectJson(batches: number[][][], strings: TokenStrings | undefined, name: (id: number) => unknown) {
  const expected = batches.map((windows) => ({
    x: windows.map((window) => window.slice(0, -1).map(name)),
    y: windows.map((window) => window.slice(1).map(name)),
  }));
  const halves = batches.map((windows) => ({
    x: windows.flatMap((window) => window.slice(0, -1)),
    y: windows.flatMap((window) => window.slice(1)),
    rowLength: windows[0].length - 1,
  }));
  const ids = Int32Array.from(halves.flatMap(({ x, y }) => [...x, ...y]));
  const rows = 2 * batches.reduce((sum, windows) => sum + windows.length, 0);
  const writer = new JsonWriter(
    rowsBytes(ids, rows, strings) + 20 * batches.length + 2,
    Buffer.alloc,
    strings,
  );
  writer.text('[');
  let at = 0;
  for (const [i, { x, y, rowLength }] of halves.entries()) {
    writer.ascii(i === 0 ? '{"x":' : ',{"x":');
    writer.rows(ids, at, at + x.length, rowLength);
    writer.ascii(',"y":');
    writer.movedRows(ids, at + x.length, at + x.length + y.length, rowLength);
    writer.ascii('}');
    at += x.length + y.length;
  }
  writer.text(']');
  t.equal(writer.written.toString(), JSON.stringify(expected));
}

t.test('rows, followed by the same rows shifted by one id, equal the output of JSON.stringify', async () => {
  fc.assert(
    fc.property(fc.array(windows, { maxLength: 3 }), (batches) => expectJson(batches, undefined, (id) => id)),
  );
});

t.test('rows of ids written as any tokens equal the output of JSON.stringify', async () => {
  const small = fc.array(
    fc.array(fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 2 }),
    {
      maxLength: 3,
    },
  );
  const tokens = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('x'.repeat(300))), {
    minLength: 6,
    maxLength: 6,
  });
  fc.assert(
    fc.property(small, tokens, (batches, tokens) => {
      const ids = Int32Array.from(
        batches.flatMap((windows) =>
          windows.flatMap((window) => [...window.slice(0, -1), ...window.slice(1)]),
        ),
      );
      const strings = new TokenStrings(
        ids,
        (id) => tokens[id],
        1e6,
        () => new Error('too many'),
      );
      expectJson(batches, strings, (id) => tokens[id]);
    }),
  );
});

t.test('tokens beyond the maximum number of bytes, counting repetitions, are refused', async (t) => {
  const make = (maxBytes: number) =>
    new TokenStrings(
      Int32Array.of(0, 1, 0),
      (id) => ['aa', 'é'][id],
      maxBytes,
      () => new RangeError('too many'),
    );
  t.equal(make(12).bytes, 12);
  t.throws(() => make(11), new RangeError('too many'));
});

t.test('powers of ten and their neighbours are written correctly', async (t) => {
  const ids = Int32Array.of(
    0,
    9,
    10,
    99,
    100,
    9999,
    10_000,
    999_999,
    1_000_000,
    99_999_999,
    100_000_000,
    2_147_483_647,
  );
  const writer = new JsonWriter(rowsBytes(ids, 1), Buffer.alloc);
  writer.rows(ids, 0, ids.length, ids.length);
  t.equal(writer.written.toString(), JSON.stringify([[...ids]]));
  const large = new JsonWriter(40, Buffer.alloc);
  large.number(Number.MAX_SAFE_INTEGER);
  t.equal(large.written.toString(), String(Number.MAX_SAFE_INTEGER));
});
