import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { ngramd } from '../command.ts';
import { ArpaReader } from '../model/arpa-reader.ts';
import { bookTest, startOn, startService, temporaryFolder, testData } from './harness.ts';

/** A model with an n-gram whose ending is not listed, a weight that is left out, and two spellings of numbers. */
const file = `\\data\\
ngram 1=6
ngram 2=5
ngram 3=2

\\1-grams:
-1.5	<unk>
-99	<s>	-0.5
-0.7	</s>
-0.6	a	-0.25
-6e-1	b	-0.125
-1.2	c	0

\\2-grams:
-0.3	<s> a	-0.1
-0.4	a b	-0.2
-0.9	a c
-0.2	b </s>
-1e-1	c a	-0.75

\\3-grams:
-0.15	<s> a b
-0.05	a c c

\\end\\
`;
const path = '/v1/corpora/m';
const model = new ArpaReader(file);
const words = ['a', 'b', 'c', '</s>', '<unk>'];

t.test('an ARPA file becomes a corpus that answers as the file says', async (t) => {
  const { api } = await startService(t);
  const created = await api.put(path).type('text/x-arpa').send(file);
  t.equal(created.status, 201, created.text);
  t.match(created.body, {
    name: 'm',
    kind: 'arpa',
    tokenizer: 'whitespace',
    sequences: 'line',
    order: 3,
    documents: 1,
    tokens: 0,
    vocabulary_size: 5,
    token_ids: 6,
    ngrams: [
      { order: 1, distinct: 5, total: 0 },
      { order: 2, distinct: 5, total: 0 },
      { order: 3, distinct: 2, total: 0 },
    ],
    bytes: file.length,
  });
  for (const context of ['', 'a', '<s>', '<s> a', 'a c', 'c a', 'zebra', 'b zebra a', 'c c']) {
    const tokens = context.split(' ').filter((token) => token !== '');
    const expected = words
      .map((word, i) => ({ word, id: i, probability: 10 ** model.logProbability(tokens, word) }))
      .sort((a, b) => b.probability - a.probability);
    for (const { word, probability } of expected) {
      const { body } = await api.get(`${path}/probability`).query({ context, word, explain: true });
      t.match(body, { version: 1, estimator: { name: 'arpa' }, in_vocabulary: true });
      close(t, body.probability, probability, `${context}: ${word}`);
      t.equal(body.backoff_levels[0].probability, body.probability);
    }
    const { body } = await api.get(`${path}/continuations`).query({ context, k: 10 });
    for (const [i, { word, probability }] of body.continuations.entries()) {
      close(t, probability, expected[i].probability, `${context}: ${word}`);
    }
    t.equal(body.continuations.length, words.length);
  }
  t.same((await api.get(`${path}/probability?context=a+c&word=b&explain=true`)).body.backoff_levels, [
    { order: 3, ngram: ['a', 'c', 'b'], listed: false, backoff: 1, probability: 10 ** Math.fround(-0.6) },
    { order: 2, ngram: ['c', 'b'], listed: false, backoff: 1, probability: 10 ** Math.fround(-0.6) },
    { order: 1, ngram: ['b'], listed: true, backoff: null, probability: 10 ** Math.fround(-0.6) },
  ]);
});

t.test('scores are those of the n-grams that the file lists', async (t) => {
  const { api } = await startService(t);
  await api.put(path).type('text/x-arpa').send(file);
  const texts = ['a b', 'a c c', 'zebra a b c a', 'c'];
  const expected = texts.map((text) => {
    const tokens = ['<s>', ...text.split(' '), '</s>'];
    return tokens
      .slice(1)
      .reduce((sum, word, i) => sum + model.logProbability(tokens.slice(0, i + 1), word), 0);
  });
  const { body } = await api.post(`${path}/score`).send({ texts, log_base: 10, per_token: true });
  for (const [i, result] of body.results.entries()) close(t, result.log_probability, expected[i], texts[i]);
  t.match(body.results[2], { tokens: 6, out_of_vocabulary: 1 });
  t.same(
    body.results[0].per_token.map(({ order }: { order: number }) => order),
    [2, 3, 2],
  );
  const lines = await api.post(`${path}/score?log_base=10`).type('text/plain').send(texts.join('\n'));
  const records = lines.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const [i, record] of records.entries()) close(t, record.log_probability, expected[i], texts[i]);
});

