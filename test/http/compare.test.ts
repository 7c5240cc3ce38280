import fc from 'fast-check';
import t from 'tap';
import { startService } from './harness.ts';

interface Item {
  phrase: string;
  corpus: string;
  year?: number;
  count: number;
  words: number;
  frequency: number | null;
}

const path = (query: Record<string, string>) => `/v1/ngrams/compare?${new URLSearchParams(query)}`;

/** How often a phrase occurs in sequences, by looking at each place of each. */
function countByForce(sequences: readonly string[][], phrase: readonly string[]): number {
  let count = 0;
  for (const tokens of sequences) {
    for (let at = 0; at + phrase.length <= tokens.length; at++) {
      if (phrase.every((token, i) => tokens[at + i] === token)) count++;
    }
  }
  return count;
}

for (const lines of [false, true]) {
  const unit = lines ? 'line' : 'document';
  t.test(`frequencies are what looking at each place finds, within each ${unit}, also by year`, async (t) => {
    const { api } = await startService(t);
    const token = fc.constantFrom('a', 'b', 'c');
    const sequence = fc.array(token, { minLength: 1, maxLength: 9 });
    const document = fc.record({
      sequences: fc.array(sequence, { minLength: 1, maxLength: lines ? 3 : 1 }),
      date: fc.constantFrom(undefined, '1895', '1895-05', '1896-02-29', '0999'),
    });
    const inPhrase = lines ? fc.constantFrom('a', 'b', '<s>', '</s>') : token;
    const phrases = fc.uniqueArray(
      fc.array(inPhrase, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(' ')),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(document, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 }),
        phrases,
        async (corpora, phrases) => {
          for (const [i, documents] of corpora.entries()) {
            const [first, ...rest] = documents.map(({ sequences, date }) => ({
              text: sequences.map((tokens) => tokens.join(' ')).join('\n'),
              ...(date === undefined ? {} : { date }),
            }));
            const settings = { tokenizer: 'whitespace', sequences: unit, order: 2 };
            await api
              .put(`/v1/corpora/c${i}`)
              .send({ ...settings, ...first })
              .expect(201);
            for (const document of rest) await api.post(`/v1/corpora/c${i}/documents`).send(document);
          }
          const names = corpora.map((_, i) => `c${i}`);
          const of = (documents: (typeof corpora)[number], phrase: string) => {
            const sequences = documents.flatMap(({ sequences }) => sequences);
            const words = sequences.flat().length;
            const marked = lines ? sequences.map((tokens) => ['<s>', ...tokens, '</s>']) : sequences;
            const count = countByForce(marked, phrase.split(' '));
            return { count, words, frequency: words === 0 ? null : (1000 * count) / words };
          };
          const query = { phrases: phrases.join(), corpora: names.join(), per: 'thousand' };
          const all = await api.get(path(query)).expect(200);
          const expected = phrases.flatMap((phrase) =>
            corpora.map((documents, i) => ({ phrase, corpus: names[i], ...of(documents, phrase) })),
          );
          t.same(all.body.items, expected);
          const byYear = await api.get(path({ ...query, by: 'year' })).expect(200);
          const yearOf = ({ date }: (typeof corpora)[number][number]) =>
            date === undefined ? undefined : Number(date.slice(0, 4));
          const ofYears = phrases.flatMap((phrase) =>
            corpora.flatMap((documents, i) =>
              [...new Set(documents.map(yearOf))]
                .filter((year) => year !== undefined)
                .sort((a, b) => a - b)
                .map((year) => {
                  const those = documents.filter((document) => yearOf(document) === year);
                  return { phrase, corpus: names[i], year, ...of(those, phrase) };
                }),
            ),
          );
          t.same(byYear.body.items, ofYears);
          t.same(
            byYear.body.corpora,
            corpora.map((documents, i) => {
              const undated = documents.filter(({ date }) => date === undefined);
              return {
                name: names[i],
                version: documents.length,
                words: of(documents, 'a').words,
                undated: { documents: undated.length, words: of(undated, 'a').words },
              };
            }),
          );
          for (const name of names) await api.delete(`/v1/corpora/${name}`).expect(204);
        },
      ),
      { numRuns: 12 },
    );
  });
}

