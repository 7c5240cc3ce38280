import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startService } from './harness.ts';

const texts = [
  'the dog barked at the moon\nthe cat slept under the moon',
  'an owl saw the cat\nthe owl barked\nthe moon rose',
];
const words = ['the', 'moon', 'cat', 'barked', 'rose'];
const list = words.map((word) => `${word}\n`).join('');

/** The texts as someone writes them who replaces other words before. */
const replaced = texts.map((text) =>
  text.replaceAll(/\w+/g, (word) => (words.includes(word) ? word : '<unk>')),
);

const { api } = await startService(t, { INDEX_TIMEOUT_MS: '100000' });
const spaces = 'tokenizer=whitespace&sequences=line';

/** What the counts and the numbers of a corpus are, whatever its ids. */
async function contentOf(corpus: string) {
  const lines = async (path: string) =>
    (await api.get(`/v1/corpora/${corpus}/${path}`).expect(200)).text.split(/\r?\n/).sort();
  const counts = [1, 2, 3].map((order) => lines(`ngrams?order=${order}&format=csv`));
  const ranked = (await Promise.all(counts)).map((rows) =>
    rows.map((row) => row.replace(/^\d+,/, '')).sort(),
  );
  const { body } = await api.get(`/v1/corpora/${corpus}`);
  const { version, documents, tokens, vocabulary_size, ngrams } = body;
  const arpa = await lines(`arpa?min_version=${version}`);
  return { ranked, arpa, sizes: { documents, tokens, vocabulary_size, ngrams } };
}

t.test(
  'other words are counted as <unk>: the corpus is that of the texts with <unk> in their place',
  async (t) => {
    await api.put(`/v1/corpora/replaced?${spaces}`).type('text/plain').send(replaced[0]).expect(201);
    await api.post('/v1/corpora/replaced/documents').type('text/plain').send(replaced[1]).expect(201);
    const created = await api
      .put(`/v1/corpora/closed?${spaces}`)
      .field('vocabulary', list)
      .attach('file', Buffer.from(texts[0]), 'a.txt');
    t.match(created, {
      status: 201,
      body: { vocabulary_sha256: createHash('sha256').update(list).digest('hex'), tokens: 14 },
    });
    await api.put('/v1/corpora/closed/documents/b').type('text/plain').send(texts[1]).expect(201);
    t.same(await contentOf('closed'), await contentOf('replaced'));

    await t.test('documents are removed as they were added', async (t) => {
      await api.delete('/v1/corpora/closed/documents/b').expect(204);
      await api.put(`/v1/corpora/first?${spaces}`).type('text/plain').send(replaced[0]).expect(201);
      t.same(await contentOf('closed'), await contentOf('first'));
    });
  },
);

t.test(
  'a vocabulary comes in JSON, as a field, as a file or compressed, and with line ends of Windows',
  async (t) => {
    const [text] = texts;
    await api.put('/v1/corpora/json').send({ tokenizer: 'whitespace', vocabulary: words, text }).expect(201);
    const forms = {
      field: list,
      file: Buffer.from(list),
      gzip: gzipSync(list),
      windows: list.replaceAll('\n', '\r\n'),
    };
    for (const [name, vocabulary] of Object.entries(forms)) {
      const form = api.put(`/v1/corpora/${name}?tokenizer=whitespace`);
      if (typeof vocabulary === 'string') form.field('vocabulary', vocabulary);
      else form.attach('vocabulary', vocabulary, 'words.txt');
      await form.field('file', text).expect(201);
      const ngrams = '/ngrams?order=2&format=csv';
      const [found, expected] = await Promise.all(
        [name, 'json'].map((corpus) => api.get(`/v1/corpora/${corpus}${ngrams}`)),
      );
      t.equal(found.text, expected.text, name);
    }
  },
);

t.test(
  'words are read as the tokenizer reads them, and one that no text has is an unknown word',
  async (t) => {
    const text = 'The Time Traveller smiled.';
    await api
      .put('/v1/corpora/words')
      .send({ vocabulary: ['Time', 'traveller', 'machine'], text })
      .expect(201);
    const { body } = await api.get('/v1/corpora/words/vocabulary?format=csv').buffer();
    t.ok(body);
    const { text: vocabulary } = await api.get('/v1/corpora/words/vocabulary?format=csv');
    t.match(vocabulary, /<unk>,2\r\n.*time,1\r\n.*traveller,1\r\n/s);
    const probability = (word: string) =>
      api.get(`/v1/corpora/words/probability?word=${word}&estimator=laplace`);
    t.match((await probability('time')).body, { in_vocabulary: true });
    t.match((await probability('machine')).body, { in_vocabulary: false });
    t.equal((await probability('machine')).body.probability, (await probability('smiled')).body.probability);
  },
);

