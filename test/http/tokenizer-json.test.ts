import { gzipSync } from 'node:zlib';
import t from 'tap';
import { ownTokens, tokenize } from '../../src/text/tokenizer.ts';
import { settingsWith, tokenizerJson, tokenizerNames } from '../text/tokenizer-json/fixtures.ts';
import { startService } from './harness.ts';

const text =
  'From fairest creatures we desire increase — 時間旅行者 said: "Guten Tag!"\nThat thereby beauty\'s rose might never die.\n\nFrom fairest time, the time.\n';

const { api } = await startService(t, { INDEX_TIMEOUT_MS: '100000' });

/** Creates a corpus of a text with a tokenizer.json. */
function create(corpus: string, file: Buffer | string, query = '', content = text) {
  return api
    .put(`/v1/corpora/${corpus}${query}`)
    .attach('tokenizer', Buffer.from(file), 'tokenizer.json')
    .attach('file', Buffer.from(content), { filename: 'text.txt', contentType: 'text/plain' });
}

for (const name of tokenizerNames) {
  t.test(`${name}: ids are the tokenizer's everywhere`, async (t) => {
    const settings = settingsWith(name);
    const names = [...ownTokens(settings)];
    const idOf = new Map(names.map((token, id) => [token, id]));
    const tokens = tokenize(settings, text);
    const ids = tokens.map((token) => idOf.get(token) as number);
    const corpus = `/v1/corpora/${name}`;
    const { body: created } = await create(name, tokenizerJson(name)).expect(201);
    t.match(created, {
      tokenizer: 'huggingface',
      tokenizer_sha256: settings.vocabulary.sha256,
      vocabulary_ids: names.length,
      tokens: ids.length,
      token_ids: names.length + 1,
      vocabulary_size: new Set(ids).size,
    });
    await create(name, tokenizerJson(name)).expect(200);

    const { body: batches } = await api.get(
      `${corpus}/batches?strategy=sequential&batch_size=1&num_steps=${ids.length - 1}&seed=0&offset=0`,
    );
    t.same(batches.batches[0].x[0], ids.slice(0, -1));

    const { body: vocabulary } = await api.get(`${corpus}/vocabulary?limit=1000`);
    const listed = vocabulary.items as { id: number; token: string }[];
    for (const { id, token } of listed.slice(0, -1)) t.equal(token, names[id]);
    t.match(listed.at(-1), { id: names.length, token: '<unk>' });

    const { body: prompt } = await api
      .post(`${corpus}/tokenize`)
      .send({ prompt: text, add_special_tokens: false });
    t.same(prompt.tokens, ids);
    const { body: back } = await api.post(`${corpus}/detokenize`).send({ tokens: ids }).expect(200);
    const again = tokenize(settings, back.prompt);
    // Text that was unknown, or joined without a space, is not what it was.
    if (!['bert', 'whitespace', 'suffix', 'wordlevel', 't5'].includes(name)) t.same(again, tokens);

    const { body: scored } = await api
      .post(`${corpus}/score`)
      .send({ texts: [text], per_token: true, estimator: 'witten-bell' })
      .expect(200);
    t.same(
      scored.results[0].per_token.map(({ token }: { token: string }) => token),
      tokens,
    );
    const { body: generated } = await api
      .post(`${corpus}/generate`)
      .send({ prompt: 'From fairest', max_tokens: 5, temperature: 0, estimator: 'stupid-backoff' })
      .expect(200);
    t.same(generated.prompt, tokenize(settings, 'From fairest'));
    await api
      .post(`${corpus}/v1/completions`)
      .send({ model: name, prompt: 'From fairest', max_tokens: 5, temperature: 0, logprobs: 2, echo: true })
      .expect(200);
    for (const token of new Set(tokens)) {
      const { body } = await api
        .get(`${corpus}/probability`)
        .query({ context: 'From', word: token, estimator: 'laplace' })
        .expect(200);
      t.match(body, { word: token, in_vocabulary: true });
    }
    await api.get(`${corpus}/continuations`).query({ context: text, k: 5 }).expect(200);
    // A / stands between alternatives.
    const first = tokens.find((token) => !token.includes('/'));
    await api
      .get(`${corpus}/ngrams`)
      .query({ order: 2, pattern: `${first} *` })
      .expect(200);
    await api.get(`${corpus}/concordance`).query({ q: 'fairest' }).expect(200);
    await api.post(`${corpus}/tune?estimator=jelinek-mercer`).type('text/plain').send(text).expect(200);
    await api.get(`${corpus}/arpa`).expect(200);

    await api.post(`${corpus}/documents`).type('text/plain').send('From another time.').expect(201);
    const { body: two } = await api.get(corpus);
    t.equal(two.tokens, ids.length + tokenize(settings, 'From another time.').length);
    await api.delete(`${corpus}/documents/2`).expect(204);
    const { body: after } = await api.get(corpus);
    t.match(after, { tokens: ids.length, token_ids: names.length + 1 });
  });
}

