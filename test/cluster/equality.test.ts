/** The same requests to a service on SQLite and to services on ClickHouse and PostgreSQL: the answers are equal. */
import type supertest from 'supertest';
import t, { type Test } from 'tap';
import { startService } from '../http/harness.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

type Api = ReturnType<typeof supertest>;

interface Answer {
  status: number;
  body: unknown;
}

/** A request: its method and path, and its body, text or JSON. */
type Asked = [method: 'get' | 'post' | 'put' | 'delete', path: string, body?: string | object];

/** What differs between any two services. */
const ofItsOwn = new Set(['created_at', 'updated_at', 'instance', 'created', 'id']);

const corpus = '/v1/corpora/sonnets';
const lines = '/v1/corpora/lines';
const changes: Asked[] = [
  ['post', '/v1/samples/sonnets'],
  ['post', `${corpus}/documents`, 'shall i compare thee to a winter night, or to the time machine'],
  ['put', `${corpus}/documents/mine`, 'from fairest creatures we desire nothing at all'],
  ['put', `${corpus}/documents/mine`, 'from fairest creatures we desire something else'],
  ['delete', `${corpus}/documents/2`],
  ['put', `${lines}?tokenizer=whitespace&order=2&sequences=line`, 'a b a\nb <unk>\n\na a b c\nc\n'],
  ['post', `${lines}/documents`, 'a b d\nd e\n'],
  ['put', `${lines}?tokenizer=char`, 'other'],
  ['get', '/v1/corpora/missing'],
];

const estimators = [
  'laplace',
  'mle',
  'additive',
  'jelinek-mercer',
  'witten-bell',
  'absolute-discounting',
  'kneser-ney',
  'modified-kneser-ney',
  'stupid-backoff',
];

const underEstimator = (estimator: string): Asked[] => [
  ['get', `${corpus}/probability?context=shall+i&word=compare&explain=true&estimator=${estimator}`],
  ['get', `${corpus}/probability?context=no+such+nonsense&word=zzz&estimator=${estimator}`],
  [
    'post',
    `${corpus}/probabilities`,
    {
      estimator,
      queries: [
        { context: 'of the', word: 'world' },
        { context: '', word: 'love' },
        { context: 'thy', word: 'zzz' },
      ],
    },
  ],
  ['get', `${corpus}/continuations?context=of+the&k=20&estimator=${estimator}`],
  ['get', `${corpus}/continuations?context=in&prefix=th&k=5&estimator=${estimator}`],
  ['get', `${lines}/continuations?context=a&k=10&estimator=${estimator}`],
  [
    'post',
    `${corpus}/score`,
    { texts: ['shall i compare thee', 'compare thee zzz'], per_token: true, estimator },
  ],
  ['post', `${corpus}/generate`, { prompt: 'shall i', max_tokens: 8, seed: 5, estimator }],
];

const underEstimators = estimators.flatMap(underEstimator);

const questions: Asked[] = [
  ['get', '/v1/corpora'],
  ...[corpus, lines].flatMap((path): Asked[] => [
    ['get', path],
    ['get', `${path}/documents`],
    ['get', `${path}/vocabulary?limit=50`],
    ['get', `${path}/vocabulary?limit=20&cursor=WzEwMF0`],
    ...[1, 2].map((order): Asked => ['get', `${path}/ngrams?order=${order}&limit=300`]),
    ['get', `${path}/ngrams?order=2&format=csv`],
    ['get', `${path}/zipf`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&seed=3&limit=3`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&strategy=sequential&as=tokens&limit=3`],
    ['post', `${path}/tune`, { text: 'a b\nlove is not love\n', estimator: 'laplace' }],
    ['get', `${path}/documents/nothing`],
    ['get', `${path}/probability`],
  ]),
  ['get', `${corpus}/documents/mine`],
  ['get', `${corpus}/ngrams?order=3&limit=1000`],
  ['get', `${corpus}/arpa?estimator=witten-bell`],
  ['get', `${lines}/arpa?estimator=modified-kneser-ney`],
  ['post', `${corpus}/tokenize`, { prompt: 'shall I compare thee to zzz' }],
  ['post', `${corpus}/detokenize`, { tokens: [1, 2, 3] }],
  [
    'post',
    `${corpus}/v1/completions`,
    { prompt: 'shall i', max_tokens: 5, logprobs: 2, echo: true, seed: 1 },
  ],
  ['get', '/v1/models'],
  ...underEstimators,
];

