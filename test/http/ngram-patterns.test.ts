import fc from 'fast-check';
import t from 'tap';
import { measuresOf } from '../../src/analysis/association.ts';
import { startService } from './harness.ts';
import { type Api, all } from './lists.ts';

interface NGram {
  rank: number;
  ngram: string[];
  count: number;
  pmi?: number;
}

const path = (query: Record<string, string | number>) =>
  `/v1/corpora/c/ngrams?${new URLSearchParams(query as Record<string, string>)}`;

/** All n-grams of an order with their counts, by counting each place of each document. */
function counted(documents: readonly string[][], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tokens of documents) {
    for (let at = 0; at + order <= tokens.length; at++) {
      const ngram = tokens.slice(at, at + order).join(' ');
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
  }
  return counts;
}

async function upload(api: Api, documents: readonly string[][]): Promise<void> {
  const [first, ...rest] = documents.map((tokens) => tokens.join(' '));
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send(first).expect(201);
  for (const text of rest)
    await api.post('/v1/corpora/c/documents').type('text/plain').send(text).expect(201);
}

/** N-grams without their ranks, in the order of their texts. */
const byText = (ngrams: readonly { ngram: string[] }[]) =>
  [...ngrams].sort((a, b) => (a.ngram.join(' ') < b.ngram.join(' ') ? -1 : 1));

t.test('a pattern lists what matching each n-gram finds, under every order', async (t) => {
  const { api } = await startService(t);
  const token = fc.constantFrom('a', 'ab', 'abc', 'b', 'ba');
  const documents = fc.array(fc.array(token, { minLength: 1, maxLength: 15 }), {
    minLength: 1,
    maxLength: 3,
  });
  // Patterns with the expressions of what they match.
  const element = fc.constantFrom<[string, string]>(
    ['*', '\\S+'],
    ['a', 'a'],
    ['ab/ba', '(ab|ba)'],
    ['a~', 'a\\S*'],
    ['b/ab~', '(b|ab\\S*)'],
    ['zz', 'zz'],
  );
  const pattern = fc.array(element, { minLength: 1, maxLength: 3 });
  const sort = fc.constantFrom('count', 'pmi', 't', 'log_likelihood', 'dice');
  const minCount = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(documents, pattern, sort, minCount, async (documents, pattern, sort, least) => {
      await upload(api, documents);
      const order = pattern.length;
      const query = {
        pattern: pattern.map(([written]) => written).join(' '),
        sort,
        min_count: least,
        limit: 3,
      };
      const isDefined = sort === 'count' || (order > 1 && (order === 2 || sort === 'pmi' || sort === 't'));
      if (!isDefined) {
        t.equal((await api.get(path(query)).expect(400)).body.errors[0].pointer, '/query/sort');
      } else {
        const found = await all<NGram>(api, path(query));
        const matches = new RegExp(`^${pattern.map(([, expression]) => expression).join(' ')}$`);
        const unigrams = counted(documents, 1);
        const total = [...unigrams.values()].reduce((sum, count) => sum + count, 0);
        const expected = [...counted(documents, order)]
          .filter(([ngram, count]) => count >= least && matches.test(ngram))
          .map(([text, joint]) => {
            const ngram = text.split(' ');
            const single = ngram.map((word) => unigrams.get(word) as number);
            return { ngram, count: joint, ...(sort === 'count' ? {} : measuresOf({ joint, single, total })) };
          });
        t.same(byText(found.map(({ rank, ...item }) => item)), byText(expected));
        t.same(
          found.map(({ rank }) => rank),
          found.map((_, i) => i + 1),
        );
        const scores = found.map((item) => (item as unknown as Record<string, number>)[sort]);
        t.ok(scores.every((score, i) => i === 0 || score <= scores[i - 1]));
        t.equal((await api.get(path(query))).body.total, expected.length);
      }
      await api.delete('/v1/corpora/c').expect(204);
    }),
    { numRuns: 25 },
  );
});

