import fc from 'fast-check';
import t from 'tap';
import { JsonWriter, rowsBytes } from '../../src/batches/json.ts';

t.test('rows, and then rows moved on by one number, are what JSON.stringify makes of them', async (t) => {
  const windows = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 }))
    .chain(([rowLength, count]) =>
      fc.array(
        fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), {
          minLength: rowLength + 1,
          maxLength: rowLength + 1,
        }),
        { minLength: count, maxLength: count },
      ),
    );
  fc.assert(
    fc.property(fc.array(windows, { maxLength: 3 }), (batches) => {
      const expected = batches.map((windows) => ({
        x: windows.map((window) => window.slice(0, -1)),
        y: windows.map((window) => window.slice(1)),
      }));
      const numbers = batches.flat(2);
      const space = batches
        .map(
          (windows) =>
            2 * rowsBytes(windows.flat().length - windows.length, windows.length, Math.max(0, ...numbers)),
        )
        .reduce((sum, bytes) => sum + bytes + 12, 3);
      const writer = new JsonWriter(space, Buffer.alloc);
      writer.text('[');
      for (const [i, { x, y }] of expected.entries()) {
        const rowLength = x[0]?.length ?? 1;
        writer.text(i === 0 ? '{"x":' : ',{"x":');
        writer.rows(Int32Array.from(x.flat()), rowLength);
        writer.text(',"y":');
        writer.movedRows(Int32Array.from(y.flat()), rowLength);
        writer.text('}');
      }
      writer.text(']');
      t.equal(writer.written.toString(), JSON.stringify(expected));
    }),
  );
});

t.test('powers of ten have their digits', async (t) => {
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
  const writer = new JsonWriter(rowsBytes(ids.length, 1, 2_147_483_647), Buffer.alloc);
  writer.rows(ids, ids.length);
  t.equal(writer.written.toString(), JSON.stringify([[...ids]]));
});
