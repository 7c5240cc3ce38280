import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const ndjson = 'application/x-ndjson';
const estimator = 'modified-kneser-ney';
const mixture = [
  { corpus: 'inside', weight: 0.75, estimator },
  { corpus: 'general', weight: 0.25, estimator: 'laplace', order: 2, epsilon: [0.5] },
];
const path = '/v1/corpora/mix';

/** Two corpora and a mixture of them. */
async function withMixture(t: Test, settings?: Record<string, string>) {
  const { api } = await startService(t, settings);
  const put = (name: string, query: string, body: string) =>
    api.put(`/v1/corpora/${name}?${query}`).type('text/plain').send(body);
  await put('inside', 'tokenizer=whitespace&sequences=line', 'a b\na c\nb c a b\n');
  await put('general', 'tokenizer=whitespace&sequences=line&order=2', 'c a\nd d b\n');
  await put('letters', 'tokenizer=char', 'a b');
  const made = await api.put(path).send({ mixture });
  return { api, put, made };
}

t.test('a mixture is a corpus with parts, which PUT replaces where they are others', async (t) => {
  const { api, made } = await withMixture(t);
  const whole = [{ ...mixture[0], order: 3 }, mixture[1]];
  t.match(made, {
    status: 201,
    body: { name: 'mix', kind: 'mixture', tokenizer: 'whitespace', sequences: 'line', order: 3, tokens: 0 },
  });
  t.same(made.body.mixture, whole);
  t.match(await api.put(path).send({ mixture }), { status: 200, body: made.body });
  const other = mixture.map((part) => ({ ...part, weight: 0.5 }));
  const replaced = await api.put(path).send({ mixture: other });
  t.match(replaced, { status: 201, body: { mixture: other } });
  t.match(await api.post('/v1/corpora').send({ name: 'mix', mixture }), { status: 409 });
  t.match(await api.put('/v1/corpora/inside').send({ mixture }), { status: 409 });
  t.match((await api.get(path)).body, { kind: 'mixture', mixture: other });
  t.match((await api.get('/v1/corpora')).body.items.length, 4);
  t.match(await api.delete(path), { status: 204 });
});

t.test('of mixtures that are put under one name at the same time, one is there', async (t) => {
  const { api } = await withMixture(t);
  const mixtures = Array.from({ length: 12 }, (_, i) => [
    { corpus: 'inside', weight: (i + 1) / 16 },
    { corpus: 'general', weight: 1 - (i + 1) / 16 },
  ]);
  const answers = await Promise.all(mixtures.map((mixture) => api.put(path).send({ mixture })));
  for (const { status } of answers) t.ok([200, 201, 409].includes(status), `${status}`);
  const { body } = await api.get(path).expect(200);
  t.match(body, { kind: 'mixture', version: 1 });
});

