import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';
import { all } from './lists.ts';

interface NGram {
  rank: number;
  ngram: string[];
  count: number;
}

t.test('The Time Machine has the tables of the chapter', bookTest, async (t) => {
  const { api } = await startService(t);
  const book = readFileSync(join(testData as string, 'timemachine.txt'), 'utf8');
  await api.put('/v1/corpora/words').type('text/plain').send(book);
  await api.put('/v1/corpora/chars?tokenizer=char').type('text/plain').send(book);

  t.match((await api.get('/v1/corpora/words')).body, {
    tokens: 32_775,
    vocabulary_size: 4579,
    ngrams: [{ distinct: 4579 }, { distinct: 20_234 }, { distinct: 29_882 }],
  });
  t.match((await api.get('/v1/corpora/chars')).body, { tokens: 170_580, vocabulary_size: 27 });
  t.same(
    (await api.get('/v1/corpora/chars/vocabulary?limit=5')).body.items.map(
      ({ id, token }: { id: number; token: string }) => [id, token],
    ),
    [
      [0, '<unk>'],
      [1, ' '],
      [2, 'e'],
      [3, 't'],
      [4, 'a'],
    ],
  );

  const top = async (order: number) =>
    (await api.get(`/v1/corpora/words/ngrams?order=${order}&limit=10`)).body.items.map(
      ({ ngram, count }: NGram) => `${ngram.join(' ')} ${count}`,
    );
  t.same(await top(1), [
    'the 2261',
    'i 1267',
    'and 1245',
    'of 1155',
    'a 816',
    'to 695',
    'was 552',
    'in 541',
    'that 443',
    'my 440',
  ]);
  t.same(await top(2), [
    'of the 309',
    'in the 169',
    'i had 130',
    'i was 112',
    'and the 109',
    'the time 102',
    'it was 99',
    'to the 85',
    'as i 78',
    'of a 73',
  ]);
  t.comment('the two triples that occur 14 times are tied, and listed by their ids');
  t.same(await top(3), [
    'the time traveller 59',
    'the time machine 30',
    'the medical man 24',
    'it seemed to 16',
    'it was a 15',
    'here and there 15',
    'i did not 14',
    'seemed to me 14',
    'i saw the 13',
    'i began to 13',
  ]);

  for (const order of [1, 2, 3]) {
    const listed = await all<NGram>(api, `/v1/corpora/words/ngrams?order=${order}&limit=700`);
    t.same(
      listed.map(({ rank }) => rank),
      listed.map((_, i) => i + 1),
      'every rank once',
    );
    t.equal(new Set(listed.map(({ ngram }) => ngram.join(' '))).size, listed.length, 'every n-gram once');
    t.ok(
      listed.every(({ count }, i) => i === 0 || count <= listed[i - 1].count),
      'by falling count',
    );
    t.equal(listed.length, [4579, 20_234, 29_882][order - 1]);
    t.equal(
      listed.reduce((sum, { count }) => sum + count, 0),
      32_776 - order,
    );
  }
});

t.test('n-grams by count are the same from one run and from several', async (t) => {
  const { api } = await startService(t);
  const words = Array.from(
    { length: 3000 },
    (_, i) => `w${(i * i) % 97} ${i % 7 === 0 ? 'often' : `v${i % 89}`}`,
  );
  await api.put('/v1/corpora/one?tokenizer=whitespace&order=2').type('text/plain').send(words.join(' '));
  await api
    .put('/v1/corpora/several?tokenizer=whitespace&order=2')
    .type('text/plain')
    .send(words.slice(0, 2500).join(' '));
  await api.post('/v1/corpora/several/documents').type('text/plain').send(words.slice(2500, 2950).join(' '));
  await api.post('/v1/corpora/several/documents').type('text/plain').send(words.slice(2950).join(' '));
  const one = await all<NGram>(api, '/v1/corpora/one/ngrams?order=1&limit=50');
  const several = await all<NGram>(api, '/v1/corpora/several/ngrams?order=1&limit=50');
  const sorted = (items: NGram[]) => items.map(({ ngram, count }) => `${count} ${ngram}`).sort();
  t.same(sorted(several), sorted(one));
  t.same(
    several.map(({ count }) => count),
    one.map(({ count }) => count),
  );
  t.same(one[0].ngram, ['often']);
});

