import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import {
  AnswerError,
  dataOf,
  Ngramd,
  type NgramdOptions,
  ProblemError,
} from '../../clients/typescript/src/index.ts';
import { startService, temporaryFolder } from '../http/harness.ts';

const text = 'the time traveller smiled and the time machine stood still';

/** A client of a service, which has a corpus called book. */
async function startClient(t: Test, options?: NgramdOptions) {
  const { app } = await startService(t);
  const client = new Ngramd(app.listeningOrigin, options);
  await client.upload('book', text, { order: 2 });
  return client;
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

t.test('texts are uploaded as strings, bytes, blobs and streams', async (t) => {
  const client = await startClient(t);
  const bytes = new TextEncoder().encode('more of it');
  t.equal((await client.add('book', bytes)).tokens, 3);
  t.equal((await client.add('book', new Blob([bytes]), 'blob')).id, 'blob');
  t.equal((await client.add('book', new Blob([bytes]).stream(), 'stream')).id, 'stream');
  t.same(
    (await collected(client.documents('book'))).map(({ tokens }) => tokens),
    [10, 3, 3, 3],
  );
  t.same(
    (await collected(client.corpora())).map(({ name }) => name),
    ['book'],
  );
});

t.test(
  'lists of parameters are sent in queries, and queries of one request have their estimators',
  async (t) => {
    const client = await startClient(t);
    const { estimator } = await client.probability('book', { word: 'time', epsilon: [1, 0.5] });
    t.same(estimator, { name: 'laplace', epsilon: [1, 0.5] });
    const { results } = await client.probabilities('book', {
      queries: [
        { context: 'the', word: 'time' },
        { context: 'the', word: 'time', estimator: 'mle' },
        { context: 'the', word: 'time', estimator: 'witten-bell', order: 1 },
        { context: 'the', word: 'time', epsilon: [0, 0] },
        { word: 'two words' },
        { word: 'time', estimator: 'mle', k: 1 },
      ],
    });
    const alone = (query: object) => client.probability('book', { context: 'the', word: 'time', ...query });
    for (const [i, query] of [
      {},
      { estimator: 'mle' },
      { estimator: 'witten-bell', order: 1 },
      { epsilon: [0, 0] },
    ].entries()) {
      const { version: _, ...expected } = await alone(query);
      const { estimator, ...answer } = expected;
      t.same(results[i], i === 0 ? answer : { ...answer, estimator });
    }
    t.match(results[4], { problem: { errors: [{ pointer: '/body/queries/4/word' }] } });
    t.match(results[5], { problem: { errors: [{ pointer: '/body/queries/5/k' }] } });
  },
);

t.test('Kneser–Ney answers a query whose estimator it is', async (t) => {
  const client = await startClient(t);
  const { results } = await client.probabilities('book', {
    queries: [{ context: 'the', word: 'time', estimator: 'modified-kneser-ney' }],
  });
  const { probability } = await client.probability('book', {
    context: 'the',
    word: 'time',
    estimator: 'modified-kneser-ney',
  });
  t.match(results, [{ probability, estimator: { name: 'modified-kneser-ney' } }]);
});

t.test('a problem is thrown with its kind', async (t) => {
  const client = await startClient(t);
  const error = await client.probability('none', { word: 'time' }).catch((error) => error);
  t.ok(error instanceof ProblemError && error.is('/problems#corpus-not-found'));
  t.notOk(error.is('/problems#invalid-request', '/problems#unavailable'));
  t.equal(error.message, error.problem.detail);
  const body = { model: 'none', prompt: 'the' };
  const other = await dataOf(client.api.POST('/v1/completions', { body })).catch((error) => error);
  t.ok(other instanceof AnswerError && !(other instanceof ProblemError));
  t.match(other, { status: 404, message: /none/ });
});

t.test('lines are scored one by one, with problems in their places', async (t) => {
  const client = await startClient(t);
  const records = await collected(client.scoreLines('book', 'the time\nthe machine\n', { estimator: 'mle' }));
  t.match(records, [
    { line: 1, tokens: 2 },
    { line: 2, log_probability: null },
  ]);
});

t.test('texts are followed while they are generated, and jobs until they end', async (t) => {
  const client = await startClient(t);
  const events = await collected(client.generate('book', { prompt: 'the', max_tokens: 3, seed: 1 }));
  const tokens = events.flatMap(({ event, data }) => (event === 'token' ? [data.token] : []));
  const { data } = events.at(-1) ?? {};
  t.match(data, { tokens, seed: 1 });
  const params = { path: { corpus: 'slow' }, header: { prefer: 'respond-async' } };
  const job = await dataOf(client.api.PUT('/v1/corpora/{corpus}', { params, body: { text } }));
  const states = await collected(client.followJob((job as { id: string }).id));
  t.match(states.at(-1), { state: 'succeeded', result: { status: 201, body: { name: 'slow' } } });
});

t.test('lists and minibatches are read page by page', async (t) => {
  const client = await startClient(t);
  const vocabulary = await collected(client.vocabulary('book'));
  t.same(
    vocabulary.map(({ token }) => token),
    ['<unk>', 'the', 'time', 'traveller', 'smiled', 'and', 'machine', 'stood', 'still'],
  );
  const ngrams = await collected(client.ngrams('book', { order: 2, limit: 2 }));
  const counts = ngrams.map(({ count }) => count);
  t.same(counts, [2, 1, 1, 1, 1, 1, 1, 1]);
  const choice = { strategy: 'random', seed: 1, batch_size: 1, num_steps: 2, limit: 1 } as const;
  const batches = await collected(client.tokenBatches('book', choice));
  t.same(
    batches.map(({ index }) => index),
    batches.map((_, i) => i),
  );
  t.ok(batches.length > 2);
  t.same(
    (await collected(client.batches('book', choice))).map(({ x }) =>
      x.flat().map((id) => vocabulary[id]?.token),
    ),
    batches.map(({ x }) => x.flat()),
  );
});

t.test('a refused upload is repeated after the time of Retry-After, with the same key', async (t) => {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    request.resume();
    const isRefused = keys.length < 3;
    response.writeHead(isRefused ? 503 : 201, { 'retry-after': '0', 'content-type': 'application/json' });
    response.end('{"id":"1"}');
  });
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.match(await new Ngramd(address).add('book', text), { id: '1' });
  t.equal(keys.length, 3);
  t.equal(new Set(keys).size, 1);
  t.match(keys[0], /^[0-9a-f]{32}$/);
  keys.length = 0;
  await t.rejects(new Ngramd(address, { retries: 1 }).add('book', text), new AnswerError(503, { id: '1' }));
  t.equal(keys.length, 2, 'no more often than it may be');
});