t.test('white space beyond ASCII is a part of a word, as for KenLM, in files and in texts', async (t) => {
  const { api } = await startService(t);
  for (const space of ['\u00a0', '\u3000', '\u2028', '\u0085']) {
    const word = `c${space}d`;
    const put = api.put(`/v1/corpora/spaced`).type('text/x-arpa');
    await put.send(file.replaceAll(/\bc\b/g, word)).expect(201);
    const texts = ['a c', 'c', 'a c c', 'c a b', 'c  a\u000bb'];
    const spaced = texts.map((text) => text.replaceAll('c', word));
    const { body } = await api.post('/v1/corpora/spaced/score').send({ texts: spaced, log_base: 10 });
    for (const [i, text] of texts.entries()) {
      const tokens = ['<s>', ...text.split(/\s+/), '</s>'];
      const expected = tokens
        .slice(1)
        .reduce((sum, next, i) => sum + model.logProbability(tokens.slice(0, i + 1), next), 0);
      close(t, body.results[i].log_probability, expected, text);
      t.equal(body.results[i].out_of_vocabulary, 0, text);
    }
    const asked = async (question: string, query: object) =>
      (await api.get(`/v1/corpora/spaced/${question}`).query(query).expect(200)).body;
    const context = `${`${word} `.repeat(200)}a`;
    const answer = await asked('probability', { context, word });
    t.match(answer, { context: [word, 'a'], in_vocabulary: true });
    close(t, answer.probability, 10 ** model.logProbability(['c', 'a'], 'c'), 'the end of a long context');
    const { continuations } = await asked('continuations', { context: word, prefix: `c${space}` });
    t.match(continuations, [{ word }]);
    t.equal(continuations.length, 1);
    t.match(await asked('probability', { context: `a${space}<s>`, word: 'a' }), {
      context: [`a${space}<s>`],
    });
    const lines = await api.post('/v1/corpora/spaced/score').type('text/plain').send(`a${space}b\n`);
    t.match(JSON.parse(lines.text), { tokens: 2, out_of_vocabulary: 1 });
    const prompt = { prompt: `a ${word}`, max_tokens: 1, temperature: 0, logprobs: 1, echo: true };
    const completed = await api.post('/v1/corpora/spaced/v1/completions').send(prompt);
    t.same(completed.body.choices[0].logprobs.text_offset.slice(0, 2), [0, 2]);
    await api.delete('/v1/corpora/spaced').expect(204);
  }
});

t.test('texts are generated and completed', async (t) => {
  const { api } = await startService(t);
  await api.put(path).type('text/x-arpa').send(file);
  const best = await api.post(`${path}/generate`).send({ prompt: 'c', temperature: 0, max_tokens: 5 });
  t.match(best.body, { estimator: { name: 'arpa' }, text: 'a b' }, best.text);
  const drawn = await api.post(`${path}/generate`).send({ max_tokens: 20, seed: 1 });
  t.equal(drawn.status, 200, drawn.text);
  const completed = await api
    .post(`${path}/v1/completions`)
    .send({ prompt: 'c a', max_tokens: 1, temperature: 0, logprobs: 2, echo: true });
  t.equal(completed.status, 200, completed.text);
});

t.test('it is one model of OpenAI’s API, without a choice of estimators', async (t) => {
  const { api } = await startService(t);
  await api.put(path).type('text/x-arpa').send(file);
  for (const models of ['/v1/models', `${path}/v1/models`]) {
    t.same(
      (await api.get(models)).body.data.map(({ id }: { id: string }) => id),
      ['m'],
    );
    t.match((await api.get(`${models}/m`)).body, { id: 'm', object: 'model' });
    const { status, body } = await api.get(`${models}/m:laplace`);
    t.equal(status, 404);
    t.equal(
      body.error.message,
      'There is no model "m:laplace": m is not made of counts, and has one model, m.',
    );
  }
});

