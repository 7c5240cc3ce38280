import fc from 'fast-check';
import t from 'tap';
import { keynessOf, logRatioOf } from '../../src/analysis/keyness.ts';
import { startService } from './harness.ts';
import { all } from './lists.ts';

interface Keyword {
  word: string;
  count: number;
  reference_count: number;
  log_likelihood: number;
  log_ratio: number;
}

const path = (query: Record<string, string | number>) =>
  `/v1/corpora/c/keyness?${new URLSearchParams(query as Record<string, string>)}`;

const countOf = (tokens: readonly string[], word: string) => tokens.filter((token) => token === word).length;

t.test(
  'log-likelihood is Dunning’s G² of the table of two words, without its cells of other words',
  async (t) => {
    // 2 (10 ln(10/15) + 20 ln(20/15)), by hand.
    t.equal(
      keynessOf(10, 20, 1000, 1000).toFixed(6),
      (2 * (10 * Math.log(2 / 3) + 20 * Math.log(4 / 3))).toFixed(6),
    );
    t.equal(keynessOf(5, 10, 1000, 2000), 0, 'nothing where the relative frequencies are equal');
    t.equal(keynessOf(10, 0, 100, 300).toFixed(6), (2 * 10 * Math.log(4)).toFixed(6));
    t.equal(logRatioOf(20, 10, 1000, 1000), 1);
    t.equal(logRatioOf(10, 20, 1000, 1000), -1);
    t.equal(logRatioOf(8, 0, 100, 100), 4, 'an absent word counts as half an occurrence');
  },
);

t.test('keywords are what comparing each word of two texts finds', async (t) => {
  const { api } = await startService(t);
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'é'), { minLength: 1, maxLength: 25 });
  const kinds = fc.constantFrom('positive', 'negative', 'all');
  const sorts = fc.constantFrom('log_likelihood', 'log_ratio');
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      kinds,
      sorts,
      fc.integer({ min: 1, max: 3 }),
      async (one, other, keywords, sort, least) => {
        await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send(one.join(' '));
        await api
          .put('/v1/corpora/other?tokenizer=whitespace&sequences=line')
          .type('text/plain')
          .send(other.join('\n'));
        const expected = [...new Set([...one, ...other])].flatMap((word) => {
          const [a, b] = [countOf(one, word), countOf(other, word)];
          const isMore = a * other.length - b * one.length;
          if (keywords === 'positive' ? isMore <= 0 : keywords === 'negative' && isMore >= 0) return [];
          if ((isMore < 0 ? b : a) < least) return [];
          const sizes = [one.length, other.length] as const;
          return [
            {
              word,
              count: a,
              reference_count: b,
              log_likelihood: keynessOf(a, b, ...sizes),
              log_ratio: logRatioOf(a, b, ...sizes),
            },
          ];
        });
        const query = { reference: 'other', keywords, sort, min_count: least, limit: 2 };
        const found = await all<Keyword>(api, path(query));
        const byWord = (items: readonly Keyword[]) => [...items].sort((x, y) => (x.word < y.word ? -1 : 1));
        t.same(byWord(found), byWord(expected));
        const score = (item: Keyword) => Math.abs(item[sort as 'log_likelihood']);
        t.ok(found.every((item, i) => i === 0 || score(item) <= score(found[i - 1])));
        const { body } = await api.get(path(query));
        t.match(body, {
          words: one.length,
          reference: { name: 'other', version: 1, words: other.length },
          total: expected.length,
        });
        for (const name of ['c', 'other']) await api.delete(`/v1/corpora/${name}`).expect(204);
      },
    ),
    { numRuns: 10 },
  );
});

t.test('a reference that is missing, or whose words are others, is refused', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  await api.put('/v1/corpora/characters?tokenizer=char').type('text/plain').send('a b');
  t.equal((await api.get(path({}))).body.errors[0].pointer, '/query/reference');
  t.equal(
    (await api.get(path({ reference: 'characters' })).expect(400)).body.errors[0].pointer,
    '/query/reference',
  );
  await api.get(path({ reference: 'none' })).expect(404);
  t.match((await api.get(path({ reference: 'c', keywords: 'all' }))).body.items[0], { log_likelihood: 0 });
  const { text } = await api.get(path({ reference: 'c', keywords: 'all', format: 'csv' })).expect(200);
  t.equal(text, 'word,count,reference_count,log_likelihood,log_ratio\r\na,1,1,0,0\r\nb,1,1,0,0\r\n');
});

t.test('a key must be for both corpora', async (t) => {
  const secret = 'a-secret-of-some-length';
  const settings = { API_KEYS: `admin:${secret}-0:admin,one:${secret}-1:read:c` };
  const { api } = await startService(t, settings);
  for (const name of ['c', 'd']) {
    await api.put(`/v1/corpora/${name}`).set('x-api-key', `${secret}-0`).type('text/plain').send('a b');
  }
  await api
    .get(path({ reference: 'c' }))
    .set('x-api-key', `${secret}-1`)
    .expect(200);
  await api
    .get(path({ reference: 'd' }))
    .set('x-api-key', `${secret}-1`)
    .expect(403);
  await api.get(path({ reference: 'd' })).expect(401);
});