t.test('as CSV there is a row for each frequency, and as SVG a bar or a line', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/one').send({ text: 'a b a', date: '1895' }).expect(201);
  await api.post('/v1/corpora/one/documents').send({ text: 'a b b b', date: '1896' }).expect(201);
  await api.put('/v1/corpora/two').send({ text: 'b' }).expect(201);
  const query = { phrases: 'a b,b', corpora: 'one,two' };
  const csv = await api.get(path({ ...query, format: 'csv', by: 'year' })).expect(200);
  t.same(csv.text.split('\r\n'), [
    'phrase,corpus,year,count,words,frequency',
    `a b,one,1895,1,3,${1e6 / 3}`,
    'a b,one,1896,1,4,250000',
    `b,one,1895,1,3,${1e6 / 3}`,
    'b,one,1896,3,4,750000',
    '',
  ]);
  t.match(csv.headers['content-disposition'], /comparison\.csv/);
  const bars = await api.get(path(query)).set('accept', 'image/svg+xml').expect(200);
  t.equal(bars.type, 'image/svg+xml');
  const svg = bars.body.toString();
  t.equal(svg.match(/<rect/g)?.length, 4);
  for (const name of ['a b (one)', 'a b (two)', 'b (one)', 'b (two)']) t.ok(svg.includes(`>${name}<`), name);
  const years = await api.get(path({ ...query, corpora: 'one', by: 'year', format: 'svg' })).expect(200);
  const lines = years.body.toString();
  t.equal(lines.match(/<polyline/g)?.length, 4, 'two lines and their legend');
  for (const shown of ['>1895<', '>1896<', '>a b<']) t.ok(lines.includes(shown), shown);
});

t.test('commas after a backslash are part of a phrase, and a phrase is compared once', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').send({ text: 'a, b a, a', tokenizer: 'whitespace' }).expect(201);
  const { body } = await api.get(path({ phrases: 'a\\, b, a,a ,a\\,', corpora: 'c,c' })).expect(200);
  t.same(
    body.items.map(({ phrase, count }: Item) => [phrase, count]),
    [
      ['a, b', 1],
      ['a', 1],
      ['a,', 2],
    ],
  );
});

t.test('what cannot be compared is refused with its field', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b').expect(201);
  const eleven = Array.from({ length: 11 }, (_, i) => `w${'x'.repeat(i)}`).join();
  for (const [query, status, pointer] of [
    [{ corpora: 'c' }, 400, '/query/phrases'],
    [{ phrases: 'a' }, 400, '/query/corpora'],
    [{ phrases: 'a,,b', corpora: 'c' }, 400, '/query/phrases'],
    [{ phrases: '42', corpora: 'c' }, 400, '/query/phrases'],
    [{ phrases: 'a '.repeat(101), corpora: 'c' }, 400, '/query/phrases'],
    [{ phrases: eleven, corpora: 'c' }, 400, '/query/phrases'],
    [{ phrases: 'a', corpora: eleven }, 400, '/query/corpora'],
    [{ phrases: 'a', corpora: '../c' }, 400, '/query/corpora'],
    [{ phrases: 'a', corpora: 'c', per: 'billion' }, 400, '/query/per'],
    [{ phrases: 'a', corpora: 'c', by: 'month' }, 400, '/query/by'],
    [{ phrases: 'a', corpora: 'c,missing' }, 404, undefined],
  ] as [Record<string, string>, number, string | undefined][]) {
    const answer = await api.get(path(query));
    t.match([answer.status, answer.body.errors?.[0].pointer], [status, pointer], JSON.stringify(query));
  }
});

t.test('a corpus without documents, or without dates, has nothing to be frequent in', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/corpora').send({ name: 'empty' }).expect(201);
  const query = { phrases: 'a', corpora: 'empty' };
  t.same((await api.get(path(query))).body.items, [
    { phrase: 'a', corpus: 'empty', count: 0, words: 0, frequency: null },
  ]);
  t.match((await api.get(path({ ...query, by: 'year' }))).body, {
    items: [],
    corpora: [{ name: 'empty', words: 0, undated: { documents: 0, words: 0 } }],
  });
  for (const by of [{}, { by: 'year' }])
    t.match((await api.get(path({ ...query, ...by, format: 'svg' }))).body.toString(), /^<svg.*<\/svg>$/s);
});

t.test('a key compares the corpora that it is for', async (t) => {
  const secret = (name: string) => `secret-of-the-key-${name}`;
  const API_KEYS = `all:${secret('all')}:admin,mine:${secret('mine')}:read:mine-*`;
  const { api } = await startService(t, { API_KEYS });
  const as = (name: string) => ({ authorization: `Bearer ${secret(name)}` });
  for (const name of ['mine-1', 'theirs'])
    await api.put(`/v1/corpora/${name}`).set(as('all')).type('text/plain').send('a b').expect(201);
  await api
    .get(path({ phrases: 'a', corpora: 'mine-1' }))
    .set(as('mine'))
    .expect(200);
  await api
    .get(path({ phrases: 'a', corpora: 'mine-1,theirs' }))
    .set(as('mine'))
    .expect(403);
  await api
    .get(path({ phrases: 'a', corpora: 'mine-1,theirs' }))
    .set(as('all'))
    .expect(200);
});
