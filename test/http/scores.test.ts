import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';
import { type ScoreRecord, sendingText, streamed } from './score-streams.ts';

t.test('candidates are ranked by their joint probability; equals share a rank', async (t) => {
  const { api } = await startService(t);
  await api
    .put('/v1/corpora/c?sequences=line')
    .type('text/plain')
    .send('machines learn to recognize speech\nwe wreck a car\na nice beach\nto recognize speech is hard');
  const texts = ['to wreck a nice beach', 'to recognize speech', 'To recognize speech!', '42'];
  const { body } = await api.post('/v1/corpora/c/score').send({ texts, estimator: 'witten-bell' });
  t.same(
    body.results.map(({ rank }: { rank?: number }) => rank),
    [4, 2, 2, 1],
  );
  const [{ tokens, log_probability, perplexity }] = body.results;
  t.equal(tokens, 6);
  t.equal(perplexity, Math.exp(-log_probability / tokens));
});

t.test('per_token answers each token’s score, and bos and eos take the marks away', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c');
  const score = async (body: object) =>
    (await api.post('/v1/corpora/c/score').send({ texts: ['a b'], estimator: 'mle', ...body })).body
      .results[0];
  t.match(await score({ per_token: true }), {
    tokens: 3,
    log_probability: Math.log(0.5),
    per_token: [
      { token: 'a', log_probability: 0, in_vocabulary: true, order: 2 },
      { token: 'b', log_probability: Math.log(0.5), in_vocabulary: true, order: 3 },
      { token: '</s>', log_probability: 0, in_vocabulary: true, order: 3 },
    ],
  });
  t.match(await score({ bos: false }), { tokens: 3, log_probability: Math.log(1 / 3) + Math.log(0.5) });
  t.match(await score({ eos: false }), { tokens: 2, log_probability: Math.log(0.5) });
  t.match(await score({ texts: ['c a'] }), { log_probability: null, perplexity: null });
});

t.test('log_base changes every logarithm of a response and nothing else', async (t) => {
  const { api, app } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c');
  const path = '/v1/corpora/c/score?estimator=laplace';
  const { port } = app.server.address() as { port: number };
  const body = { texts: ['a b', 'c a zebra'], per_token: true };
  const natural = (await api.post(path).send(body)).body.results;
  const records = (query: string) => streamed(port, path + query, [Buffer.from('a b\nc a zebra')]);
  for (const base of [2, 10]) {
    const scaled = (value: object): object =>
      JSON.parse(JSON.stringify(value), (key, field) =>
        key === 'log_probability' ? field / Math.log(base) : field,
      );
    t.same((await api.post(path).send({ ...body, log_base: base })).body.results, scaled(natural));
    t.same((await api.post(`${path}&log_base=${base}`).send(body)).body.results, scaled(natural));
    t.same(await records(`&per_token=true&log_base=${base}`), scaled(await records('&per_token=true')));
    const summary = (await api.post(path).send({ texts: body.texts, summary: true })).body;
    t.same(
      (await api.post(path).send({ texts: body.texts, summary: true, log_base: base })).body,
      scaled(summary),
    );
    t.same(await records(`&summary=true&log_base=${base}`), scaled(await records('&summary=true')));
  }
  for (const log_base of [0, 1, 3, 'e']) {
    const { status, body: problem } = await api.post(path).send({ ...body, log_base });
    t.match({ status, problem }, { status: 400, problem: { errors: [{ pointer: '/body/log_base' }] } });
  }
});

t.test('hypotheses are ranked by their totals', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c');
  const score = async (body: object) =>
    (await api.post('/v1/corpora/c/score').send({ estimator: 'laplace', ...body })).body;
  const texts = [
    { text: 'a b', acoustic: -9 },
    { text: 'c', acoustic: -8.5 },
    { text: 'b b b', acoustic: 0 },
    { text: 'a c', acoustic: 1e-7 },
  ];
  const weights = { lm_weight: 0.5, word_penalty: -0.25, log_base: 10 };
  const plain = texts.map(({ text }) => text);
  const alone = (await score({ texts: plain, log_base: 10 })).results;
  const { results } = await score({ texts, ...weights });
  const totals: number[] = results.map(({ total }: { total: number }) => total);
  for (const [i, { acoustic }] of texts.entries()) {
    const { log_probability, tokens } = alone[i];
    t.equal(totals[i], acoustic + 0.5 * log_probability - 0.25 * tokens);
  }
  t.same(
    results.map(({ rank }: { rank: number }) => rank),
    totals.map((total) => 1 + totals.filter((other) => other > total).length),
  );
  t.notOk('total' in alone[0], 'texts alone have no total');
  t.ok('total' in (await score({ texts: ['a'], lm_weight: 2 })).results[0], 'a weight is enough');
  t.match((await score({ texts: [{ text: 'c a' }], estimator: 'mle' })).results, [{ total: null, rank: 1 }]);
  for (const [text, pointer] of [
    [5, '/body/texts/0'],
    [{ acoustic: 1 }, '/body/texts/0/text'],
    [{ text: 'a', acoustic: '1' }, '/body/texts/0/acoustic'],
    [{ text: 'a', accoustic: 1 }, '/body/texts/0/accoustic'],
  ] as const) {
    t.match(await score({ texts: [text] }), { status: 400, errors: [{ pointer }] }, JSON.stringify(text));
  }
});