t.test('answers are those of the parts by their weights, and name their versions', async (t) => {
  const { api } = await withMixture(t);
  const alone = async (word: string, context: string) => {
    const one = await api.get(
      `/v1/corpora/inside/probability?estimator=${estimator}&word=${word}&context=${context}`,
    );
    const other = await api.get(
      `/v1/corpora/general/probability?estimator=laplace&epsilon=0.5&word=${word}&context=${context}`,
    );
    const known = one.body.in_vocabulary || other.body.in_vocabulary;
    const share = ({ in_vocabulary, probability }: { in_vocabulary: boolean; probability: number }) =>
      known && !in_vocabulary ? 0 : probability;
    return [share(one.body), share(other.body)];
  };
  for (const [word, context] of [
    ['b', 'a'],
    ['d', 'zzz+a'],
    ['zzz', 'a'],
    ['c', ''],
  ]) {
    const { body } = await api.get(`${path}/probability?explain=true&word=${word}&context=${context}`);
    const shares = await alone(word, context);
    t.equal(body.probability, 0.75 * shares[0] + 0.25 * shares[1]);
    t.match(body.parts, [
      { corpus: 'inside', weight: 0.75, probability: shares[0] },
      { corpus: 'general', weight: 0.25, probability: shares[1] },
    ]);
    t.match(body.estimator, {
      name: 'mixture',
      parts: [
        { corpus: 'inside', version: 1, order: 3, estimator: { name: estimator } },
        { corpus: 'general', version: 1, order: 2, estimator: { name: 'laplace', epsilon: [0.5, 0.5] } },
      ],
    });
  }
  const { body } = await api.get(`${path}/continuations?context=a&k=2`);
  const next = await api.get(`${path}/continuations?context=a&k=9&cursor=${body.next_cursor}`);
  const all = [...body.continuations, ...next.body.continuations];
  t.same(all.map(({ word }) => word).sort(), ['</s>', 'a', 'b', 'c', 'd']);
  for (const { word, probability } of all) {
    const shares = await alone(encodeURIComponent(word), 'a');
    t.equal(probability, 0.75 * shares[0] + 0.25 * shares[1]);
  }
  t.match(
    all.map(({ probability }) => probability),
    all.map(({ probability }) => probability).sort((a, b) => b - a),
  );
  t.match((await api.get(`${path}/continuations?context=a&prefix=d`)).body.continuations, [{ word: 'd' }]);
  const queries = [
    { context: 'a', word: 'b' },
    { context: '', word: 'd' },
  ];
  const many = (await api.post(`${path}/probabilities`).send({ queries })).body;
  t.match(many.results, [{ word: 'b' }, { word: 'd' }]);
  const texts = ['a b', 'd zzz'];
  const { results } = (await api.post(`${path}/score`).send({ texts, per_token: true })).body;
  t.match(results[1].out_of_vocabulary, 1);
  const first = results[0].per_token[1];
  const shares = await alone('b', '%3Cs%3E+a');
  t.ok(Math.abs(first.log_probability - Math.log(0.75 * shares[0] + 0.25 * shares[1])) < 1e-12);
  const lines = await api.post(`${path}/score`).type('text/plain').send('a b\nd zzz\n');
  t.match(JSON.parse(lines.text.split('\n')[1]), { log_probability: results[1].log_probability });
  const documents = await api.post(`${path}/score?against=general`).type(ndjson).send('{"text":"a b"}\n');
  t.match(JSON.parse(documents.text), {
    log_probability: results[0].log_probability,
    against: { version: 1 },
  });
  for (const options of [{}, { temperature: 0 }, { temperature: 0.5, top_k: 3 }, { top_p: 0.9 }]) {
    const ask = () => api.post(`${path}/generate`).send({ prompt: 'a', max_tokens: 8, seed: 3, ...options });
    const text = (await ask()).body;
    t.ok(Number.isFinite(text.log_probability), JSON.stringify(options));
    t.same((await ask()).body, text);
  }
});

t.test('a part that changes is read as it is, and one that is missing is named', async (t) => {
  const { api, put } = await withMixture(t);
  const probability = () => api.get(`${path}/probability?word=d&context=c`);
  const before = (await probability()).body;
  await probability();
  await api.post('/v1/corpora/general/documents').type('text/plain').send('c d\nc d\n');
  const after = (await probability()).body;
  t.match(after.estimator.parts, [{ version: 1 }, { version: 2 }]);
  t.ok(after.probability > before.probability);
  await api.delete('/v1/corpora/general');
  const gone = {
    status: 409,
    body: { type: '/problems#part-missing', detail: /general, which does not exist/ },
  };
  t.match(await probability(), gone);
  t.match(await api.post(`${path}/score`).send({ texts: ['a'] }), gone);
  t.match(await api.post(`${path}/tune`).send({ text: 'a' }), gone);
  await put('general', 'tokenizer=char', 'a');
  t.match(await probability(), { status: 409, body: { detail: /another tokenizer/ } });
  await put('other', 'tokenizer=whitespace&sequences=line&order=1', 'a');
  t.match(await api.get('/v1/corpora/mix'), { status: 200 });
});

t.test('weights are tuned on a held-out text, and change nothing', async (t) => {
  const { api, made } = await withMixture(t);
  const text = 'd d b\nc a\n';
  const { body } = await api.post(`${path}/tune`).send({ text });
  t.match(body, {
    version: 1,
    tokens: 7,
    out_of_vocabulary: 0,
    before: { weights: [0.75, 0.25] },
    mixture: [
      { corpus: 'inside', estimator },
      { corpus: 'general', epsilon: [0.5] },
    ],
  });
  t.ok(body.weights[1] > 0.9 && body.perplexity < body.before.perplexity);
  t.same((await api.get(path)).body.mixture, made.body.mixture);
  const lines = await api.post(`${path}/tune`).type('text/plain').send(text);
  t.same(lines.body, body);
  const score = async () => (await api.post(`${path}/score?summary=true`).type('text/plain').send(text)).body;
  t.ok(Math.abs((await score()).log_probability - body.before.log_probability) < 1e-9);
  t.match(await api.put(path).send({ mixture: body.mixture }), { status: 201 });
  for (const [bad, pointer] of [
    [api.post(`${path}/tune`).send({ text: '<s> a' }), '/body/text'],
    [api.post(`${path}/tune`).type('text/plain').send('a <s> b'), '/body'],
  ] as const)
    t.match(await bad, { status: 400, body: { errors: [{ pointer, detail: /literal <s>/ }] } });
  t.ok(Math.abs((await score()).log_probability - body.log_probability) < 1e-9);
});

