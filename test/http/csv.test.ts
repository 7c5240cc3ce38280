import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import t from 'tap';
import { csvHeader, csvLines } from '../../src/http/csv.ts';

t.test('a parser reads the fields that were written, whatever they are', async () => {
  const character = fc.oneof(
    fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      '=',
      "'",
      ';',
      '\t',
      ' ',
      '\uFEFF',
      '😀',
      'ش',
      '\u202E',
      '\0',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const field = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
  const rows = fc.array(fc.record({ a: field, b: field, c: field }), { maxLength: 5 });
  fc.assert(
    fc.property(rows, (rows) => {
      const csv = csvHeader(['a', 'b', 'c']) + csvLines(['a', 'b', 'c'], rows);
      const read = parse(csv, { record_delimiter: '\r\n' }).slice(1);
      assert.deepEqual(
        read,
        rows.map(({ a, b, c }) => [a, b, c]),
      );
    }),
    { numRuns: 300 },
  );
});

t.test('lines are as RFC 4180 has them', async (t) => {
  t.equal(csvHeader(['id', 'problem.detail']), 'id,problem.detail\r\n');
  t.equal(csvLines(['a', 'b'], []), '');
  t.equal(csvLines(['a'], [{ a: 'x "y", z' }]), '"x ""y"", z"\r\n');
  t.equal(csvLines(['a', 'b'], [{ a: 'lone\rreturn', b: 'line\nfeed' }]), '"lone\rreturn","line\nfeed"\r\n');
});

t.test('numbers are written as in JSON, lists with spaces, and what is missing is empty', async (t) => {
  const item = {
    n: 1e-7,
    z: 0,
    big: 2 ** 53,
    no: null,
    yes: true,
    f: false,
    list: ['of', 'the'],
    deep: { a: 1 },
  };
  t.equal(
    csvLines(['n', 'z', 'big', 'no', 'yes', 'f', 'list', 'deep.a', 'deep.b', 'none.a'], [item]),
    '1e-7,0,9007199254740992,,true,false,of the,1,,\r\n',
  );
});

t.test('a text that a spreadsheet would take for a formula is not changed', async (t) => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)'];
  t.equal(
    csvLines(
      ['a'],
      formulas.map((a) => ({ a })),
    ),
    `${formulas.join('\r\n')}\r\n`,
  );
});
