import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';

const text = 'the time machine and the time traveller\nthe traveller and the psychologist\nthe end of time';

t.test('an ARPA file is streamed under the name of its model, the same at each call', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send(text);
  const one = await api.get('/v1/corpora/c/arpa').query({ order: 2 });
  t.equal(one.status, 200);
  t.match(one.headers['content-type'], /^text\/plain/);
  t.match(one.headers['content-disposition'], /filename="c\.2\.modified-kneser-ney\.arpa"/);
  t.match(one.text, /^\\data\\\nngram 1=\d+\nngram 2=\d+\n\n\\1-grams:\n[\s\S]+\n\n\\end\\\n$/);
  t.equal((await api.get('/v1/corpora/c/arpa').query({ order: 2 })).text, one.text);
});

t.test('an ARPA file is compressed for clients that accept gzip, and only for them', async (t) => {
  const { api, app } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send(text);
  const { port } = app.server.address() as { port: number };
  const read = async (encoding?: string) => {
    const headers = encoding === undefined ? {} : { 'accept-encoding': encoding };
    const [response] = await once(get({ port, path: '/v1/corpora/c/arpa', headers }), 'response');
    return { headers: response.headers, body: await buffer(response) };
  };
  const plain = await read();
  t.equal(plain.headers['content-encoding'], undefined);
  t.equal(plain.headers.vary, 'accept-encoding', 'caches keep both');
  for (const encoding of ['gzip', 'br, gzip;q=0.5', '*']) {
    const { headers, body } = await read(encoding);
    t.equal(headers['content-encoding'], 'gzip', encoding);
    t.equal(headers.vary, 'accept-encoding');
    t.same(gunzipSync(body), plain.body);
  }
  for (const encoding of ['', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.5, identity']) {
    const { headers, body } = await read(encoding);
    t.equal(headers['content-encoding'], undefined, encoding);
    t.same(body, plain.body);
  }
});

t.test(
  'n-grams are left out of an ARPA file by counts, by words and by entropy, compressed or not',
  async (t) => {
    const { api } = await startService(t);
    const sent = `${text}\n${text}\nthe year`;
    await api.put('/v1/corpora/c?sequences=line').type('text/plain').send(sent);
    const numbersIn = (file: string) => [...file.matchAll(/^ngram \d=(\d+)$/gm)].map(([, n]) => Number(n));
    const get = async (query: string) => {
      const { headers, text } = await api.get(`/v1/corpora/c/arpa?${query}`).expect(200);
      t.match(headers['content-disposition'], /c\.3\.modified-kneser-ney\.pruned\.arpa/);
      t.equal(headers['content-encoding'], 'gzip', 'supertest asks for it');
      return text;
    };
    const whole = numbersIn((await api.get('/v1/corpora/c/arpa').expect(200)).text);
    const pruned = await get('prune=0,1');
    t.same(numbersIn(pruned), [whole[0], whole[1] - 2, whole[2] - 2]);
    t.notMatch(pruned, /\tthe year/);
    const limited = await get('vocabulary=top:3');
    t.equal(numbersIn(limited)[0], 6);
    const [, , trigrams] = numbersIn(await get('prune_entropy=0.01'));
    t.ok(trigrams < whole[2]);
    t.same(numbersIn(await get('prune_entropy=100')), [whole[0], 0, 0]);
    t.equal(numbersIn(await get('prune=0,1&vocabulary=top:3&prune_entropy=1e-9'))[0], 6);
    const words = limited
      .match(/(?<=\t)[a-z]+(?=\t)/g)
      ?.slice(0, 3)
      .join('\n');
    const posted = await api.post('/v1/corpora/c/arpa').type('text/plain').send(words).expect(200);
    t.equal(posted.text, limited);
    const inJson = { vocabulary: words?.split('\n') };
    t.equal((await api.post('/v1/corpora/c/arpa').send(inJson).expect(200)).text, limited);
    for (const list of [words ?? '', gzipSync(words ?? '')]) {
      const form = api.post('/v1/corpora/c/arpa').attach('vocabulary', Buffer.from(list), 'words.txt');
      t.equal((await form.expect(200)).text, limited);
    }
    const field = api.post('/v1/corpora/c/arpa').field('vocabulary', words ?? '');
    t.equal((await field.expect(200)).text, limited);
  },
);

t.test('what is wrong with a form of words is said by its part', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send(text);
  const form = () => api.post('/v1/corpora/c/arpa');
  const wrong: [request: ReturnType<typeof form>, pointer: string, detail: RegExp][] = [
    [form().field('order', '2'), '/body/order', /a part "order".*in the query/],
    [form().field('vocabulary', ''), '/body/vocabulary', /is empty/],
    [form().field('vocabulary', 'a').field('vocabulary', 'b'), '/body/vocabulary', /given twice/],
    [form().attach('vocabulary', Buffer.of(0xff), 'w'), '/body/vocabulary', /not valid UTF-8/],
    [form().type('multipart/form-data; boundary=x').send('--x--\r\n'), '/body/vocabulary', /no part/],
    [form().field('vocabulary', 'a b'), '/body/vocabulary', /./],
    [form().type('text/plain').send('a\nb c'), '/body', /Line 2 of the vocabulary, "b c", is 2 tokens/],
    [
      form()
        .type('application/gzip')
        .send(gzipSync(Buffer.from('caf\xe9', 'latin1'))),
      '/body',
      /not valid UTF-8/,
    ],
  ];
  for (const [request, pointer, detail] of wrong) {
    const { status, body } = await request;
    t.equal(status, 400, pointer);
    t.match(body.errors, [{ pointer, detail }]);
  }
  const { status, body } = await form().type('text/html').send('<p>');
  t.equal(status, 415);
  t.match(body.detail, /curl -F vocabulary=@words\.txt/);
});