t.test(
  'the file is recognized by its beginning, also compressed and in a form, and comes back as it was',
  async (t) => {
    const { api } = await startService(t);
    const sent = [
      api.put('/v1/corpora/plain').type('text/plain').send(file),
      api.put('/v1/corpora/bytes').type('application/octet-stream').send(Buffer.from(file)),
      api.put('/v1/corpora/gzip').type('application/gzip').send(gzipSync(file)),
      api.put('/v1/corpora/encoded').type('text/x-arpa').set('content-encoding', 'gzip').send(gzipSync(file)),
      api.put('/v1/corpora/form').attach('file', Buffer.from(file), 'model.arpa'),
      api.post('/v1/corpora?name=posted&order=3').type('text/x-arpa').send(file),
      api.put('/v1/corpora/crlf').type('text/x-arpa').send(file.replaceAll('\n', '\r\n')),
      api.put('/v1/corpora/preamble').type('text/x-arpa').send(`a model of mine\n\n${file}`),
      api.put('/v1/corpora/blank').type('text/plain').send(`\n \n\t${file}`),
      api.put('/v1/corpora/mark').type('text/plain').send(`\ufeff${file}`),
      api
        .put('/v1/corpora/part')
        .attach('file', Buffer.from(`a model of mine\n\n${file}`), { contentType: 'text/x-arpa' }),
    ];
    for (const request of sent) {
      const { status, body, text } = await request;
      t.equal(status, 201, text);
      const { text: back } = await api.get(`/v1/corpora/${body.name}/arpa`).buffer(true);
      const written: Record<string, string> = {
        crlf: file.replaceAll('\n', '\r\n'),
        preamble: `a model of mine\n\n${file}`,
        part: `a model of mine\n\n${file}`,
        blank: `\n \n\t${file}`,
        mark: `\ufeff${file}`,
      };
      t.equal(back, written[body.name] ?? file, body.name);
    }
  },
);

t.test('a file with other lines before its \\data\\ is not counted as a text unawares', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/texts').type('text/plain').send('a text');
  for (const before of [
    'iARPA\n\n',
    '# IRST\n',
    `${'## Copyright (c) 1996\n'.repeat(99)}`,
    '1\n'.repeat(999),
  ]) {
    for (const [sent, pointer] of [
      [
        api
          .put(path)
          .type('text/plain')
          .send(before + file),
        '/body',
      ],
      [
        api
          .put(path)
          .type('application/gzip')
          .send(gzipSync(before + file)),
        '/body',
      ],
      [api.put(path).attach('file', Buffer.from(before + file), 'm.arpa'), '/body/file/0'],
      [
        api
          .post('/v1/corpora/texts/documents')
          .type('text/plain')
          .send(before + file),
        '/body',
      ],
    ] as const) {
      t.match(await sent, {
        status: 400,
        body: { detail: /other lines before its \\data\\.*text\/x-arpa/, errors: [{ pointer }] },
      });
    }
  }
  t.equal((await api.get(path)).status, 404);
  const part = api
    .post('/v1/corpora/texts/documents')
    .attach('file', Buffer.from(`1\n${file}`), { contentType: 'text/x-arpa' });
  t.equal((await part).status, 415, 'nor is it a document');
  const told = `An ARPA file begins with\n\\data\\\nand is long`;
  t.equal((await api.put('/v1/corpora/told').type('text/plain').send(told)).status, 201);
  t.equal((await api.put('/v1/corpora/json').send({ text: `of models\n${file}` })).status, 201);
});

t.test('the same file again changes nothing, another is refused, and a key replays', async (t) => {
  const { api } = await startService(t);
  const put = (body: string) => api.put(path).type('text/x-arpa').send(body);
  t.equal((await put(file)).status, 201);
  t.equal((await put(file)).status, 200);
  t.equal((await put(file.replace('-0.15', '-0.16'))).status, 409);
  t.equal((await api.put(path).type('text/plain').send('a text')).status, 409);
  const post = (body: string) =>
    api.post('/v1/corpora?name=keyed').type('text/x-arpa').set('idempotency-key', 'one').send(body);
  t.equal((await post(file)).status, 201);
  const again = await post(file);
  t.match(again, { status: 201, headers: { 'idempotent-replayed': 'true' } });
  t.match(await post(file.replace('-0.15', '-0.16')), { status: 422 });
});

