import t, { type Test } from 'tap';
import { startService } from './harness.ts';

type Api = Awaited<ReturnType<typeof startService>>['api'];

const corpus = '/v1/corpora/c';
const estimator = 'modified-kneser-ney';

/** At version v of the corpus, `d` occurs v - 1 times. */
const begin = (api: Api) => api.put(`${corpus}?order=2`).type('text/plain').send('a b a c');
const add = (api: Api) => api.post(`${corpus}/documents`).type('text/plain').send('a d').expect(201);

/** How often `d` occurs, by the model that answers, and the answer. */
async function askCount(api: Api, query: object = {}) {
  const { status, body } = await api
    .get(`${corpus}/probability`)
    .query({ word: 'd', order: 1, explain: true, estimator, ...query });
  return { status, body, count: body.levels?.[0].count };
}

/** Asks until the index of the newest version answers. */
async function settle(api: Api, version: number): Promise<void> {
  for (;;) {
    const { status, body } = await askCount(api);
    if (status === 200 && body.version === version) return;
  }
}

/** A question of each route that takes an estimator. Tuning alone has none that reads adjusted counts. */
const questions: Record<string, (api: Api, fields: object) => PromiseLike<{ status: number; text: string }>> =
  {
    probability: (api, fields) => api.get(`${corpus}/probability`).query({ word: 'd', estimator, ...fields }),
    probabilities: (api, fields) =>
      api.post(`${corpus}/probabilities`).send({ queries: [{ word: 'd' }], estimator, ...fields }),
    continuations: (api, fields) =>
      api.get(`${corpus}/continuations`).query({ context: 'a', estimator, ...fields }),
    'score of JSON': (api, fields) =>
      api.post(`${corpus}/score`).send({ texts: ['a d'], estimator, ...fields }),
    'score of lines': (api, fields) =>
      api
        .post(`${corpus}/score`)
        .query({ estimator, ...fields })
        .type('text/plain')
        .send('a d\nb'),
    generate: (api, fields) => api.post(`${corpus}/generate`).send({ max_tokens: 3, estimator, ...fields }),
    tune: (api, fields) => api.post(`${corpus}/tune`).send({ text: 'a d', ...fields }),
    arpa: (api, fields) => api.get(`${corpus}/arpa`).query({ order: 1, ...fields }),
  };

/** The service, which waits for no index, and a corpus whose index is there. */
async function startImpatient(t: Test): Promise<Api> {
  const { api } = await startService(t, { INDEX_TIMEOUT_MS: '0' });
  await begin(api);
  await settle(api, 1);
  return api;
}

/** The service, which waits for an index however slow the machine is, and a corpus. */
async function startPatient(t: Test): Promise<Api> {
  const { api } = await startService(t, { INDEX_TIMEOUT_MS: '120000' });
  await begin(api);
  return api;
}

t.setTimeout(600_000);

t.test(
  'while documents trickle in, every question of Kneser–Ney is answered, and says of which version',
  async (t) => {
    const api = await startImpatient(t);
    let version = 1;
    let isAsking = true;
    const trickle = (async () => {
      while (isAsking) {
        await add(api);
        version++;
      }
    })();
    for (let round = 0; round < 5; round++) {
      for (const [kind, ask] of Object.entries(questions)) {
        const { status, text } = await ask(api, {});
        t.equal(status, 200, `${kind}: ${text}`);
      }
      const { status, body, count } = await askCount(api);
      t.equal(status, 200);
      t.ok(body.version <= version + 1);
      t.equal(count, body.version - 1, 'the counts are of the version that is named');
    }
    isAsking = false;
    await trickle;
    await settle(api, version);
    t.equal((await askCount(api)).count, version - 1, 'the newest version answers soon after');
  },
);

