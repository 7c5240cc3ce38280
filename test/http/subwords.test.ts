import t from 'tap';
import { encodingNames } from '../../src/text/subwords/encodings.ts';
import { ownTokens, tokenize } from '../../src/text/tokenizer.ts';
import { startService } from './harness.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

const text =
  'The time traveller smiled — 時間旅行者 sagte: "Guten Tag!"\nThe time machine stood still. 🙂🙂\n\nДоброе утро, time traveller.\n';

const { api } = await startService(t, { INDEX_TIMEOUT_MS: '100000' });

for (const name of encodingNames) {
  t.test(`${name}: ids are the tokenizer's everywhere, and texts come back as they were`, async (t) => {
    const names = [...ownTokens({ tokenizer: name })];
    const idOf = new Map(names.map((token, id) => [token, id]));
    const ids = tokenize({ tokenizer: name }, text).map((token) => idOf.get(token) as number);
    const corpus = `/v1/corpora/${name}`;
    const { body: created } = await api
      .put(`${corpus}?tokenizer=${name}`)
      .type('text/plain')
      .send(text)
      .expect(201);
    t.match(created, { tokenizer: name, tokens: ids.length, token_ids: names.length + 1 });
    t.equal(created.vocabulary_size, new Set(ids).size);

    const { body: batches } = await api.get(
      `${corpus}/batches?strategy=sequential&batch_size=1&num_steps=${ids.length - 1}&seed=0&offset=0`,
    );
    t.same(batches.batches[0].x[0], ids.slice(0, -1));
    t.same(batches.batches[0].y[0], ids.slice(1));

    const { body: vocabulary } = await api.get(`${corpus}/vocabulary?limit=1000`);
    const listed = vocabulary.items as { id: number; token: string; count: number }[];
    for (const { id, token } of listed.slice(0, -1)) t.equal(token, names[id]);
    t.match(listed.at(-1), { id: names.length, token: '<unk>', count: 0 });
    t.same(
      listed.slice(0, -1).map(({ id }) => id),
      [...new Set(ids)].sort((a, b) => a - b),
    );

    const { body: tokens } = await api
      .post(`${corpus}/tokenize`)
      .send({ prompt: text, add_special_tokens: false });
    t.same(tokens.tokens, ids);
    const { body: prompt } = await api.post(`${corpus}/detokenize`).send({ tokens: ids });
    t.equal(prompt.prompt, text);

    const { body: generated } = await api.post(`${corpus}/generate`).send({
      prompt: 'The',
      max_tokens: ids.length - 1,
      temperature: 0,
      estimator: 'stupid-backoff',
      order: 3,
    });
    t.equal(generated.text.length > 0, true);
    const { body: again } = await api.post(`${corpus}/tokenize`).send({ prompt: generated.text });
    t.ok(again.count > 0);

    await api.post(`${corpus}/documents`).type('text/plain').send('Another time.').expect(201);
    await api.delete(`${corpus}/documents/2`).expect(204);
    const { body: after } = await api.get(corpus);
    t.match(after, { tokens: ids.length, token_ids: names.length + 1 });
  });
}

t.test('words are tokens: their texts, or the names that answers give them', async (t) => {
  const ask = (query: Record<string, string>) => api.get('/v1/corpora/gpt2/probability').query(query);
  const { body } = await ask({ context: 'The time', word: ' timetraveller' }).expect(400);
  t.match(body.errors, [{ pointer: '/query/word' }]);
  t.match(body.detail, /makes 3 of " timetraveller": \["Ġtimet","rave","ller"\]/);
  const { body: byText } = await ask({ context: 'The', word: ' time', estimator: 'stupid-backoff' }).expect(
    200,
  );
  const { body: byName } = await ask({ context: 'The', word: 'Ġtime', estimator: 'stupid-backoff' }).expect(
    200,
  );
  t.match(byText, { word: 'Ġtime', context: ['The'], in_vocabulary: true, probability: 1 });
  t.equal(byName.probability, byText.probability);
  const { body: unseen } = await ask({ context: 'The', word: ' banana', estimator: 'laplace' }).expect(200);
  t.match(unseen, { in_vocabulary: false });
  const { body: prefixed } = await api
    .get('/v1/corpora/gpt2/continuations')
    .query({ context: 'The', prefix: ' ti' });
  t.same(
    prefixed.continuations.map(({ word }: { word: string }) => word),
    ['Ġtime'],
  );
  const { body: pattern } = await api.get('/v1/corpora/gpt2/ngrams').query({ order: 2, pattern: 'The *' });
  t.match(pattern.items, [{ ngram: ['The', 'Ġtime'], count: 2 }]);
});