async function ask(api: Api, [method, path, body]: Asked): Promise<Answer> {
  const request = api[method](path);
  if (typeof body === 'string') request.type('text/plain');
  const answer = await request.send(body);
  const isJson = /json/.test(answer.type);
  return { status: answer.status, body: isJson ? answer.body : (answer.text ?? String(answer.body)) };
}

/** Where two answers differ: in a value, or in a number by more than 1e-12 of it. */
function differences(one: unknown, other: unknown, at = ''): string[] {
  if (typeof one === 'number' && typeof other === 'number') {
    const isEqual = Number.isInteger(one) ? one === other : Math.abs(one - other) <= 1e-12 * Math.abs(one);
    return isEqual ? [] : [`${at}: ${one} and ${other}`];
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [`${at}: ${shown(one)} and ${shown(other)}`];
  }
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys]
    .filter((key) => !ofItsOwn.has(key))
    .flatMap((key) => differences(left[key], right[key], `${at}/${key}`));
}

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 200);

/** Sends requests to both services, one after the other, and compares their answers. */
async function compare(t: Test, one: Api, other: Api, requests: readonly Asked[]): Promise<void> {
  for (const asked of requests) {
    const answers = [await ask(one, asked), await ask(other, asked)];
    t.same(differences(answers[0], answers[1]), [], `${asked[0]} ${asked[1]}: ${answers[0].status}`);
  }
}

t.setTimeout(600_000);

t.test('every route answers as on SQLite', skipWithoutCluster, async (t) => {
  const cluster = await startCluster(t, { shards: 3, replicas: 1 });
  const { api: sqlite } = await startService(t);
  const settings = await cluster.freshSettings();
  const { api } = await startService(t, settings);
  await compare(t, sqlite, api, changes);
  await compare(t, sqlite, api, questions);
  const { api: withoutIndex } = await startService(t, { ...settings, INDEX_MEMORY_BYTES: '0' });
  await compare(t, sqlite, withoutIndex, underEstimators);
});

t.test(
  'two services add to one corpus at once: it is what one service makes of all texts',
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 2, replicas: 1 });
    const settings = await cluster.freshSettings();
    const { api: sqlite } = await startService(t);
    const services = [(await startService(t, settings)).api, (await startService(t, settings)).api];
    const texts = Array.from({ length: 8 }, (_, i) => `a b c${i % 3} a d${i} b a b c${i % 2}`);
    for (const api of [sqlite, services[0]]) {
      await ask(api, ['put', '/v1/corpora/book?tokenizer=whitespace', 'a b a']);
    }
    for (const text of texts) await ask(sqlite, ['post', '/v1/corpora/book/documents', text]);
    const added = await Promise.all(
      texts.map((text, i) => ask(services[i % 2], ['post', '/v1/corpora/book/documents', text])),
    );
    t.same(
      added.map(({ status }) => status),
      texts.map(() => 201),
    );
    // Ids of tokens and the order of ties follow the order of the additions.
    const countsOf = async (api: Api, order: number) => {
      const { body } = await ask(api, ['get', `/v1/corpora/book/ngrams?order=${order}&limit=1000`]);
      const { items } = body as { items: { ngram: string[]; count: number }[] };
      return items.map(({ ngram, count }) => `${ngram.join(' ')}: ${count}`).sort();
    };
    for (const api of services) {
      await compare(t, sqlite, api, [['get', '/v1/corpora/book']]);
      for (const order of [1, 2, 3]) t.same(await countsOf(api, order), await countsOf(sqlite, order));
    }
  },
);