t.test('min_version has the index of the newest version waited for', async (t) => {
  const api = await startPatient(t);
  for (let version = 2; version < 10; version++) {
    await add(api);
    for (const [kind, ask] of Object.entries(questions)) {
      const { status, text } = await ask(api, { min_version: version });
      t.equal(status, 200, kind);
      for (const [, named] of text.matchAll(/"version":(\d+)/g)) t.equal(Number(named), version, kind);
    }
    const answers = await Promise.all([1, 2, 3].map(() => askCount(api, { min_version: version })));
    for (const { body, count } of answers) t.same([body.version, count], [version, version - 1]);
  }
});

t.test('where an index as new as min_version is not there in time the answer is 503', async (t) => {
  const api = await startImpatient(t);
  await add(api);
  for (const [kind, ask] of Object.entries(questions)) {
    t.equal((await ask(api, { min_version: 1 })).status, 200, `${kind}: the one that is there will do`);
  }
  let version = 2;
  const ask = () => api.get(`${corpus}/probability`).query({ word: 'd', estimator, min_version: version });
  let early: Awaited<ReturnType<typeof ask>>;
  // An index of so few words can be there at once.
  do {
    await settle(api, version);
    await add(api);
    version++;
    early = await ask();
  } while (early.status === 200 && early.body.version === version);
  t.equal(early.status, 503);
  t.equal(early.headers['retry-after'], '1');
  t.equal(early.body.type, '/problems#index-not-ready');
  let again = await askCount(api, { min_version: version });
  while (again.status === 503) again = await askCount(api, { min_version: version });
  t.same([again.status, again.body.version, again.count], [200, version, version - 1]);
});

t.test('a min_version that the corpus has not reached is refused, under every estimator', async (t) => {
  const api = await startPatient(t);
  for (const [kind, ask] of Object.entries(questions)) {
    for (const chosen of [{}, { estimator: 'witten-bell' }]) {
      const fields = { min_version: 2, ...(kind === 'tune' ? { estimator: 'laplace' } : chosen) };
      const { status, text } = await ask(api, fields);
      t.equal(status, 400, kind);
      const { errors, detail } = JSON.parse(text);
      t.match(errors[0].pointer, /^\/(query|body)\/min_version$/, kind);
      t.match(detail, 'The corpus is at version 1, and has not reached 2.');
    }
    for (const min_version of [0, -1, 1.5, 'x']) t.equal((await ask(api, { min_version })).status, 400, kind);
  }
  t.equal((await askCount(api, { min_version: 1, estimator: 'mle' })).status, 200);
});

t.test(
  'after a document was taken back the earlier index answers as what it is, until there is a new one',
  async (t) => {
    const api = await startImpatient(t);
    await add(api);
    await settle(api, 2);
    const [, added] = (await api.get(`${corpus}/documents`)).body.items;
    await api.delete(`${corpus}/documents/${added.id}`).expect(204);
    for (;;) {
      const { status, body, count } = await askCount(api);
      t.equal(status, 200);
      t.equal(count, body.version === 2 ? 1 : 0);
      if (body.version === 3) break;
    }
  },
);

t.test(
  'a corpus that was made anew under its name is never answered from the index of the old one',
  async (t) => {
    const { api } = await startService(t, { INDEX_TIMEOUT_MS: '120000' });
    for (let round = 1; round <= 5; round++) {
      await api
        .put(`${corpus}?order=2`)
        .type('text/plain')
        .send(`a ${'b '.repeat(round)}`)
        .expect(201);
      for (const [kind, ask] of Object.entries(questions)) t.equal((await ask(api, {})).status, 200, kind);
      const { body, count } = await askCount(api, { word: 'b' });
      t.same([body.version, count], [1, round]);
      const { text } = await api.get(`${corpus}/arpa`);
      t.match(text, new RegExp(`^ngram 2=${round === 1 ? 1 : 2}$`, 'm'));
      await api.delete(corpus).expect(204);
      t.equal((await askCount(api)).status, 404);
    }
  },
);