t.test('what needs counts or a text is refused, and so is what the model does not take', async (t) => {
  const { api } = await startService(t);
  await api.put(path).type('text/x-arpa').send(file);
  const refused = [
    api.get(`${path}/ngrams`),
    api.get(`${path}/zipf`),
    api.get(`${path}/batches?batch_size=1&num_steps=1`),
    api.get(`${path}/concordance?q=a`),
    api.get(`${path}/collocates?node=a`),
    api.get(`${path}/continuations?context=a&side=left`),
    api.get(`${path}/keyness?reference=m`),
    api.post(`${path}/tune`).send({ text: 'a b' }),
    api.post(`${path}/documents`).type('text/plain').send('a text'),
    api.delete(`${path}/documents/1`),
  ];
  for (const request of refused) {
    const { status, body } = await request;
    t.match({ status, body }, { status: 409, body: { type: /no-counts/, detail: /ARPA file/ } }, request.url);
  }
  t.match(await api.put('/v1/corpora/other?order=2').type('text/x-arpa').send(file), {
    status: 400,
    body: { errors: [{ pointer: '/query/order' }] },
  });
  t.match(await api.put('/v1/corpora/other?tokenizer=word').type('text/x-arpa').send(file), { status: 400 });
  t.match(await api.get('/v1/corpora/other'), { status: 404 });
});

t.test(
  'an estimator, its parameters and another order are refused on every route, with the field',
  async (t) => {
    const { api } = await startService(t);
    await api.put(path).type('text/x-arpa').send(file);
    await api.put('/v1/corpora/text?sequences=line&tokenizer=whitespace').type('text/plain').send('a b\na c');
    const lines = (query: string) => api.post(`${path}/score?${query}`).type('text/plain').send('a b\n');
    const invalid: [request: ReturnType<typeof api.get>, pointer: string][] = [
      [api.get(`${path}/probability?word=a&estimator=laplace`), '/query/estimator'],
      [api.get(`${path}/probability?word=a&estimator=modified-kneser-ney`), '/query/estimator'],
      [api.get(`${path}/probability?word=a&epsilon=1`), '/query/epsilon'],
      [api.get(`${path}/continuations?order=2`), '/query/order'],
      [api.get(`${path}/continuations?estimator=laplace`), '/query/estimator'],
      [api.get(`${path}/continuations?additive_k=1`), '/query/additive_k'],
      [api.get(`${path}/continuations?format=csv&estimator=laplace`), '/query/estimator'],
      [api.get(`${path}/arpa?estimator=modified-kneser-ney`), '/query/estimator'],
      [api.get(`${path}/arpa?discount=0.5`), '/query/discount'],
      [api.get(`${path}/arpa?prune=0,1`), '/query/prune'],
      [api.get(`${path}/arpa?vocabulary=top:2`), '/query/vocabulary'],
      [api.post(`${path}/arpa`).type('text/plain').send('a\n'), '/body'],
      [api.post(`${path}/arpa`).send({ vocabulary: ['a'] }), '/body/vocabulary'],
      [lines('estimator=laplace'), '/query/estimator'],
      [lines('lambda=0.5,0.3,0.2'), '/query/lambda'],
      [api.post(`${path}/score`).send({ texts: ['a'], estimator: 'laplace' }), '/body/estimator'],
      [api.post(`${path}/score`).send({ texts: ['a'], k: 1 }), '/body/k'],
      [
        api.post(`${path}/percentiles?estimator=laplace`).type('text/plain').send('a b\n'),
        '/query/estimator',
      ],
      [api.post(`${path}/generate`).send({ estimator: 'modified-kneser-ney' }), '/body/estimator'],
      [api.post(`${path}/generate`).send({ discount: [0.5] }), '/body/discount'],
      [
        api.post(`${path}/probabilities`).send({ queries: [{ word: 'a' }], estimator: 'laplace' }),
        '/body/estimator',
      ],
      [
        api.post('/v1/corpora/text/score').send({ texts: ['a'], against: 'm', against_estimator: 'laplace' }),
        '/body/against_estimator',
      ],
      [
        api.post('/v1/corpora/text/score').send({ texts: ['a'], against: { corpus: 'm', alpha: 0.4 } }),
        '/body/against/alpha',
      ],
    ];
    for (const [request, pointer] of invalid) {
      const { status, body } = await request;
      const detail =
        /not made of counts: it has the probabilities of its ARPA file, of order 3\. Leave \w+ out/;
      t.match({ status, body }, { status: 400, body: { errors: [{ pointer, detail }] } }, request.url);
    }
    const query = { word: 'a', estimator: 'laplace' };
    t.match((await api.post(`${path}/probabilities`).send({ queries: [query] })).body.results, [
      { problem: { status: 400, errors: [{ pointer: '/body/queries/0/estimator' }] } },
    ]);
    const completion = { model: 'm:laplace', prompt: 'a', max_tokens: 1 };
    t.match(await api.post(`${path}/v1/completions`).send(completion), {
      status: 400,
      body: { error: { param: 'model', message: /ARPA file/ } },
    });
    t.match(await api.get(`${path}/probability?word=a&order=3`), { status: 200 }, 'its own order');
    const against = { texts: ['a b'], estimator: 'witten-bell', against: 'm', order: 1 };
    t.match(
      await api.post('/v1/corpora/text/score').send(against),
      { status: 200, body: { against: { name: 'm', estimator: { name: 'arpa' } } } },
      'what is chosen of the other model is not of this one',
    );
  },
);