t.test('long pages of n-grams come from a thread and are the same as short ones', async (t) => {
  for (const settings of [{}, { INDEX_MEMORY_BYTES: '0' }]) {
    const { api } = await startService(t, settings);
    const text = Array.from({ length: 400 }, (_, i) => `v${(i * i) % 331} w${i % 7}`).join(' ');
    await api.put('/v1/corpora/c?tokenizer=whitespace&order=2').type('text/plain').send(text);
    // With adjusted counts, for which it waits, there is an index in memory.
    if (!('INDEX_MEMORY_BYTES' in settings)) {
      await api.get('/v1/corpora/c/probability?word=w1&estimator=kneser-ney').expect(200);
    }
    const short = await all<NGram>(api, '/v1/corpora/c/ngrams?order=2&limit=100');
    const before = (await api.get('/metrics')).text;
    const long = await all<NGram>(api, '/v1/corpora/c/ngrams?order=2&limit=101');
    t.ok(long.length > 300);
    t.same(long, short);
    if (!('INDEX_MEMORY_BYTES' in settings)) t.notMatch(before, /stage="question.ngrams"/);
    t.match((await api.get('/metrics')).text, /stage_duration_seconds_count\{stage="question.ngrams"\}/);
  }
});

t.test('the vocabulary is listed by id, in pages', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('b a b c <unk>');
  t.same(await all(api, '/v1/corpora/c/vocabulary?limit=2'), [
    { id: 0, token: '<unk>', count: 1 },
    { id: 1, token: 'b', count: 2 },
    { id: 2, token: 'a', count: 1 },
    { id: 3, token: 'c', count: 1 },
  ]);
});

t.test('one token of the vocabulary is found by its name', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace&sequences=line').type('text/plain').send('b a b &,');
  await api.put('/v1/corpora/c/documents/gone').type('text/plain').send('gone');
  await api.delete('/v1/corpora/c/documents/gone');
  const find = async (token: string) =>
    (await api.get(`/v1/corpora/c/vocabulary?${new URLSearchParams({ token })}`).expect(200)).body.items;
  t.same(await find('b'), [{ id: 3, token: 'b', count: 2 }]);
  t.same(await find('&,'), [{ id: 5, token: '&,', count: 1 }]);
  t.same(await find('<s>'), [{ id: 1, token: '<s>', count: 0 }]);
  for (const token of ['B', 'gone', 'b a', '']) t.same(await find(token), [], token);
  const csv = await api.get('/v1/corpora/c/vocabulary?token=a&format=csv').expect(200);
  t.equal(csv.text, 'id,token,count\r\n4,a,1\r\n');
});

t.test('a cursor of numbers that no list has is refused, and none is taken for another', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?order=2').type('text/plain').send('a b a c');
  const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
  const get = (path: string, ...place: unknown[]) =>
    api.get(`/v1/${path}${path.includes('?') ? '&' : '?'}cursor=${cursor(...place)}`);
  const ids = [2 ** 32, 2 ** 32 + 1, 2 ** 53, 2 ** 53 + 2, 1e300, -1, 0.5, '1', null];
  for (const id of ids) {
    for (const [path, place] of [
      ['corpora/c/vocabulary', [id]],
      ['corpora/c/ngrams?order=1', [1, 2, id]],
      ['corpora/c/ngrams?order=2', [1, 2, 1, id]],
      ['corpora/c/ngrams?order=2', [1, 2, id, 1]],
    ] as const) {
      const { status, body } = await get(path, ...place);
      t.equal(status, 400, `${path} at ${place}`);
      t.equal(body.errors[0].pointer, '/query/cursor');
    }
  }
  for (const number of [-1, 0.5, 2 ** 53, '1', null]) {
    for (const path of ['corpora/c/documents', 'jobs']) t.equal((await get(path, number)).status, 400, path);
    t.equal((await get('corpora/c/ngrams?order=1', number, 2, 1)).status, 400);
    t.equal((await get('corpora/c/ngrams?order=1', 1, number, 1)).status, 400);
  }
  t.same((await get('corpora/c/vocabulary', 2 ** 32 - 1).expect(200)).body.items, [], 'behind the last id');
  t.same((await get('corpora/c/documents', 2 ** 32 + 1).expect(200)).body.items, []);
  t.same((await get('corpora/c/continuations', 0, 2 ** 32 + 1).expect(200)).body.continuations, []);
});