t.test(
  'an acoustic score that is missing, or too large for a number, is refused with its place',
  async (t) => {
    const { api } = await startService(t);
    await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c');
    const heard = '{"text": "a b", "acoustic": -9}';
    const lists: [texts: string, pointer: string, rest?: string][] = [
      [`${heard}, {"text": "a c"}`, '/body/texts/1/acoustic'],
      [`{"text": "a c"}, ${heard}`, '/body/texts/0/acoustic'],
      [`${heard}, "a c"`, '/body/texts/1/acoustic'],
      ['{"text": "a b", "acoustic": 1e999}', '/body/texts/0/acoustic'],
      ['{"text": "a b", "acoustic": -1e999}', '/body/texts/0/acoustic'],
      [heard, '/body/lm_weight', ', "lm_weight": 1e999'],
      [heard, '/body/word_penalty', ', "word_penalty": -1e999'],
    ];
    for (const [texts, pointer, rest = ''] of lists) {
      const answer = await api
        .post('/v1/corpora/c/score')
        .type('application/json')
        .send(`{"texts": [${texts}]${rest}}`);
      t.match(answer, { status: 400, body: { errors: [{ pointer }] } }, texts + rest);
    }
    const { body } = await api.post('/v1/corpora/c/score').send({ texts: [{ text: 'a b' }, 'a c'] });
    t.equal(body.results.length, 2, 'none has one');
  },
);

t.test('lines stream back as NDJSON; a bad one has its problem in its own place', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const body = Buffer.concat([Buffer.from('a b\n\nb '), Buffer.from([0xff]), Buffer.from('\nzebra\nc')]);
  const answer = await api
    .post('/v1/corpora/c/score')
    .query({ estimator: 'additive', k: 1 })
    .type('text/plain')
    .buffer(true)
    .serialize((raw) => raw as unknown as string)
    .send(body as unknown as string);
  t.equal(answer.headers['content-type'], 'application/x-ndjson');
  const lines = answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(lines, [
    { line: 1, version: 1, tokens: 2, out_of_vocabulary: 0 },
    { line: 2, tokens: 0, log_probability: 0, perplexity: null },
    { line: 3, problem: { type: '/problems#invalid-text', detail: /byte offset 2/ } },
    { line: 4, tokens: 1, out_of_vocabulary: 1, perplexity_in_vocabulary: null },
    { line: 5, tokens: 1 },
  ]);
});

t.test('a line’s score depends neither on where the bytes are cut nor on other lines', async (t) => {
  const { api, app } = await startService(t);
  await api
    .put('/v1/corpora/c?tokenizer=whitespace&sequences=line&order=2')
    .type('text/plain')
    .send('hello there friend\nhello my friend\nhello there');
  const { port } = app.server.address() as { port: number };
  /** The answers to a stream of chunks, without what names the line and the request. */
  const score = async (chunks: readonly Uint8Array[]): Promise<unknown[]> => {
    const headers = { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' };
    const client = request({ port, method: 'POST', path: '/v1/corpora/c/score', headers });
    for (const chunk of chunks) client.write(chunk);
    client.end();
    const [response] = await once(client, 'response');
    return (await text(response))
      .trim()
      .split('\n')
      .map((line) => {
        const { line: _, problem, ...scores } = JSON.parse(line);
        return problem === undefined ? scores : { detail: problem.detail };
      });
  };
  const lines = ['hello there', '\ufeffhello there', '\ufeff\ufeffhello', 'hello \ufeff friend', '', '\ufeff']
    .map((line) => Buffer.from(`${line}\n`))
    .concat([Buffer.from([0x61, 0xff, 0x62, 0x0a]), Buffer.from('\ufeff\u00e9\r\n')]);
  const first: unknown[] = [];
  const later: unknown[] = [];
  for (const line of lines) {
    first.push((await score([line]))[0]);
    later.push((await score([Buffer.from('zebra\n'), line]))[1]);
  }
  t.same(first[1], first[0], 'U+FEFF at the beginning of the body is no text');
  t.notSame(later[1], later[0], 'anywhere else it is a character');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(lines.length - 1), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
      async (picked, lengths) => {
        const body = Buffer.concat(picked.map((i) => lines[i]));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < body.length; at += lengths[(chunks.length - 1) % lengths.length]) {
          chunks.push(body.subarray(at, at + lengths[chunks.length % lengths.length]));
        }
        t.same(
          await score(chunks),
          picked.map((line, place) => (place === 0 ? first[line] : later[line])),
        );
      },
    ),
    { numRuns: 40 },
  );
});