t.test('the vocabulary and the list of documents are there', async (t) => {
  const { api } = await startService(t);
  await api.put(path).type('text/x-arpa').send(file);
  t.same((await api.get(`${path}/vocabulary`)).body.items, [
    { id: 0, token: '<unk>' },
    { id: 1, token: '<s>' },
    { id: 2, token: '</s>' },
    { id: 3, token: 'a' },
    { id: 4, token: 'b' },
    { id: 5, token: 'c' },
  ]);
  t.match((await api.get(`${path}/documents`)).body.items, [{ id: '1', tokens: 0, bytes: file.length }]);
  t.match((await api.get('/v1/corpora')).body.items, [{ name: 'm', kind: 'arpa' }]);
  t.equal((await api.delete(path)).status, 204);
});

t.test('the model is there after a restart, and is refused where memory is too small for it', async (t) => {
  const folder = temporaryFolder(t);
  const first = await startOn(t, folder);
  await first.api.put(path).type('text/x-arpa').send(file);
  const query = `${path}/probability?context=a&word=b`;
  const before = await first.api.get(query);
  await first.app.close();
  const second = await startOn(t, folder);
  t.same((await second.api.get(query)).body, before.body);
  await second.app.close();
  const third = await startOn(t, folder, { INDEX_MEMORY_BYTES: '0' });
  t.match(await third.api.get(query), { status: 507, body: { type: /index-too-large/ } });
  t.match(await third.api.get(path), { status: 200 });
  t.equal((await third.api.get(`${path}/arpa`)).text, file);
});

t.test(
  'a model that could not be asked, since it is larger than the memory for indexes, is not created',
  async (t) => {
    const small = await startService(t, { INDEX_MEMORY_BYTES: '1024' });
    t.match(await small.api.put(path).type('text/x-arpa').send(file), {
      status: 507,
      body: { type: /index-too-large/, detail: /takes \d+ bytes of memory when it is asked, .* allows 1024/ },
    });
    t.match(await small.api.get(path), { status: 404 });
    const { body } = await small.api.put(path).type('text/x-arpa').send(file);
    const bytes = Math.ceil(Number(/takes (\d+) bytes/.exec(body.detail)?.[1]) / 1024) * 1024;
    const large = await startService(t, { INDEX_MEMORY_BYTES: String(bytes) });
    t.match(await large.api.put(path).type('text/x-arpa').send(file), { status: 201 });
    t.match(await large.api.get(`${path}/probability?word=a`), { status: 200 });
  },
);

