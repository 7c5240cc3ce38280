import t from 'tap';
import { startService } from './harness.ts';

const { api } = await startService(t);
await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b c d e f');

/** Sends a body as it is written, since no object holds a number such as 1e400. */
function send(path: string, json: string) {
  return api
    .post(`/v1/corpora${path}`)
    .type('application/json')
    .serialize((text) => text as unknown as string)
    .send(json as unknown as object);
}

t.test('a parameter of any size gives the digits of exact arithmetic', async (t) => {
  const asked = async (query: object) =>
    (await api.get('/v1/corpora/c/probability').query({ word: 'a', ...query })).body;
  for (const [query, probability] of [
    [{ estimator: 'additive', k: 1e308 }, 1 / 6],
    [{ estimator: 'additive', k: Number.MAX_VALUE }, 1 / 6],
    [{ estimator: 'additive', k: Number.MIN_VALUE, context: 'never seen' }, 1 / 6],
    [{ epsilon: '1e-320', context: 'never seen' }, 1 / 6],
    [{ epsilon: '0.3,1e-320', context: 'never seen' }, 1 / 6],
    [{ epsilon: '1e308', context: 'f' }, 1 / 6],
    [{ estimator: 'absolute-discounting', discount: '1e-320' }, 1 / 6],
    [{ estimator: 'jelinek-mercer', lambda: '1e-320,0,1', context: 'f' }, 1 / 6],
    [{ estimator: 'stupid-backoff', alpha: 1e-300, context: 'f' }, 1e-300 / 6],
  ] as const) {
    const answer = await asked(query);
    t.ok(Math.abs(answer.probability / probability - 1) < 1e-15, JSON.stringify(query));
    t.equal(answer.log_probability, Math.log(answer.probability));
  }
});

t.test('a probability that is too small for a double is 0, without a logarithm', async (t) => {
  const { body } = await api
    .get('/v1/corpora/c/probability')
    .query({ word: 'never', context: 'a', epsilon: '1e-200' });
  t.match(body, { probability: 0, log_probability: null });
});

const bodies = {
  k: ['/c/probabilities', '{"queries":[{"word":"a"}],"estimator":"additive","k":%}'],
  epsilon: ['/c/probabilities', '{"queries":[{"word":"a"}],"epsilon":[1,%]}'],
  lambda: ['/c/probabilities', '{"queries":[{"word":"a"}],"estimator":"jelinek-mercer","lambda":[0,1,%]}'],
  discount: [
    '/c/probabilities',
    '{"queries":[{"word":"a"}],"estimator":"absolute-discounting","discount":[%]}',
  ],
  alpha: ['/c/score', '{"texts":["a"],"estimator":"stupid-backoff","alpha":%}'],
  order: ['/c/score', '{"texts":["a"],"order":%}'],
  max_tokens: ['/c/generate', '{"max_tokens":%}'],
  temperature: ['/c/generate', '{"temperature":%}'],
  top_k: ['/c/generate', '{"top_k":%}'],
  top_p: ['/c/generate', '{"top_p":%}'],
  seed: ['/c/generate', '{"seed":%}'],
} as const;

for (const [field, [path, body]] of Object.entries(bodies)) {
  t.test(`${field} is no number that a double cannot hold`, async (t) => {
    for (const number of ['1e400', '-1e400']) {
      const { status, body: problem } = await send(path, body.replace('%', number));
      t.equal(status, 400, number);
      t.match(problem.errors[0].pointer, new RegExp(`^/body/${field}`));
    }
  });
}

t.test('a corpus’s order, and parameters that are tuned from, are no such numbers either', async (t) => {
  const created = await send('', '{"name":"new","text":"a","order":1e400}');
  t.match(created, { status: 400, body: { errors: [{ pointer: '/body/order' }] } });
  t.equal((await api.get('/v1/corpora/new')).status, 404);
  const tuned = await send('/c/tune', '{"text":"a","epsilon":[1e400]}');
  t.match(tuned, { status: 400, body: { errors: [{ pointer: '/body/epsilon' }] } });
});

t.test('-0 is 0', async (t) => {
  const { text } = await send('/c/probabilities', '{"queries":[{"word":"z"}],"estimator":"additive","k":-0}');
  t.match(text, '"estimator":{"name":"additive","k":0}');
  t.match(JSON.parse(text).results[0], { probability: 0, log_probability: null });
  const { text: generated } = await send('/c/generate', '{"temperature":-0,"seed":-0,"max_tokens":3}');
  t.match(generated, '"seed":0,');
});

t.test('tuning on a corpus of one word ends, with a perplexity that is a number', async (t) => {
  await api.put('/v1/corpora/one?tokenizer=whitespace').type('text/plain').send('a a a a');
  for (const estimator of ['laplace', 'additive', 'jelinek-mercer', 'absolute-discounting']) {
    const { status, body } = await api.post('/v1/corpora/one/tune').send({ text: 'a a', estimator });
    t.equal(status, 200);
    t.equal(body.perplexity, 1, estimator);
  }
});