t.test('a part without which a text is most probable is left out of the tuned mixture', async (t) => {
  const { api } = await startService(t);
  for (const [name, text] of [
    ['left', 'a b a b'],
    ['right', 'c d c d'],
  ])
    await api.put(`/v1/corpora/${name}`).type('text/plain').send(text);
  const mixture = ['left', 'right'].map((corpus) => ({ corpus, weight: 0.5 }));
  await api.put(path).send({ mixture }).expect(201);
  const { body } = await api.post(`${path}/tune`).send({ text: 'a b a' }).expect(200);
  t.match(body, { weights: [1, 0], mixture: [{ corpus: 'left', weight: 1 }] });
  t.equal(body.mixture.length, 1);
  await api.put(path).send({ mixture: body.mixture }).expect(201);
});

t.test('what a mixture has not is a 409, and what cannot be mixed is refused with the field', async (t) => {
  const { api } = await withMixture(t);
  for (const question of [
    'batches?batch_size=1&num_steps=1',
    'ngrams',
    'zipf',
    'arpa',
    'concordance?q=a',
    'collocates?node=a',
    'keyness?reference=inside',
    'continuations?side=left&context=a',
  ]) {
    const answer = await api.get(`${path}/${question}`);
    t.match(answer, { status: 409, body: { type: '/problems#no-counts' } }, question);
  }
  const added = await api.post(`${path}/documents`).type('text/plain').send('a');
  t.equal(added.status, 409);
  const refused = async (mixture: object[], pointer: string, status = 400, others = {}) => {
    const { body } = await api.put('/v1/corpora/new').send({ mixture, ...others });
    t.match(body, { status, errors: [{ pointer }] }, JSON.stringify(mixture));
  };
  const part = (fields: object) => [{ corpus: 'inside', weight: 1, ...fields }];
  await refused([], '/body/mixture');
  await refused(part({ weight: 0.9 }), '/body/mixture');
  await refused(part({ weight: 0 }), '/body/mixture/0/weight');
  await refused(part({ corpus: 'missing' }), '/body/mixture/0/corpus', 404);
  await refused(part({ corpus: 'mix' }), '/body/mixture/0/corpus');
  await refused(part({ order: 4 }), '/body/mixture/0/order');
  await refused(part({ estimator: 'mle' }), '/body/mixture/0/estimator');
  await refused(part({ estimator: 'laplace', k: 1 }), '/body/mixture/0/k');
  await refused(part({ estimator: 'jelinek-mercer', lambda: [0.5] }), '/body/mixture/0/lambda');
  await refused(part({}), '/body/text', 400, { text: 'a' });
  await refused(part({}), '/body/tokenizer', 400, { tokenizer: 'word' });
  const { body: inQuery } = await api.put('/v1/corpora/new?order=2').send({ mixture: part({}) });
  t.match(inQuery, { status: 400, errors: [{ pointer: '/query/order' }] });
  await refused([...part({ weight: 0.5 }), { corpus: 'letters', weight: 0.5 }], '/body/mixture/1/corpus');
  for (const name of ['witten-bell', 'laplace', estimator]) {
    t.match(await api.get(`${path}/probability?word=a&estimator=${name}`), {
      status: 400,
      body: {
        errors: [{ pointer: '/query/estimator', detail: /models of its parts .* Leave estimator out/ }],
      },
    });
  }
  t.match(await api.post(`${path}/tune`).send({ text: 'a b', estimator }), {
    status: 400,
    body: { errors: [{ pointer: '/body/estimator' }] },
  });
});

t.test('who creates a mixture must be allowed to read its parts', async (t) => {
  const secrets = { all: 'a'.repeat(16), inside: 'b'.repeat(16) };
  const { api } = await startService(t, {
    API_KEYS: `all:${secrets.all}:write,inside:${secrets.inside}:write:in*`,
  });
  for (const name of ['inside', 'general']) {
    await api.put(`/v1/corpora/${name}`).set('x-api-key', secrets.all).type('text/plain').send('a b c');
  }
  const put = (secret: string, name: string) =>
    api
      .put(`/v1/corpora/${name}`)
      .set('x-api-key', secret)
      .send({ mixture: [{ corpus: 'general', weight: 1 }] });
  t.match(await put(secrets.inside, 'in-mix'), { status: 403 });
  t.match(await put(secrets.all, 'in-mix'), { status: 201 });
  const asked = await api.get('/v1/corpora/in-mix/probability?word=a').set('x-api-key', secrets.inside);
  t.match(asked, { status: 200 });
});