t.test('texts in JSON are scored as the same lines', async (t) => {
  const { api, app } = await startService(t);
  const { port } = app.server.address() as { port: number };
  const line = fc.oneof(
    fc.constantFrom('', ' ', '42', '\u3000', 'a', 'a b', 'a\u0001b', '<s>', '</s> a', 'zebra a', 'é', '中文'),
    fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\n', ' ')),
  );
  for (const sequences of ['line', 'document']) {
    for (const tokenizer of ['whitespace', 'char']) {
      const path = `/v1/corpora/${sequences}-${tokenizer}`;
      await api
        .put(`${path}?sequences=${sequences}&tokenizer=${tokenizer}`)
        .type('text/plain')
        .send('a b a\nb a zebra');
      const marks = sequences === 'line' ? [{}, { bos: false }, { eos: false, bos: false }] : [{}];
      await fc.assert(
        fc.asyncProperty(
          fc.array(line, { minLength: 1, maxLength: 6 }),
          fc.constantFrom(...marks),
          async (texts, marks) => {
            const query = new URLSearchParams({ estimator: 'witten-bell', per_token: 'true' });
            for (const [name, value] of Object.entries(marks)) query.set(name, String(value));
            const lines = await streamed(port, `${path}/score?${query}`, [
              Buffer.from(texts.map((text) => `${text}\n`).join('')),
            ]);
            const { body } = await api.post(`${path}/score?${query}`).send({ texts });
            const same = ({ line, version, rank, problem, ...score }: ScoreRecord) => ({
              ...score,
              problem: problem && [problem.type, problem.detail],
            });
            t.same(body.results.map(same), lines.map(same));
          },
        ),
        { numRuns: 25 },
      );
    }
  }
});

t.test('a text without tokens counts as one, in totals too', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  await api.put('/v1/corpora/lines?sequences=line').type('text/plain').send('a b\na c');
  const total = async (corpus: string, body: object | string) => {
    const asked = api.post(`/v1/corpora/${corpus}/score?summary=true`);
    if (typeof body === 'string') asked.type('text/plain');
    const answer = await asked.send(body);
    t.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  for (const [corpus, tokens] of [
    ['c', 2],
    ['lines', 5],
  ] as const) {
    const ofTexts = await total(corpus, { texts: ['a', '', 'b'] });
    t.match(ofTexts, { texts: 3, tokens });
    t.same(ofTexts, await total(corpus, 'a\n\nb'));
  }
  t.match(await total('c', { texts: ['', '42'] }), {
    texts: 2,
    tokens: 0,
    log_probability: 0,
    perplexity: null,
    perplexity_in_vocabulary: null,
  });
  const { body } = await api.post('/v1/corpora/c/score').send({ texts: ['a', '', '42'], per_token: true });
  t.match(body.results[1], { tokens: 0, log_probability: 0, perplexity: null, rank: 1, per_token: [] });
  t.same(body.results[2], body.results[1]);
});

t.test('a JSON answer lists at most 100,000 tokens', async (t) => {
  const { api } = await startService(t, { INDEX_TIMEOUT_MS: '300000' });
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const score = (texts: string[], switches = {}) =>
    api
      .post('/v1/corpora/c/score')
      .send({ texts, estimator: 'modified-kneser-ney', per_token: true, ...switches });
  const many = Array(100).fill('a '.repeat(1000));
  const { body } = await score(many);
  t.equal(body.results.length, 100);
  t.ok(body.results.every(({ per_token }: { per_token: unknown[] }) => per_token.length === 1000));
  for (const texts of [[...many, 'b'], ['a '.repeat(2_000_000)]]) {
    const refused = await score(texts);
    t.equal(refused.status, 413);
    t.match(refused.body, { type: '/problems#content-too-large', errors: [{ pointer: '/body/texts' }] });
    t.match(refused.body.detail, /100000 tokens.*text\/plain.*leave out per_token/);
    t.equal((await score(texts, { per_token: false })).status, 200);
    t.equal((await score(texts, { summary: true })).status, 200, 'totals list none');
  }
});