t.test(
  'a backup that is restored, and a copy in another data folder, are the corpus that they are of',
  async (t) => {
    const { api, folder } = await startService(t);
    await api.put(path).type('text/x-arpa').send(file).expect(201);
    const asked = ['', '/arpa', '/vocabulary?format=csv', '/continuations?context=a&k=5', '/documents'];
    const answersOf = async ({ get }: Pick<typeof api, 'get'>, name: string) => {
      const answers: string[] = [];
      for (const question of asked) answers.push((await get(`/v1/corpora/${name}${question}`)).text);
      return answers.map((text) => text.replace(`"name":"${name}"`, ''));
    };
    const expected = await answersOf(api, 'm');
    const { headers } = await api.post(`${path}/backups`).expect(201);
    await api.post(`${headers.location}/restore?to=restored`).expect(201);
    t.same(await answersOf(api, 'restored'), expected);
    await api.delete(path).expect(204);
    await api.post(`${headers.location}/restore`).expect(201);
    t.same(await answersOf(api, 'm'), expected);
    const target = temporaryFolder(t);
    const { code, stderr } = await ngramd(['copy', 'm', '--from', folder, '--to', target]);
    t.equal(code, 0, stderr);
    t.same(await answersOf((await startOn(t, target)).api, 'm'), expected);
  },
);

/** What is wrong in a file, and what the problem says. */
const faults: [name: string, change: (file: string) => string, detail: RegExp][] = [
  [
    'too few n-grams',
    (file) => file.replace('ngram 2=5', 'ngram 2=6'),
    /Line 21 .* has 5 2-grams, and line 3 announces 6/,
  ],
  [
    'too many n-grams',
    (file) => file.replace('ngram 2=5', 'ngram 2=4'),
    /Line 19 .* one 2-gram more than the 4 that line 3/,
  ],
  ['a word twice', (file) => file.replace('\tc\t0', '\tb\t0'), /Line 12 .*"b" stands for the second time/],
  [
    'an n-gram twice',
    (file) => file.replace('a c\n', 'a b\n'),
    /Line 17 .*the 2-gram "a b" stands for the second/,
  ],
  [
    'an n-gram twice among blank lines',
    (file) => file.replace('a c\n', 'a b\n\n'),
    /Line 22 .*the 2-gram "a b" stands twice before it/,
  ],
  ['an unknown word', (file) => file.replace('b </s>', 'b d'), /Line 18 .*"d" is not among the 1-grams/],
  ['no end', (file) => file.replace('\\end\\\n', ''), /before its line \\end\\/],
  ['a probability above 1', (file) => file.replace('-0.4', '0.4'), /Line 16 .* above 0/],
  ['no number', (file) => file.replace('-0.4', 'abc'), /Line 16 /],
  ['a word too few', (file) => file.replace('a b\t-0.2', 'a'), /Line 16 /],
  ['a word too many', (file) => file.replace('a b\t-0.2', 'a b c -0.2'), /Line 16 /],
  ['a weight at the highest order', (file) => file.replace('a c c', 'a c c\t-1'), /Line 23 .*highest order/],
  ['a wrong title', (file) => file.replace('\\3-grams:', '\\4-grams:'), /Line 21 .*\\3-grams: must come/],
  [
    'order 7',
    (file) => file.replace('ngram 3=2\n', 'ngram 3=2\nngram 4=0\nngram 5=0\nngram 6=0\nngram 7=0\n'),
    /Line 8 .*order 6/,
  ],
  ['nothing', () => '\\data\\\n', /not whole/],
  ['no words', () => '\\data\\\nngram 1=0\n\\1-grams:\n\n\\end\\\n', /Line 5 .*no word among the 1-grams/],
];

for (const [name, change, detail] of faults) {
  t.test(`a file is refused for ${name}, with its line, and nothing is kept`, async (t) => {
    const { api } = await startService(t);
    const { status, body } = await api.put(path).type('text/x-arpa').send(change(file));
    t.match({ status, body }, { status: 400, body: { type: /invalid-text/, detail } }, body.detail);
    t.equal((await api.get(path)).status, 404);
  });
}