t.test('completions have texts as they continue, characters over the borders of tokens, too', async (t) => {
  const url = '/v1/corpora/gpt2/v1/completions';
  const options = { model: 'gpt2', temperature: 0, max_tokens: 30, estimator: 'stupid-backoff', order: 3 };
  const { body: whole } = await api
    .post(url)
    .send({ ...options, prompt: 'traveller smiled', logprobs: 1 })
    .expect(200);
  const [{ text: continued, logprobs }] = whole.choices;
  t.match(continued, /^ — 時間旅行者 sagte/);
  t.same(logprobs.tokens.slice(0, 4), [' —', 'bytes:\\x20\\xe6', 'bytes:\\x99\\x82', 'bytes:\\xe9\\x96']);
  t.same(logprobs.text_offset.slice(0, 5), [16, 18, 19, 20, 20]);
  const streamed = await api
    .post(url)
    .send({ ...options, prompt: 'traveller smiled', stream: true })
    .expect(200);
  const parts = streamed.text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).choices[0]?.text ?? '');
  t.equal(parts.join(''), continued);
  const { body: ids } = await api.post('/v1/corpora/gpt2/tokenize').send({ prompt: 'traveller smiled' });
  const { body: byIds } = await api
    .post(url)
    .send({ ...options, prompt: ids.tokens })
    .expect(200);
  t.equal(byIds.choices[0].text, continued);
});

t.test("lines: marks have the ids after the tokenizer's", async (t) => {
  const lines = '/v1/corpora/lines';
  await api
    .put(`${lines}?tokenizer=gpt2&sequences=line`)
    .type('text/plain')
    .send('the moon rose\r\nthe cat saw </s> the moon\n')
    .expect(201);
  const { body: info } = await api.get(`${lines}/tokenizer_info`);
  t.match(info, { tokenizer_class: 'gpt2', bos_token: '<s>', eos_token: '</s>' });
  const { body: tokens } = await api
    .post(`${lines}/tokenize`)
    .send({ prompt: 'the moon\nthe', return_token_strs: true });
  t.same(
    tokens.tokens.filter((id: number) => id > 50_256),
    [50_259],
  );
  const { body: first } = await api
    .get(`${lines}/probability`)
    .query({ context: '<s>', word: 'the', estimator: 'stupid-backoff' });
  t.match(first, { context: ['<s>'], probability: 1 });
  const { body: last } = await api
    .get(`${lines}/probability`)
    .query({ context: '<s> the moon', word: '</s>', estimator: 'stupid-backoff' });
  t.match(last, { context: ['the', 'Ġmoon'], word: '</s>', probability: 0.2 });
  const { body: scored } = await api
    .post(`${lines}/score`)
    .send({ texts: ['the moon'], per_token: true, estimator: 'witten-bell' });
  t.same(
    scored.results[0].per_token.map(({ token }: { token: string }) => token),
    ['the', 'Ġmoon', '</s>'],
  );
  const arpa = await api.get(`${lines}/arpa?estimator=modified-kneser-ney`).expect(200);
  t.match(arpa.text, /\tĠmoon\t/);
  t.match(arpa.text, /\t<s> the /);
});

t.test("a vocabulary that is the tokenizer's cannot be closed", async (t) => {
  for (const body of [
    { text: 'a', vocabulary: ['a'] },
    { text: 'a', vocabulary_min_count: 1 },
  ]) {
    const { body: problem } = await api.put('/v1/corpora/closed?tokenizer=gpt2').send(body).expect(400);
    t.match(problem.errors, [{ pointer: `/body/${Object.keys(body)[1]}` }]);
  }
  await api.get('/v1/corpora/closed').expect(404);
});

