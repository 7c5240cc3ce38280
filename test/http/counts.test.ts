import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { startService } from './harness.ts';

const tsv = 'text/tab-separated-values';
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

async function start(t: Test) {
  const { api, app, folder } = await startService(t);
  const { port } = app.server.address() as { port: number };
  const put = (path: string, body: string | Buffer) => api.put(`/v1/corpora/${path}`).type(tsv).send(body);
  /** What `ngramd export --order all` prints of a corpus. */
  const exported = async (corpus: string) => {
    const file = join(folder, 'corpora', `${corpus}.sqlite`);
    const options = { cwd: root, maxBuffer: 2 ** 26 };
    return (await run(process.execPath, ['src/cli.ts', 'export', file, '--order', 'all'], options)).stdout;
  };
  return { api, port, put, exported };
}

t.test('an exported corpus that is read in again answers all estimators as before', async (t) => {
  const { api, put, exported } = await start(t);
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const line = fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(' '));
  const text = fc.array(line, { minLength: 2, maxLength: 6 }).map((lines) => lines.join('\n'));
  const corpora = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 2 }),
    order: fc.integer({ min: 1, max: 6 }),
    sequences: fc.constantFrom('document', 'line'),
  });
  let corpus = 0;
  await fc.assert(
    fc.asyncProperty(corpora, async ({ texts, order, sequences }) => {
      const [written, read] = [`written${++corpus}`, `read${corpus}`];
      const settings = `tokenizer=whitespace&order=${order}&sequences=${sequences}`;
      await api.put(`/v1/corpora/${written}?${settings}`).send({}).expect(201);
      for (const text of texts) await api.post(`/v1/corpora/${written}/documents`).send({ text }).expect(201);
      await put(`${read}?${settings}`, await exported(written)).expect(201);
      const queries = ['a', 'b', 'a b', 'b c a', 'd c b a', 'zzz a'].flatMap((context) =>
        ['a', 'c', 'd', 'zzz'].flatMap((word) =>
          estimatorNames.map((name) => ({ context, word, estimator: name })),
        ),
      );
      const answers = async (name: string) => {
        const asked = api.post(`/v1/corpora/${name}/probabilities`).send({ queries });
        const { results } = (await asked.expect(200)).body as { results: Record<string, unknown>[] };
        return results.map(({ version: _, ...result }) => result);
      };
      t.same(await answers(read), await answers(written));
      const listed = async (name: string, path: string) =>
        (await api.get(`/v1/corpora/${name}/${path}`).expect(200)).body.items;
      for (let n = 1; n <= order; n++) {
        const path = `ngrams?order=${n}&limit=1000`;
        const bySpelling = (items: { ngram: string[] }[]) =>
          items.map((item) => JSON.stringify({ ...item, rank: 0 })).sort();
        t.same(bySpelling(await listed(read, path)), bySpelling(await listed(written, path)));
      }
    }),
    { numRuns: 6 },
  );
});

t.test(
  'counts are a document like any other: added, listed, taken back, and safe to send again',
  async (t) => {
    const { api, put } = await start(t);
    const created = (await put('c?order=2', 'the time\t3\n').expect(201)).body;
    t.match(created, {
      kind: 'counts',
      documents: 1,
      tokens: 6,
      vocabulary_size: 2,
      ngrams: [
        { distinct: 2, total: 6 },
        { distinct: 1, total: 3 },
      ],
    });
    await put('c?order=2', 'the time\t3\n').expect(200);
    await put('c?order=2', 'the time\t4\n').expect(409);
    const document = api.put('/v1/corpora/c/documents/more?title=More').type(tsv);
    const lines = 'time machine\t2\nthe time\t1\n';
    t.match((await document.send(lines).expect(201)).body, {
      id: 'more',
      tokens: 5,
      title: 'More',
      version: 2,
    });
    t.match((await api.put('/v1/corpora/c/documents/more').type(tsv).send(lines).expect(200)).body, {
      version: 2,
    });
    const post = () =>
      api.post('/v1/corpora/c/documents').type(tsv).set('idempotency-key', 'k').send(gzipSync(lines));
    const first = await post().expect(201);
    t.same((await post().expect(201)).body, first.body);
    t.equal((await api.get('/v1/corpora/c')).body.tokens, 16);
    const { body } = await api.get(
      '/v1/corpora/c/probability?context=the&word=time&estimator=mle&explain=true',
    );
    t.match(body, { probability: 1, levels: [{ count: 5, context_count: 5 }, {}] });
    for (const id of ['more', first.body.id]) await api.delete(`/v1/corpora/c/documents/${id}`).expect(204);
    const { version, updated_at, token_ids, ...rest } = (await api.get('/v1/corpora/c')).body;
    t.match(created, rest);
    t.equal((await api.get('/v1/corpora/c/documents')).body.items.length, 1);
  },
);