t.test(
  'a large file, whose table another thread builds, is the same model, and is refused as small ones are',
  async (t) => {
    const { api } = await startService(t);
    const names = Array.from({ length: 600 }, (_, i) => `w${i}`);
    const logarithm = (first: number, second: number) => -(1 + ((first * 7 + second * 13) % 900) / 100);
    const bigrams = names.flatMap((first, i) =>
      names.map((second, j) => `${logarithm(i, j).toFixed(2)}\t${first} ${second}`),
    );
    const unigrams = names.map((name) => `-2\t${name}\t-0.25`);
    const trigrams = names.slice(1).map((name) => `-0.5\t${name} w0 w1`);
    const fileOf = (last: string) => {
      const orders = [unigrams, bigrams, [...trigrams, last]];
      const header = orders.map((lines, i) => `ngram ${i + 1}=${lines.length}\n`).join('');
      const lists = orders.map((lines, i) => `\n\\${i + 1}-grams:\n${lines.join('\n')}\n`).join('');
      return `\\data\\\n${header}${lists}\n\\end\\\n`;
    };
    const large = fileOf('-0.5\tw0 w0 w1');
    const lastLine = large.split('\n').indexOf('-0.5\tw0 w0 w1') + 1;
    for (const [last, detail] of [
      ['-0.5\tw9 w0 w1', 'the 3-gram "w9 w0 w1" stands for the second time'],
      ['-0.5\tw0 w0 x', 'its word "x" is not among the 1-grams'],
    ]) {
      const { status, body } = await api.put(path).type('text/x-arpa').send(fileOf(last));
      const expected = `Line ${lastLine} of the ARPA file: ${detail}.`;
      t.match({ status, body }, { status: 400, body: { type: /invalid-text/, detail: expected } });
      t.equal((await api.get(path)).status, 404);
    }
    await api.put(path).type('text/x-arpa').send(large).expect(201);
    t.equal((await api.get(`${path}/arpa`)).text, large);
    for (const [first, second] of [
      [0, 0],
      [17, 599],
      [599, 17],
    ]) {
      const { body } = await api.get(`${path}/probability?context=w${first}&word=w${second}`);
      const expected = 10 ** Math.fround(Number(logarithm(first, second).toFixed(2)));
      close(t, body.probability, expected, `w${first} w${second}`);
    }
    const trigram = await api.get(`${path}/probability?context=w9+w0&word=w1`);
    close(t, trigram.body.probability, 10 ** Math.fround(-0.5), 'w9 w0 w1');
  },
);

t.test('KenLM’s query gives the same numbers for its models of The Time Machine', bookTest, async (t) => {
  const { api } = await startService(t);
  const texts = ['the time machine', 'he took a zebra for a walk', 'i thought so he said'];
  // `query -v sentence`, of KenLM 4cb443e.
  const published: Record<number, number[]> = {
    3: [-3.639317, -18.88769, -10.447046],
    5: [-3.976547, -18.9059, -10.440684],
  };
  for (const order of [3, 5]) {
    const name = `timemachine.lines.${order}.arpa.gz`;
    const bytes = readFileSync(join(testData as string, name));
    const { status } = await api.put(`/v1/corpora/tml${order}`).type('application/gzip').send(bytes);
    t.equal(status, 201);
    const { body } = await api.post(`/v1/corpora/tml${order}/score`).send({ texts, log_base: 10 });
    for (const [i, expected] of published[order].entries()) {
      const found = body.results[i].log_probability;
      t.ok(Math.abs(found - expected) < 1e-5, `${texts[i]}: ${found}, ${expected}`);
    }
    const back = await api.get(`/v1/corpora/tml${order}/arpa`).buffer(true);
    t.ok(back.text === gunzipSync(bytes).toString(), 'the file comes back');
  }
});

function close(t: Test, found: number, expected: number, message: string): void {
  t.ok(Math.abs(Math.log10(found / expected)) < 1e-6, `${message}: ${found}, ${expected}`);
}