t.test('pruning by entropy says what memory it lacks', async (t) => {
  const { api } = await startService(t, { INDEX_MEMORY_BYTES: '60000' });
  const many = Array.from({ length: 800 }, (_, i) => `w${i} w${(i * i) % 801}`).join('\n');
  await api.put('/v1/corpora/c?sequences=line&tokenizer=whitespace&order=2').type('text/plain').send(many);
  const { status, body } = await api.get('/v1/corpora/c/arpa?prune_entropy=1e-8');
  t.equal(status, 507);
  t.match(body.detail, /INDEX_MEMORY_BYTES/);
});

t.test('a generated text is of the version that it names, also while the corpus grows', async (t) => {
  // No index fits, so that each text is read from the file.
  const { api } = await startService(t, { INDEX_MEMORY_BYTES: '0' });
  await api.put('/v1/corpora/c?order=1').type('text/plain').send('a');
  let isGrowing = true;
  const grow = async () => {
    for (let version = 2; version <= 26; version++) {
      // At each version another word is the most frequent.
      const word = String.fromCharCode(96 + version);
      await api.post('/v1/corpora/c/documents').type('text/plain').send(`${word} `.repeat(version));
    }
    isGrowing = false;
  };
  const ask = async () => {
    const { body } = await api
      .post('/v1/corpora/c/generate')
      .send({ max_tokens: 1, temperature: 0, estimator: 'laplace' });
    t.equal(body.text, String.fromCharCode(96 + body.version), `version ${body.version}`);
  };
  const askOn = async () => {
    while (isGrowing) await ask();
  };
  // The threads are there when the corpus begins to grow.
  await Promise.all([ask(), ask()]);
  await Promise.all([grow(), ...Array.from({ length: 8 }, askOn)]);
});

