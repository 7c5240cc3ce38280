import fc from 'fast-check';
import t from 'tap';
import { hasManyValues } from '../../../src/http/bodies/json-values.ts';
import { startService } from '../harness.ts';

/** How many values a JSON value has, itself among them; an empty list or object counts as if something were in it. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const inner = Object.values(value);
  return (
    1 +
    Math.max(
      1,
      inner.reduce((sum: number, item) => sum + valuesIn(item), 0),
    )
  );
}

t.test('values are counted as they are, whatever stands in strings', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (value, isSpaced) => {
      const json = Buffer.from(JSON.stringify(value, undefined, isSpaced ? 1 : 0));
      const values = valuesIn(value);
      t.equal(hasManyValues(json, values), false);
      t.equal(hasManyValues(json, values - 1), values > 1);
    }),
  );
});

t.test('quotes, backslashes, commas and brackets in strings are no values', async (t) => {
  for (const text of ['","', '\\', '\\\\"[', '[[[{{{,,,', '"\\', '\u2028,"']) {
    t.equal(hasManyValues(Buffer.from(JSON.stringify([text, text])), 3), false, text);
    t.equal(hasManyValues(Buffer.from(JSON.stringify([text, text])), 2), true, text);
  }
});

t.test('what is no JSON is looked at to its end', async (t) => {
  for (const text of ['', '"', '"\\', '"\\"', '[', ',"', '"a" "'])
    t.equal(hasManyValues(Buffer.from(text), 9), false);
  t.equal(hasManyValues(Buffer.from(',,,,,,,,,,'), 9), true);
});

t.test('a body of more values than a request may have is refused before it is read', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  const ask = (body: string) => api.post('/v1/corpora/c/probabilities').type('application/json').send(body);
  for (const item of ['[]', '{}', '1']) {
    const { status, body } = await ask(`{"queries":[${`${item},`.repeat(60_000)}1]}`);
    t.equal(status, 400);
    t.match(body, { errors: [{ pointer: '/body', detail: /50000 values/ }] });
  }
  const most = Array.from({ length: 10_000 }, () => ({ context: 'a', word: 'b' }));
  t.equal(
    (await ask(JSON.stringify({ queries: most }))).body.results?.length,
    10_000,
    'as many as there may be',
  );
});