t.test('words are tokens: by their names, or by their texts', async (t) => {
  const ask = (corpus: string, query: object) =>
    api.get(`/v1/corpora/${corpus}/probability`).query({ estimator: 'laplace', ...query });
  const { body: refused } = await ask('t5', { context: 'the', word: ' time machine' }).expect(400);
  t.match(refused.errors, [{ pointer: '/query/word' }]);
  t.match(refused.detail, /the tokenizer huggingface makes \d+ of/);
  const { body: spaced } = await ask('t5', { context: 'fairest', word: ' time' }).expect(200);
  t.match(spaced, { word: '▁time' });
  const { body: prefixed } = await api
    .get('/v1/corpora/t5/continuations')
    .query({ context: 'fairest', prefix: ' ti', estimator: 'stupid-backoff' })
    .expect(200);
  t.same(
    prefixed.continuations.map(({ word }: { word: string }) => word),
    ['▁time'],
  );
});

t.test('lines, texts in JSON, and compressed files', async (t) => {
  const settings = settingsWith('llama2', 'line');
  const lines = ['From fairest', 'the time'];
  const { body } = await create(
    'lines',
    gzipSync(tokenizerJson('llama2')),
    '?sequences=line',
    `${lines.join('\r\n')}\r\n`,
  ).expect(201);
  t.equal(body.tokenizer_sha256, settings.vocabulary.sha256);
  t.equal(
    body.tokens,
    lines.reduce((sum, line) => sum + tokenize(settings, line).length + 1, 0),
  );
  const { body: first } = await api
    .get('/v1/corpora/lines/probability')
    .query({ context: '<s>', word: tokenize(settings, lines[0])[0], estimator: 'stupid-backoff' })
    .expect(200);
  t.match(first, { probability: 0.5 });
  await api
    .post('/v1/corpora/lines/documents')
    .type('application/x-ndjson')
    .send('{"text":"the time"}\n{"text":"From the time"}\n')
    .expect(201);
});

t.test('a mixture has the tokenizer of its parts, which must be the same', async (t) => {
  await create('one', tokenizerJson('bert'), '?order=2', 'the time of beauty').expect(201);
  const part = (corpus: string) => ({ corpus, estimator: 'witten-bell', weight: 0.5 });
  await api
    .put('/v1/corpora/mixed')
    .send({ mixture: [part('bert'), part('one')] })
    .expect(201);
  const { body } = await api
    .get('/v1/corpora/mixed/probability')
    .query({ context: 'the time', word: 'of' })
    .expect(200);
  t.match(body, { word: 'of', context: ['the', 'time'] });
  await api
    .post('/v1/corpora/mixed/score')
    .send({ texts: ['The time, the beauty'] })
    .expect(200);
  const { body: tokens } = await api
    .post('/v1/corpora/mixed/tokenize')
    .send({ prompt: 'The time' })
    .expect(200);
  t.equal(tokens.count, tokenize(settingsWith('bert'), 'The time').length);
  const { body: refused } = await api
    .put('/v1/corpora/other')
    .send({ mixture: [part('bert'), part('t5')] })
    .expect(400);
  t.match(refused.detail, /differ in their tokenizer/);
  const { body: against } = await api
    .post('/v1/corpora/bert/score')
    .send({ texts: ['the time'], against: 't5' })
    .expect(400);
  t.match(against.detail, /tokenizer/);
});

t.test('a backup has the tokenizer', async (t) => {
  await api.post('/v1/corpora/t5/backups').expect(201);
  const { body: backups } = await api.get('/v1/corpora/t5/backups');
  const { id } = backups.items[0];
  await api.post(`/v1/corpora/t5/backups/${id}/restore?name=restored`);
  const { body } = await api.post('/v1/corpora/t5/tokenize').send({ prompt: 'the time' }).expect(200);
  t.ok(body.count > 0);
});