t.test("files of Google's n-grams are read, and the years added up", async (t) => {
  const { api, put } = await start(t);
  const versions = {
    second: 'a b\t1999\t3\t1\na b\t2000\t4\t2\r\nb c\t1999\t1\t1\n',
    first: 'a b\t1999\t3\t3\t1\na b\t2000\t4\t4\t2\nb c\t1999\t1\t1\t1\n',
    third: 'a b\t1999,3,1\t2000,4,2\nb c\t1999,1,1\n',
    summed: '\ufeffa b\t7\n\nb c\t1',
  };
  for (const [name, lines] of Object.entries(versions)) {
    await put(`${name}?order=2&tokenizer=whitespace`, gzipSync(lines)).expect(201);
    const { items } = (await api.get(`/v1/corpora/${name}/ngrams?order=2`)).body;
    t.match(items, [
      { ngram: ['a', 'b'], count: 7 },
      { ngram: ['b', 'c'], count: 1 },
    ]);
  }
});

t.test('what is wrong with a line is said with its number, and nothing is kept', async (t) => {
  const { api, put } = await start(t);
  const line = 'order=2&sequences=line&tokenizer=whitespace';
  const bad: [settings: string, lines: string | Buffer, detail: RegExp][] = [
    ['order=2', 'a b 3\n', /^Line 1: it has no tab.* not "a b 3"/],
    ['order=2', `{"ngram": "${'a'.repeat(99)}"}\n`, /^Line 1: it has no tab.* not ".{60,70}…"\.$/],
    ['order=2', 'a\tb\t3\n', /^Line 1: .* "b\\t3"\. .*with spaces between its words/],
    ['order=2&tokenizer=whitespace', '3\ta b\n', /^Line 1: .* "a b"\. An n-gram comes first/],
    ['order=2', 'a\t３\n', /^Line 1: .*positive integer.* "３"/],
    ['order=2', 'a\t1,234\n', /^Line 1: .*positive integer.* "1,234"/],
    ['order=2', 'a\t3 \n', /^Line 1: .*positive integer.* "3 "/],
    ['order=2', 'a\t3\rb\t4\r', /^Line 1: .*positive integer.* "3\\rb\\t4"/],
    ['order=2', `a\t${'1999,999999999999999,1\t'.repeat(40)}2000,1,1\n`, /is 3\d+, of 41 years together/],
    ['order=2', 'a\t1999,0,0\n', /^Line 1: .*positive integer.* is 0\./],
    ['order=2', 'a\t9007199254740992\na\t5\n', /^Line 1: .*"a" occurs more than 2\^53 times/],
    ['order=2', 'a\t1\n\na b\t0\n', /^Line 3: The count must be a positive integer/],
    ['order=2', 'a\t-1\n', /^Line 1: .*positive integer.* "-1"/],
    ['order=2', 'a\t1.5\n', /^Line 1: .*positive integer/],
    ['order=2', 'a\t\n', /^Line 1: .*positive integer/],
    ['order=2', 'a\t1\t2\n', /^Line 1: .*positive integer, or Google's columns/],
    ['order=2', 'a\t99999999999999999999\n', /^Line 1: .*at most 2\^53/],
    ['order=2', '\t5\n', /^Line 1: it has no words/],
    [
      'order=2',
      'a b\t1999\t3\t1\na b\t2000\n',
      /^Line 2: After the tab it has a count, and .* Google's year, m/,
    ],
    [
      'order=2',
      'a b\t3\na b\t1999,3,1\n',
      /^Line 2: After the tab it has Google's year,matches,volumes, and .* a count/,
    ],
    ['order=2', 'a b\t1999\t3\t1\na b\t2000\t3\t2\t1\n', /^Line 2: After the tab it has .* pages/],
    [
      'order=2&tokenizer=whitespace',
      'c\t1\na\u00a0b c\t3\n',
      /^Line 2: .*"a\u00a0b" as "a","b"\. White space of any/,
    ],
    [
      'order=2&tokenizer=whitespace',
      'a b\t9007199254740990\nc d\t9007199254740990\n',
      /^Line 2: .*"d" and the words before it occur more/,
    ],
    ['order=2', 'a b c\t5\n', /^Line 1: it has 3 words, and the corpus counts n-grams up to order 2/],
    ['order=2', "a\t1\na don't\t5\n", /^Line 2: tokenizer=word reads its word "don't" as "don","t"/],
    ['order=2', 'The\t5\n', /^Line 1: tokenizer=word reads its word "The" as "the"/],
    ['order=2', '42\t5\n', /^Line 1: tokenizer=word reads its word "42" as nothing/],
    ['order=2', Buffer.from('61ff09350a', 'hex'), /^Line 1: it is not valid UTF-8/],
    ['order=2&tokenizer=char', 'ab\t5\n', /^Line 1: its characters are not separated/],
    [line, 'a <s>\t5\n', /^Line 1: <s> begins a line/],
    [line, '</s> a\t5\n', /^Line 1: <\/s> ends a line/],
    [line, 'a b\t5\n', /^Line 1: The counts contradict each other: "b" has words after it 0 times/],
    [line, '<s> a\t5\na </s>\t4\n', /^Line 1: .*"a" has words after it 4 times and before it 5 times/],
    [line, '<s> a\t5\na </s>\t5\na\t6\n', /^Line 3: .*"a" occurs 6 times, and with a word after it 5/],
    ['order=2', 'a b\t5\nb\t6\na\t4\n', /^Line 3: .*"a" occurs 4 times, and with a word after it 5/],
    ['order=1&sequences=line', 'a\t5\n', /^Line 1: .*"a" occurs, and <\/s> does not/],
    ['order=1&sequences=line', '<s>\t4\n</s>\t5\n', /^Line 1: .*"<s>" occurs 4 times, and <\/s> 5/],
    ['order=2', `${'a '.repeat(2 ** 20)}\t5\n`, /^Line 1: it (is longer than|has \d+ words)/],
  ];
  for (const [settings, lines, detail] of bad) {
    const { body } = await put(`c?${settings}`, lines).expect(400);
    t.match(body, { type: '/problems#invalid-text', errors: [{ pointer: '/body', detail }] });
    await api.get('/v1/corpora/c').expect(404);
  }
  t.match((await put('c', ' \n\n').expect(400)).body, { type: '/problems#empty-text' });
  await put('c?order=2', 'a b\t5\n').expect(201);
  const before = (await api.get('/v1/corpora/c')).body;
  await api.post('/v1/corpora/c/documents').type(tsv).send('c d\t5\nd\t4\n').expect(400);
  t.same((await api.get('/v1/corpora/c')).body, before);
});

t.test('a corpus without a text says so, and takes no texts', async (t) => {
  const { api, port, put } = await start(t);
  await put('c?order=2', 'the time\t3\n').expect(201);
  await api.put('/v1/corpora/texts').send({ text: 'the time' }).expect(201);
  for (const path of [
    'batches?batch_size=1&num_steps=1',
    'batches?batch_size=1&num_steps=1&format=npy',
    'concordance?q=the',
    'concordance?q=the&format=csv',
    'collocates?node=the',
    'continuations?context=time&side=left',
  ]) {
    const answer = await api.get(`/v1/corpora/c/${path}`).expect(409);
    t.match(answer.body, { type: '/problems#no-text', detail: /counts of n-grams and no text/ }, path);
  }
  const compare = '/v1/ngrams/compare?phrases=the&corpora=c&by=year';
  t.match((await api.get(compare).expect(409)).body, { type: '/problems#no-text' });
  const text = api.post('/v1/corpora/c/documents').type('text/plain').send('the time');
  t.match((await text.expect(409)).body, { type: '/problems#other-kind' });
  const counts = api.post('/v1/corpora/texts/documents').type(tsv).send('the time\t3');
  t.match((await counts.expect(409)).body, { type: '/problems#other-kind' });
  const form = new FormData();
  form.append('name', 'form');
  form.append('order', '2');
  form.append('file', new Blob(['the time\t3'], { type: tsv }), 'counts.tsv');
  const send = async () =>
    (await fetch(`http://127.0.0.1:${port}/v1/corpora`, { method: 'POST', body: form })).status;
  t.equal(await send(), 201);
  form.set('name', 'two');
  form.append('file', new Blob(['the time\t3'], { type: tsv }), 'counts.tsv');
  t.equal(await send(), 400, 'one document an upload');
  for (const path of ['continuations?context=the', 'vocabulary', 'zipf', 'arpa?order=2']) {
    await api.get(`/v1/corpora/c/${path}`).expect(200);
  }
});

t.test('a backup of counts becomes a corpus whose documents can be taken back', async (t) => {
  const { api, put } = await start(t);
  await put('c?order=2', 'the time\t3\n').expect(201);
  await api.put('/v1/corpora/c/documents/more').type(tsv).send('a time\t2\n').expect(201);
  const backup = (await api.post('/v1/corpora/c/backups').expect(201)).body;
  await api.post(`/v1/corpora/c/backups/${backup.name}/restore?to=copy`).expect(201);
  const content = async (name: string) => {
    const { ngrams, tokens, documents } = (await api.get(`/v1/corpora/${name}`).expect(200)).body;
    return { ngrams, tokens, documents };
  };
  t.same(await content('copy'), await content('c'));
  for (const name of ['c', 'copy']) await api.delete(`/v1/corpora/${name}/documents/more`).expect(204);
  t.match(await content('copy'), { tokens: 6, documents: 1 });
});

t.test('counts of a closed vocabulary have <unk> for other words', async (t) => {
  const { api, port } = await start(t);
  const form = new FormData();
  form.append('name', 'closed');
  form.append('order', '2');
  form.append('vocabulary', 'a\nb\n');
  form.append('file', new Blob(['a b\t3\na c\t2\na d\t1\nc\t9\n'], { type: tsv }), 'counts.tsv');
  const sent = await fetch(`http://127.0.0.1:${port}/v1/corpora`, { method: 'POST', body: form });
  t.equal(sent.status, 201);
  const { items } = (await api.get('/v1/corpora/closed/ngrams?order=2')).body;
  t.match(items, [
    { ngram: ['a', '<unk>'], count: 3 },
    { ngram: ['a', 'b'], count: 3 },
  ]);
  const unigrams = (await api.get('/v1/corpora/closed/ngrams?order=1')).body.items;
  t.match(unigrams[0], { ngram: ['<unk>'], count: 9 });
});

t.test('counts of characters have spaces among their words', async (t) => {
  const { api, put, exported } = await start(t);
  await api.put('/v1/corpora/text?tokenizer=char&sequences=line').send({ text: 'a b\nb  a a' }).expect(201);
  await put('counts?tokenizer=char&sequences=line', await exported('text')).expect(201);
  const [text, counts] = await Promise.all(
    ['text', 'counts'].map(async (name) => (await api.get(`/v1/corpora/${name}`)).body),
  );
  t.same([counts.ngrams, counts.tokens], [text.ngrams, text.tokens]);
});

t.test('a first word that looks like a byte order mark is read in again', async (t) => {
  const { api, put, exported } = await start(t);
  await api
    .put('/v1/corpora/text?tokenizer=whitespace&order=2')
    .send({ text: '\ufeff\ufeff a \ufeff' })
    .expect(201);
  await put('counts?tokenizer=whitespace&order=2', await exported('text')).expect(201);
  const [text, counts] = await Promise.all(
    ['text', 'counts'].map(async (name) => (await api.get(`/v1/corpora/${name}/ngrams?order=2`)).body.items),
  );
  t.same(counts, text);
  t.equal(text.length, 2);
});

t.test('a corpus without counts is not exported', async (t) => {
  const { api, exported } = await start(t);
  const file = '\\data\\\nngram 1=1\n\n\\1-grams:\n-1\ta\n\n\\end\\\n';
  await api.put('/v1/corpora/model').type('text/x-arpa').send(file).expect(201);
  await t.rejects(exported('model'), { code: 2, stderr: /of kind arpa and has no counts/ });
});