t.test('a request whose connection fails is repeated only if it can be repeated safely', async (t) => {
  const failing = (times: number) => {
    const failures = { left: times, asked: 0 };
    const fetch = async (request: Request) => {
      failures.asked++;
      if (failures.left-- > 0) throw new TypeError('fetch failed');
      return globalThis.fetch(request);
    };
    return { failures, fetch };
  };
  const { app } = await startService(t);
  const once = failing(1);
  await new Ngramd(app.listeningOrigin, { fetch: once.fetch }).upload('book', text);
  t.equal(once.failures.asked, 2);
  const always = failing(1);
  const client = new Ngramd(app.listeningOrigin, { fetch: always.fetch });
  await t.rejects(collected(client.scoreLines('book', text)), /fetch failed/);
  t.equal(always.failures.asked, 1);
});

t.test('a key is sent', async (t) => {
  const client = new Ngramd('http://127.0.0.1', {
    key: 'secret',
    fetch: async (request) => {
      t.equal(request.headers.get('authorization'), 'Bearer secret');
      return Response.json({ items: [] });
    },
  });
  t.same(await collected(client.corpora()), []);
});

t.test("the examples in the client's README run", async (t) => {
  const { app } = await startService(t);
  const folder = join(import.meta.dirname, '../../clients/typescript');
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```ts\n([\s\S]+?)^```$/gm)].map(([, code]) => code);
  t.ok(examples.length > 3);
  const printed: string[] = [];
  for (const [i, example] of examples.entries()) {
    const file = join(temporaryFolder(t), `example-${i}.ts`);
    const code = example
      .replace("'ngramd-client'", JSON.stringify(join(folder, 'src/index.ts')))
      .replace('http://127.0.0.1:3000', app.listeningOrigin);
    writeFileSync(file, code);
    printed.push((await promisify(execFile)(process.execPath, [file])).stdout);
  }
  t.match(printed[0], /^0\.\d+ \[ 1, 0\.5, 0\.25 \]\ntime 2\n/);
  t.match(printed[2], /^404 /);
});
