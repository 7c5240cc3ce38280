import { parse } from 'node:querystring';
import fc from 'fast-check';
import t from 'tap';
import { parseQuery } from '../../src/http/query.ts';

const pieces = [
  'a',
  'context',
  '=',
  '&',
  '+',
  ';',
  '%20',
  '%26',
  '%3D',
  '%2B',
  '%25',
  '%C3%A9',
  '%00',
  'é',
  '__proto__',
];

t.test('a query is read as Node.js reads it, where no name comes twice', async () => {
  const queries = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((some) => some.join(''));
  fc.assert(
    fc.property(queries, (query) => {
      const expected = Object.entries(parse(query, '&', '=', { maxKeys: 0 }));
      fc.pre(expected.every(([, value]) => typeof value === 'string'));
      t.strictSame(Object.entries(parseQuery(query)), expected, query);
    }),
    { numRuns: 300 },
  );
});