t.test('ids: as text, as lists, and as documents with lists', async (t) => {
  const settings = 'tokenizer=ids&vocabulary_ids=50257';
  const lines = [
    [464, 640, 4572],
    [0, 50_256, 0],
  ];
  const text = lines.map((line) => `${line.join(' ')}\n`).join('');
  const { body: created } = await api
    .put(`/v1/corpora/ids?${settings}&sequences=line`)
    .type('text/plain')
    .send(text)
    .expect(201);
  t.match(created, {
    tokenizer: 'ids',
    vocabulary_ids: 50_257,
    tokens: 8,
    token_ids: 50_260,
    vocabulary_size: 6,
  });
  const sent = { vocabulary_ids: 50_257, tokenizer: 'ids' };
  await api
    .put('/v1/corpora/ids-again')
    .send({ ...sent, sequences: 'line', text })
    .expect(201);
  await api
    .put(`/v1/corpora/lists?${settings}&sequences=line`)
    .type('text/plain')
    .send(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    .expect(201);
  await api
    .put(`/v1/corpora/documents?${settings}&field=input_ids`)
    .type('application/x-ndjson')
    .send(`{"id":"a","input_ids":[464,640,4572]}\n[0, 50256, 0]\n`)
    .expect(201);
  const batch = async (corpus: string, steps: number) => {
    const path = `/v1/corpora/${corpus}/batches?strategy=sequential&batch_size=1&num_steps=${steps}&offset=0`;
    return (await api.get(path).expect(200)).body.batches[0].x[0];
  };
  t.same(await batch('ids', 7), [464, 640, 4572, 50_259, 0, 50_256, 0]);
  t.same(await batch('lists', 7), await batch('ids', 7));
  t.same(await batch('documents', 5), lines.flat().slice(0, 5));

  const { body: next } = await api
    .get('/v1/corpora/ids/probability')
    .query({ context: '<s> 464', word: '640', estimator: 'mle' })
    .expect(200);
  t.match(next, { context: ['<s>', '464'], word: '640', probability: 1 });
  const { body: prompt } = await api
    .post('/v1/corpora/ids/detokenize')
    .send({ tokens: [464, 640] })
    .expect(200);
  t.equal(prompt.prompt, '464 640');

  for (const [bad, detail] of [
    ['1 2\n3 x4\n', /Line 2 has "x4", which is not an id of this corpus: ids are whole numbers below 50257/],
    ['1\n2\n50257', /Line 3 has "50257"/],
    ['-1', /Line 1 has "-1"/],
  ] as const) {
    const { body: problem } = await api
      .put(`/v1/corpora/bad?${settings}`)
      .type('text/plain')
      .send(bad)
      .expect(400);
    t.match(problem.detail, detail);
  }
  for (const [bad, detail] of [
    ['[1]\n[1, null]\n', /^Line 2: .*item 2 of its list of ids is null, and must be a number/],
    ['[[1, 2], [3]]', /^Line 1: .*item 1 of its list of ids is a list/],
    ['["1"]', /^Line 1: .*item 1 of its list of ids is a string/],
    ['{"text": [1, {}]}', /^Line 1: .*item 2 of its list of ids is an object/],
    ['[1]\n[2.5]', /^The text in line 2: Line 1 has "2.5"/],
    ['[1]\n[-1]', /^The text in line 2: Line 1 has "-1"/],
    ['[50257]', /^The text in line 1: Line 1 has "50257"/],
  ] as const) {
    const put = api.put(`/v1/corpora/bad?${settings}`).type('application/x-ndjson').send(bad);
    t.match((await put.expect(400)).body.detail, detail);
  }
  await api.get('/v1/corpora/bad').expect(404);
  const { body: inJson } = await api.put('/v1/corpora/bad').send({ tokenizer: 'ids', text: '1' }).expect(400);
  t.match(inJson.errors, [{ pointer: '/body/vocabulary_ids' }]);
  const { body: without } = await api
    .put('/v1/corpora/bad?tokenizer=ids')
    .type('text/plain')
    .send('1')
    .expect(400);
  t.match(without.errors, [{ pointer: '/query/vocabulary_ids' }]);
  await api.put('/v1/corpora/bad?vocabulary_ids=3').type('text/plain').send('a').expect(400);
});

t.test('a text that cannot be read is named by its field in every question', async (t) => {
  const { api } = await startService(t);
  const settings = 'tokenizer=ids&vocabulary_ids=9';
  await api.put(`/v1/corpora/c?${settings}`).type('text/plain').send('1 2 3').expect(201);
  const detail = /Line 1 has "x"/;
  for (const [question, pointer] of [
    ['probability?word=1&context=x', '/query/context'],
    ['probability?word=x', '/query/word'],
    ['continuations?context=x', '/query/context'],
    ['continuations?context=x&format=csv', '/query/context'],
    ['ngrams?pattern=x+*', '/query/pattern'],
    ['concordance?q=x', '/query/q'],
    ['collocates?node=x', '/query/node'],
  ]) {
    const { body } = await api.get(`/v1/corpora/c/${question}`).expect(400);
    t.match(body, { type: '/problems#invalid-text', errors: [{ pointer, detail }] }, question);
  }
  const queries = [
    { word: '1', context: 'x' },
    { word: 'x', context: '1' },
  ];
  const { body: listed } = await api.post('/v1/corpora/c/probabilities').send({ queries }).expect(200);
  t.match(listed.results, [
    { problem: { errors: [{ pointer: '/body/queries/0/context', detail }] } },
    { problem: { errors: [{ pointer: '/body/queries/1/word', detail }] } },
  ]);
  const { body: generated } = await api.post('/v1/corpora/c/generate').send({ prompt: 'x' }).expect(400);
  t.match(generated.errors, [{ pointer: '/body/prompt', detail }]);
  for (const path of ['tokenize', 'v1/completions']) {
    const { body } = await api.post(`/v1/corpora/c/${path}`).send({ model: 'c', prompt: 'x' }).expect(400);
    t.match(body.error, { message: detail, param: 'prompt' }, path);
  }
});

t.test('jieba: Chinese words, whose dictionary is a setting of the corpus', async (t) => {
  const text = '我们来到了北京大学，买了T恤。 The Dog, 狗咬人 über C++语言\n';
  const words = ['我们', '来到', '了', '北京大学', '买', '了', 't恤', 'the', 'dog', '狗', '咬', '人', 'über'];
  const { body: created } = await api
    .put('/v1/corpora/jieba?tokenizer=jieba')
    .type('text/plain')
    .send(text)
    .expect(201);
  t.match(created, { tokenizer: 'jieba', dictionary: 'jieba-2.0.3', tokens: words.length + 2 });
  const { body: batches } = await api
    .get(
      `/v1/corpora/jieba/batches?strategy=sequential&batch_size=1&num_steps=${words.length}&offset=0&as=tokens`,
    )
    .expect(200);
  t.same(batches.batches[0].x[0], words);
  const { body: answer } = await api
    .get('/v1/corpora/jieba/probability')
    .query({ context: '我们来到了', word: '北京大学', estimator: 'mle' })
    .expect(200);
  t.match(answer, { context: ['来到', '了'], word: '北京大学', probability: 1 });
  const { body: problem } = await api
    .get('/v1/corpora/jieba/probability')
    .query({ context: '', word: '来到了北京大学' })
    .expect(400);
  t.match(problem.detail, /makes 3 of .*来到.*了.*北京大学/);
  await api.put('/v1/corpora/jieba?tokenizer=jieba').type('text/plain').send(text).expect(200);
  const { body: tokens } = await api.post('/v1/corpora/jieba/tokenize').send({ prompt: text }).expect(200);
  t.equal(tokens.count >= words.length, true);
});

t.test('jieba: words of the dictionary with capitals are asked for as answers write them', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=jieba').type('text/plain').send('他买了T恤，我看A股').expect(201);
  for (const [word, token] of [
    ['T恤', 't恤'],
    ['t恤', 't恤'],
    ['a股', 'a股'],
  ]) {
    const { body } = await api.get('/v1/corpora/c/probability').query({ word }).expect(200);
    t.match(body, { word: token, in_vocabulary: true });
  }
  await api.get('/v1/corpora/c/probability').query({ word: 'b裤' }).expect(400);
});

t.test('jieba: a corpus of another dictionary is not read with this one', async (t) => {
  t.throws(() => tokenize({ tokenizer: 'jieba', dictionary: 'jieba-1.0.0' }, '我们'), {
    code: 'not-supported',
  });
  t.same(tokenize({ tokenizer: 'jieba', dictionary: 'jieba-2.0.3' }, '人咬狗'), ['人', '咬', '狗']);
});
