import fc from 'fast-check';
import t from 'tap';
import { rowsBytes, writeRows } from '../../src/batches/json.ts';

t.test('rows are what JSON.stringify makes of them, in the space foreseen', async (t) => {
  const rows = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 }))
    .chain(([rowLength, count]) =>
      fc.array(
        fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: rowLength, maxLength: rowLength }),
        { minLength: count, maxLength: count },
      ),
    );
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 3 }), (rows, at) => {
      const ids = Int32Array.from(rows.flat());
      const target = Buffer.alloc(at + rowsBytes(ids.length, rows.length, Math.max(0, ...ids)));
      const end = writeRows(ids, rows[0]?.length ?? 1, target, at);
      t.equal(target.toString('utf8', at, end), JSON.stringify(rows));
    }),
  );
});

t.test('powers of ten have their digits', async (t) => {
  const ids = Int32Array.of(0, 9, 10, 99, 100, 999_999, 1_000_000, 2_147_483_647);
  const target = Buffer.alloc(200);
  t.equal(target.toString('utf8', 0, writeRows(ids, ids.length, target, 0)), JSON.stringify([[...ids]]));
});