t.test('a generated text names its seed, with which it comes again', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send(text);
  const generate = async (body: object) => (await api.post('/v1/corpora/c/generate').send(body)).body;
  const one = await generate({ prompt: 'The Time', max_tokens: 8, estimator: 'witten-bell' });
  t.match(one, { version: 1, prompt: ['the', 'time'], finish_reason: 'length' });
  t.equal(one.tokens.length, 8);
  t.equal(one.text, one.tokens.join(' '));
  t.same(
    await generate({ prompt: 'The Time', max_tokens: 8, estimator: 'witten-bell', seed: one.seed }),
    one,
  );
});

t.test('with stream=true the tokens come as server-sent events, and are those of the whole', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send(text);
  const question = { prompt: 'the', max_tokens: 20, estimator: 'modified-kneser-ney', seed: 3 };
  const whole = (await api.post('/v1/corpora/c/generate').send(question)).body;
  const answer = await api.post('/v1/corpora/c/generate').send({ ...question, stream: true });
  t.match(answer.headers['content-type'], /^text\/event-stream/);
  const events = answer.text
    .trim()
    .split('\n\n')
    .map((event) => /^event: (\w+)\ndata: (.+)$/.exec(event) as RegExpExecArray)
    .map(([, name, data]) => ({ name, data: JSON.parse(data) }));
  const last = events.pop();
  t.same(last, { name: 'end', data: whole });
  t.same(
    events.map(({ name, data }) => [name, data.token]),
    whole.tokens.map((token: string) => ['token', token]),
  );
});

t.test('characters are put together without spaces', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=char').type('text/plain').send(text);
  const { body } = await api.post('/v1/corpora/c/generate').send({ max_tokens: 30, seed: 1 });
  t.equal(body.text.length, 30);
});

t.test('a perplexity that is infinite is null, and another one is found', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send(text);
  const { body } = await api.post('/v1/corpora/c/tune').send({ text: 'unseen', epsilon: [0] });
  t.equal(body.curve[0].perplexity, null);
  t.type(body.perplexity, 'number');
});

t.test('tuning takes a text or JSON, and answers an estimator that can be asked with', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send(text);
  const heldOut = 'the time and the traveller and the end';
  const one = await api.post('/v1/corpora/c/tune?estimator=jelinek-mercer').type('text/plain').send(heldOut);
  const { name, lambda } = one.body.estimator;
  t.equal(name, 'jelinek-mercer');
  t.same((await api.post('/v1/corpora/c/tune').send({ text: heldOut, estimator: name })).body, one.body);
  const asked = await api.post('/v1/corpora/c/score').send({ texts: [heldOut], estimator: name, lambda });
  t.ok(Math.abs(asked.body.results[0].perplexity - one.body.perplexity) < 1e-9);
  t.same(one.body.curve[0].parameters, { lambda: [1 / 3, 1 / 3, 1 / 3] });
});

t.test('Zipf’s law comes as numbers or as the plot', bookTest, async (t) => {
  const { api } = await startService(t);
  await api
    .put('/v1/corpora/book')
    .type('text/plain')
    .send(readFileSync(join(testData as string, 'timemachine.txt'), 'utf8'));
  const { body } = await api.get('/v1/corpora/book/zipf');
  t.match(body, { version: 1, series: [{ order: 1 }, { order: 2 }, { order: 3 }] });
  t.same(body.series[0].points[0], { rank: 1, frequency: 2261 });
  t.same(body.series[2].points.at(-1), { rank: 29_882, frequency: 1 });
  for (const { alpha, r_squared } of body.series) t.ok(alpha > 0.3 && alpha < 1.2 && r_squared > 0.8);
  const svg = await api.get('/v1/corpora/book/zipf').set('accept', 'image/svg+xml').buffer(true);
  t.match(svg.headers['content-type'], /^image\/svg\+xml/);
  t.match(svg.body.toString(), /^<svg [\s\S]*unigram/);
  t.equal((await api.get('/v1/corpora/book/zipf').set('accept', 'image/png')).status, 406);
});