t.test('a JSON body of texts has at most 4 MiB', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const score = (characters: number) =>
    api.post('/v1/corpora/c/score').send({ texts: [' '.repeat(characters)] });
  t.equal((await score(2 ** 22 - 100)).status, 200);
  const { status, body } = await score(2 ** 22);
  t.equal(status, 413);
  t.match(body.detail, /at most 4194304 bytes/);
});

t.test('what a client that is gone has asked ends at its next checkpoint', async (t) => {
  const { api, app } = await startService(t);
  const { port } = app.server.address() as { port: number };
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const says = async (metric: RegExp) => metric.test((await api.get('/metrics')).text);
  const hasEnded = (times: number) => says(new RegExp(`_count\\{stage="model.tuneParameters"\\} ${times}`));
  const isCancelled = () => says(/failures_total\{stage="model.tuneParameters",code="cancelled"\} 1/);
  // A request that is answered before its client goes does not count.
  for (let times = 1; !(await isCancelled()); times++) {
    const client = sendingText(port, '/v1/corpora/c/tune');
    client.on('error', () => {});
    client.end('a b c '.repeat(30_000));
    while (!(await says(/ngramd_pool_busy_threads\{pool="model"\} 1/)) && !(await hasEnded(times))) {
      await setTimeout(5);
    }
    client.destroy();
    while (!(await hasEnded(times))) await setTimeout(20);
  }
  t.equal((await api.post('/v1/corpora/c/score').send({ texts: ['a'] })).status, 200);
});

t.test('a line is answered before the next one comes', async (t) => {
  const { api, app } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const { port } = app.server.address() as { port: number };
  const client = sendingText(port, '/v1/corpora/c/score');
  client.write('a b\n');
  const [response] = await once(client, 'response');
  const answers = createInterface({ input: response })[Symbol.asyncIterator]();
  t.match(JSON.parse(String((await answers.next()).value)), { line: 1, tokens: 2 });
  client.write('b a c\n');
  t.match(JSON.parse(String((await answers.next()).value)), { line: 2, tokens: 3 });
  client.end('a');
  t.match(JSON.parse(String((await answers.next()).value)), { line: 3, tokens: 1 });
  t.ok((await answers.next()).done);
});

t.test('a total is of one version: where the file has changed meanwhile it is asked for again', async (t) => {
  const { api, app } = await startService(t, { INDEX_MEMORY_BYTES: '10' });
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const { port } = app.server.address() as { port: number };
  const client = sendingText(port, '/v1/corpora/c/score?summary=true');
  client.write('a b\n');
  const isScored = async () => /_count\{stage="model\.sumLines"\} 1/.test((await api.get('/metrics')).text);
  while (!(await isScored())) await setTimeout(5);
  await api.post('/v1/corpora/c/documents').type('text/plain').send('a b');
  client.end('b a c\n');
  const [response] = await once(client, 'response');
  t.equal(response.statusCode, 503);
  t.match(JSON.parse(await text(response)).detail, /changed while it was being scored by.*Ask again/);
});

t.test('parameters may be divided between the query and JSON', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const { body } = await api
    .post('/v1/corpora/c/score?estimator=additive&summary=true')
    .send({ texts: ['a', 'b'], k: 3 });
  t.match(body, { estimator: { name: 'additive', k: 3 }, texts: 2, tokens: 2 });
});

t.test('The Time Machine’s perplexity is KenLM’s', bookTest, async (t) => {
  const { api } = await startService(t);
  const book = readFileSync(join(testData as string, 'timemachine.lines.txt'), 'utf8');
  await api.put('/v1/corpora/book?tokenizer=whitespace&sequences=line').type('text/plain').send(book);
  const score = (query: object) =>
    api
      .post('/v1/corpora/book/score')
      .query({ estimator: 'modified-kneser-ney', ...query })
      .type('text/plain')
      .send(book);
  const { body } = await score({ summary: true });
  t.equal(body.texts, 2848);
  t.equal(body.tokens, 35_623);
  t.equal(body.perplexity.toFixed(5), '18.58095');
  t.equal(body.out_of_vocabulary, 0);
  const lines = (await score({})).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.equal(lines.length, 2848);
  const sum = lines.reduce((sum, { log_probability }) => sum + log_probability, 0);
  t.ok(Math.abs(sum - body.log_probability) < 1e-6);
});