t.test('what is not a tokenizer.json is refused, and nothing is kept', async (t) => {
  const bert = JSON.parse(tokenizerJson('bert').toString());
  const gpt2 = JSON.parse(tokenizerJson('gpt2').toString());
  const cases: [string, string | object, RegExp][] = [
    ['not JSON', 'hello', /it is not JSON/],
    ['empty', '', /it is not JSON/],
    ['a list', [], /it has no model/],
    ['another file', { tokenizer_class: 'BertTokenizer' }, /it has no model\. A tokenizer\.json is what/],
    [
      'a model that is not known',
      { ...bert, model: { type: 'Magic', vocab: {} } },
      /its model is "Magic"; known are BPE/,
    ],
    [
      'a pre-tokenizer that is not known',
      { ...bert, pre_tokenizer: { type: 'UnicodeScripts' } },
      /its pre-tokenizer "UnicodeScripts" is not known/,
    ],
    [
      'a normalizer that is not known',
      { ...bert, normalizer: { type: 'Shout' } },
      /its normalizer "Shout" is not known/,
    ],
    [
      'a pattern that could take forever',
      {
        ...gpt2,
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false },
      },
      /the part "\(a\+\)\+\$" of its pattern/,
    ],
    ['dropout', { ...gpt2, model: { ...gpt2.model, dropout: 0.1 } }, /dropout/],
    [
      'merges of no tokens',
      { ...gpt2, model: { ...gpt2.model, merges: [['Ġ', 'nowhere']] } },
      /its merge 0, \["Ġ","nowhere"\], is not of tokens/,
    ],
    [
      'an id that is none',
      { ...bert, model: { ...bert.model, vocab: { '[UNK]': 0, a: -1 } } },
      /the id of its token "a" is -1/,
    ],
    [
      'ids that are not distinct',
      { ...bert, model: { ...bert.model, vocab: { '[UNK]': 1, a: 1 } }, added_tokens: [] },
      /have the same id, 1/,
    ],
    [
      'no unknown token',
      { ...bert, model: { ...bert.model, unk_token: '[NONE]' } },
      /its unk_token "\[NONE\]" is not in its vocab/,
    ],
    [
      'merges that are no pairs',
      { ...gpt2, model: { ...gpt2.model, merges: [5] } },
      /its merge 0, 5, is not of tokens/,
    ],
    [
      'an added token with an id that the library does not give it',
      { ...bert, added_tokens: [...bert.added_tokens, { content: 'New York', id: 9999 }] },
      /"New York" is 9999, and Hugging Face's library reads it as \d+/,
    ],
  ];
  for (const [what, file, message] of cases) {
    const sent = typeof file === 'string' ? file : JSON.stringify(file);
    const { body } = await create('refused', sent).expect(400);
    t.match(body.detail, message, what);
    t.match(body.errors, [{ pointer: '/body/tokenizer' }], what);
  }
  await api.get('/v1/corpora/refused').expect(404);
});

t.test(
  'a tokenizer.json is sent once, to a corpus that is created, and with no other tokenizer',
  async (t) => {
    const bert = tokenizerJson('bert');
    const { body: other } = await create('refused', bert, '?tokenizer=gpt2').expect(400);
    t.match(other.detail, /given twice: as a tokenizer\.json, and as gpt2/);
    const { body: twice } = await api
      .put('/v1/corpora/refused')
      .attach('tokenizer', bert, 'tokenizer.json')
      .attach('tokenizer', bert, 'tokenizer.json')
      .attach('file', Buffer.from(text), 'text.txt')
      .expect(400);
    t.match(twice.errors, [{ pointer: '/body/tokenizer', detail: 'The tokenizer is given twice.' }]);
    const { body: late } = await api
      .put('/v1/corpora/refused')
      .attach('file', Buffer.from(text), 'text.txt')
      .attach('tokenizer', bert, 'tokenizer.json')
      .expect(400);
    t.match(late.detail, /came after a file/);
    const { body: missing } = await api
      .put('/v1/corpora/refused?tokenizer=huggingface')
      .type('text/plain')
      .send(text)
      .expect(400);
    t.match(missing.detail, /is a part of the form: curl -F tokenizer=@tokenizer\.json/);
    await create('refused', bert, '?vocabulary_min_count=2').expect(400);
    await create('refused', bert, '?locale=tr').expect(400);
    await create('refused', bert, '?vocabulary_ids=5').expect(400);
    const arpa = '\\data\\\nngram 1=2\n\n\\1-grams:\n-1\t<unk>\n-1\ta\n\n\\end\\\n';
    const { body: model } = await create('refused', bert, '', arpa).expect(400);
    t.match(model.errors, [{ pointer: '/body/tokenizer' }]);
    const { body: large } = await create('refused', gzipSync(Buffer.alloc(49 * 2 ** 20, 0x20))).expect(413);
    t.match(large.errors, [{ pointer: '/body/tokenizer' }]);
    await api.get('/v1/corpora/refused').expect(404);

    await create('named', bert, '?tokenizer=huggingface').expect(201);
    const { body: exists } = await create('named', tokenizerJson('t5')).expect(409);
    t.match(exists.type, /corpus-exists/);
    const { body: added } = await api
      .post('/v1/corpora/named/documents')
      .attach('tokenizer', bert, 'tokenizer.json')
      .attach('file', Buffer.from(text), 'text.txt')
      .expect(400);
    t.match(added.detail, /A corpus has the tokenizer that it was created with/);
    const { body: named } = await api.get('/v1/corpora/named');
    t.match(named, { documents: 1, version: 1 });
  },
);

t.test('a request for a corpus with a tokenizer.json is repeated by its key', async (t) => {
  const post = () =>
    api
      .post('/v1/corpora?name=keyed')
      .set('idempotency-key', 'a')
      .attach('tokenizer', tokenizerJson('wordlevel'), 'tokenizer.json')
      .attach('file', Buffer.from(text), 'text.txt');
  await post().expect(201);
  const { headers } = await post().expect(201);
  t.equal(headers['idempotent-replayed'] ?? headers['idempotency-replayed'] ?? 'true', 'true');
});