t.test('vocabulary_min_count closes the vocabulary to the frequent words of the first texts', async (t) => {
  const { body } = await api
    .put(`/v1/corpora/frequent?tokenizer=whitespace&vocabulary_min_count=2`)
    .field('file', texts[0])
    .field('file', 'moon barked');
  t.match(body, { vocabulary_min_count: 2, documents: 2, tokens: 14 });
  await api
    .post('/v1/corpora/frequent/documents')
    .type('text/plain')
    .send('slept slept slept the')
    .expect(201);
  const { text } = await api.get('/v1/corpora/frequent/ngrams?order=1&format=csv');
  t.same(text.trim().split('\r\n').slice(1), ['1,<unk>,8', '2,the,5', '3,moon,3', '4,barked,2']);
});

t.test('the same request is recognized, and one with another vocabulary is not', async (t) => {
  const request = (vocabulary: readonly string[]) =>
    api.put('/v1/corpora/again').send({ vocabulary, text: texts[0] });
  await request(['the']).expect(201);
  await request(['the']).expect(200);
  t.match(await request(['the', 'moon']), { status: 409, body: { type: /corpus-exists/ } });
  const keyed = (min: number) =>
    api
      .post(`/v1/corpora?name=keyed&vocabulary_min_count=${min}`)
      .set('idempotency-key', 'k')
      .type('text/plain')
      .send('a a');
  await keyed(1).expect(201);
  t.equal((await keyed(1).expect(201)).headers['idempotent-replayed'], 'true');
  t.match(await keyed(2), { status: 422 });
});

t.test('a vocabulary that cannot be used is refused, and nothing is created', async (t) => {
  const form = (vocabulary: string | Buffer) =>
    api.put('/v1/corpora/none').attach('vocabulary', Buffer.from(vocabulary), 'v').field('file', 'a b');
  const json = (body: object) => api.put('/v1/corpora/none').send(body);
  const pointer = '/body/vocabulary';
  for (const [answer, expected] of [
    [
      await form('the\ntime machine\n'),
      { detail: /Line 2 .*"time machine", is 2 tokens/, errors: [{ pointer }] },
    ],
    [await form('the\n1895\n'), { detail: /Line 2 .*"1895", is no token/, errors: [{ pointer }] }],
    [await form('<unk>\n\n'), { detail: /has no words/ }],
    [await form(Buffer.from([0x61, 0xe9])), { detail: /UTF-8/, errors: [{ pointer }] }],
    [await form('a'.repeat(2 ** 23 + 1)), { status: 413, errors: [{ pointer }] }],
    [await form('%PDF-1.7'), { detail: /PDF/, errors: [{ pointer }] }],
    [await json({ vocabulary: [], text: 'a' }), { errors: [{ pointer }] }],
    [await json({ vocabulary: ['a\nb'], text: 'a' }), { errors: [{ pointer: `${pointer}/0` }] }],
    [await json({ vocabulary: ['a'], vocabulary_min_count: 2, text: 'a' }), { detail: /by a list/ }],
    [
      await json({ vocabulary_min_count: 2 }),
      { detail: /no text/, errors: [{ pointer: '/body/vocabulary_min_count' }] },
    ],
    [
      await json({ vocabulary_min_count: 2, text: 'a b' }),
      { detail: /No word .* occurs 2 times/, errors: [{ pointer: '/body/vocabulary_min_count' }] },
    ],
    [
      await api.put('/v1/corpora/none?vocabulary_min_count=2').type('text/plain').send('a b'),
      { detail: /No word .* occurs 2 times/, errors: [{ pointer: '/query/vocabulary_min_count' }] },
    ],
    [
      await form(`the\n${'a'.repeat(70_000)}\n`),
      { detail: /Line 2 of the vocabulary: A token may/, errors: [{ pointer }] },
    ],
    [
      await api
        .put('/v1/corpora/none')
        .attach('file', Buffer.from('a b'), 'a.txt')
        .attach('vocabulary', Buffer.from('a'), 'v.txt'),
      { detail: /vocabulary came after a file/, errors: [{ pointer }] },
    ],
    [
      await json({ vocabulary_min_count: 0, text: 'a b' }),
      { errors: [{ pointer: '/body/vocabulary_min_count' }] },
    ],
  ] as const) {
    t.match(answer.body, { status: 400, ...expected });
  }
  await api.get('/v1/corpora/none').expect(404);
});

t.test('a word list alone creates an empty corpus, which texts are added to', async (t) => {
  await api
    .put('/v1/corpora/empty')
    .send({ vocabulary: ['a'] })
    .expect(201);
  await api.post('/v1/corpora/empty/documents').type('text/plain').send('b a b').expect(201);
  t.match((await api.get('/v1/corpora/empty')).body, { tokens: 3, vocabulary_size: 2 });
});

t.test('a backup keeps the vocabulary closed', async (t) => {
  await api
    .put('/v1/corpora/kept')
    .send({ vocabulary: ['a'], text: 'a b' })
    .expect(201);
  const { body } = await api.post('/v1/corpora/kept/backups').expect(201);
  const restored = await api.post(`/v1/corpora/kept/backups/${body.name}/restore?to=other`);
  t.match(restored.body, { vocabulary_sha256: /^[0-9a-f]{64}$/ });
  await api.post('/v1/corpora/other/documents').type('text/plain').send('c').expect(201);
  t.match((await api.get('/v1/corpora/other')).body, { tokens: 3, vocabulary_size: 2 });
});