t.test('min_count ends the list of all n-grams, and a pattern of * alone lists the same', async (t) => {
  for (const settings of [{}, { INDEX_MEMORY_BYTES: '0' }]) {
    const { api } = await startService(t, settings);
    await upload(api, [Array.from({ length: 400 }, (_, i) => `w${((i * i) % 1009) % 13}`)]);
    const every = await all<NGram>(api, path({ order: 2 }));
    const frequent = every.filter(({ count }) => count >= 4);
    t.ok(frequent.length > 0 && frequent.length < every.length);
    t.same(await all(api, path({ order: 2, min_count: 4, limit: 7 })), frequent);
    t.same(await all(api, path({ pattern: '* *', min_count: 4, limit: 7 })), frequent);
  }
});

t.test('after a backslash the signs of patterns are parts of words', async (t) => {
  const { api } = await startService(t);
  await upload(api, [['*', 'and/or', 'x~', 'xy', '\\']]);
  const found = async (pattern: string) =>
    (await api.get(path({ pattern })).expect(200)).body.items
      .map(({ ngram }: NGram) => ngram.join(' '))
      .sort();
  t.same(await found('\\*'), ['*']);
  t.same(await found('and\\/or *'), ['and/or x~']);
  t.same(await found('x\\~'), ['x~']);
  t.same(await found('x~'), ['xy', 'x~'].sort());
  t.same(await found('\\\\'), ['\\']);
  t.same(await found('\\*/x\\~~'), ['*', 'x~']);
});

t.test('words are tokenized as the corpus is, and the beginnings of lines can be asked for', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('The Time Machine\nthe tide\nTime\n');
  const found = async (query: Record<string, string>) =>
    (await api.get(path(query)).expect(200)).body.items.map(({ ngram }: NGram) => ngram.join(' '));
  t.same(await found({ pattern: 'THE Ti~' }), ['the time', 'the tide']);
  t.same(await found({ pattern: '<s> *' }), ['<s> the', '<s> time']);
  t.same(await found({ pattern: '*', limit: '3' }), ['</s>', 'the', 'time']);
  t.same(
    await found({ sort: 'pmi', pattern: '* *' }),
    ['the tide', 'time machine', 'the time'],
    'without marks',
  );
});

t.test('a pattern that cannot be, or a measure that is not defined, is refused with its field', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?order=3').type('text/plain').send('a b c');
  for (const [query, pointer] of [
    [{ pattern: '' }, '/query/pattern'],
    [{ pattern: '  ' }, '/query/pattern'],
    [{ pattern: '* * * *' }, '/query/pattern'],
    [{ pattern: 'a/' }, '/query/pattern'],
    [{ pattern: '~' }, '/query/pattern'],
    [{ pattern: '*/a' }, '/query/pattern'],
    [{ pattern: "don't *" }, '/query/pattern'],
    [{ pattern: 'a *', order: '3' }, '/query/order'],
    [{ order: '4' }, '/query/order'],
    [{ sort: 'dice', order: '3' }, '/query/sort'],
    [{ sort: 'log_likelihood', pattern: '* * *' }, '/query/sort'],
    [{ sort: 'pmi', order: '1' }, '/query/sort'],
    [{ sort: 'chi' }, '/query/sort'],
    [{ min_count: '0' }, '/query/min_count'],
    [{ pattern: 'a *', cursor: 'WzEsMl0' }, '/query/cursor'],
  ] as [Record<string, string>, string][]) {
    const { status, body } = await api.get(path(query));
    t.match([status, body.errors?.[0].pointer], [400, pointer], JSON.stringify(query));
  }
});

t.test('without an order a measure lists pairs', async (t) => {
  const { api } = await startService(t);
  await upload(api, [['a', 'b', 'a', 'b', 'c']]);
  const { body } = await api.get(path({ sort: 'dice' }));
  t.equal(body.order, 2);
  t.same(body.items[0], {
    rank: 1,
    ngram: ['a', 'b'],
    count: 2,
    ...measuresOf({ joint: 2, single: [2, 2], total: 5 }),
  });
});
