import t from 'tap';
import { startService } from './harness.ts';

const numbers = Array.from({ length: 35 }, (_, i) => i).join(' ');
const service = await startService(t);
const { api } = service;
await api.put('/v1/corpora/numbers?tokenizer=whitespace').type('text/plain').send(numbers);

interface Batch {
  index: number;
  x: string[][];
  y: string[][];
}

const get = async (query: object) => (await api.get('/v1/corpora/numbers/batches').query(query)).body;
const small = { batch_size: 2, num_steps: 5, as: 'tokens' };
const shift = (rows: string[][]) => rows.map((row) => row.map((number) => String(Number(number) + 1)));

t.test(
  '35 tokens give 3 batches for every seed, 2 where sequential draws offset 5; y is x shifted by one',
  async (t) => {
    const offsets = new Set<number>();
    for (const strategy of ['random', 'sequential']) {
      for (let seed = 0; seed < 40; seed++) {
        const page = await get({ ...small, strategy, seed });
        if (strategy === 'sequential') offsets.add(page.offset);
        t.equal(page.num_batches, strategy === 'sequential' && page.offset === 5 ? 2 : 3);
        t.equal(page.batches.length, page.num_batches);
        t.equal(page.tokens, 35);
        for (const { x, y } of page.batches as Batch[]) t.same(y, shift(x));
      }
    }
    t.same([...offsets].sort(), [0, 1, 2, 3, 4, 5]);
  },
);

t.test('sequential batches are neighbours: each row goes on where it ended', async (t) => {
  const { batches } = await get({ ...small, strategy: 'sequential', seed: 3 });
  for (let i = 1; i < batches.length; i++) {
    for (const row of [0, 1]) t.equal(Number(batches[i].x[row][0]), Number(batches[i - 1].x[row][4]) + 1);
  }
});

t.test('random batches over one epoch hold each subsequence at most once', async (t) => {
  for (let epoch = 0; epoch < 5; epoch++) {
    const { batches } = await get({ ...small, strategy: 'random', seed: 1, epoch });
    const starts = (batches as Batch[]).flatMap(({ x }) => x.map(([first]) => first));
    t.equal(new Set(starts).size, starts.length);
  }
});

t.test('every page of an epoch is a part of the epoch, however it is paged or dealt out', async (t) => {
  for (const strategy of ['random', 'sequential']) {
    const query = { batch_size: 1, num_steps: 2, strategy, seed: 7 };
    const whole: Batch[] = (await get({ ...query, limit: 1000 })).batches;
    t.ok(whole.length > 10);

    const paged: Batch[] = [];
    let next = `/v1/corpora/numbers/batches?${new URLSearchParams({ ...query, limit: '3' } as never)}`;
    while (next !== null) {
      const answer = await api.get(next);
      paged.push(...answer.body.batches);
      t.equal(
        answer.headers.link,
        answer.body.next === null ? undefined : `<${answer.body.next}>; rel="next"`,
      );
      next = answer.body.next;
    }
    t.same(paged, whole);

    const dealt: Batch[] = [];
    for (const rank of [0, 1, 2])
      dealt.push(...(await get({ ...query, limit: 1000, rank, world_size: 3 })).batches);
    t.same(
      dealt.sort((a, b) => a.index - b.index),
      whole,
    );
  }
});

t.test('with the T of an earlier page the epoch is the same after the corpus has grown', async (t) => {
  await api.put('/v1/corpora/growing?tokenizer=whitespace').type('text/plain').send(numbers);
  const ask = async (query: object) =>
    (await api.get('/v1/corpora/growing/batches').query({ ...small, limit: 2, ...query })).body;
  const first = await ask({});
  await api.post('/v1/corpora/growing/documents').type('text/plain').send('35 36 37 38 39 40 41 42');
  const again = await ask({ max_tokens: first.tokens });
  t.same(again.batches, first.batches);
  t.equal(again.version, 2);
  t.equal((await ask({})).tokens, 43);
  t.match(first.next, /max_tokens=35/);
});

t.test('min_freq gives rare tokens as <unk>', async (t) => {
  await api.put('/v1/corpora/rare?tokenizer=whitespace').type('text/plain').send('a a b a c a b a');
  const { batches } = (
    await api
      .get('/v1/corpora/rare/batches')
      .query({ strategy: 'sequential', batch_size: 1, num_steps: 3, min_freq: 2, as: 'tokens' })
  ).body;
  const tokens = new Set((batches as Batch[]).flatMap(({ x, y }) => [...x, ...y].flat()));
  t.same([...tokens].sort(), ['<unk>', 'a', 'b']);
});

t.test('NDJSON and NPY hold what JSON holds', async (t) => {
  const query = { batch_size: 2, num_steps: 5, limit: 2, seed: 5 };
  const json = await get(query);
  const ndjson = await api
    .get('/v1/corpora/numbers/batches')
    .query(query)
    .accept('application/x-ndjson')
    .buffer();
  t.match(ndjson.headers['content-type'], 'application/x-ndjson');
  t.same(
    ndjson.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    json.batches,
  );
  const { bytes, header, ids } = await getNpy('numbers', query);
  t.match(header, /'<i4'.*\(2, 2, 2, 5\)/);
  t.equal(ids.byteLength + header.length + 10, bytes.length);
  t.same([...ids], idsOf(json));
});

t.test(
  'a long page of NPY holds what JSON holds, for clients at the same time and after a change',
  async (t) => {
    const text = Array.from({ length: 300_000 }, (_, i) => i % 977).join(' ');
    await api.put('/v1/corpora/long?tokenizer=whitespace&order=1').type('text/plain').send(text);
    const compare = async (strategy: string, start: number) => {
      const query = { strategy, batch_size: 32, num_steps: 35, limit: 200, start };
      const { body: json } = await api.get('/v1/corpora/long/batches').query(query);
      const [npy, head] = await Promise.all([
        getNpy('long', query),
        api.head('/v1/corpora/long/batches').query(query).accept('application/x-npy'),
      ]);
      t.ok(Buffer.from(npy.ids.buffer).equals(Buffer.from(Int32Array.from(idsOf(json)).buffer)));
      for (const headers of [npy.headers, head.headers]) {
        t.equal(headers['content-length'], String(npy.bytes.length));
        t.equal(headers.link === undefined, json.next === null);
      }
    };
    for (let round = 0; round < 2; round++) {
      await Promise.all(['random', 'sequential', 'random'].map((strategy, i) => compare(strategy, 33 * i)));
      await api.post('/v1/corpora/long/documents').type('text/plain').send(text);
    }
  },
);

/** A page as NPY. */
async function getNpy(corpus: string, query: object) {
  const { body, headers } = await api
    .get(`/v1/corpora/${corpus}/batches`)
    .query(query)
    .accept('application/x-npy')
    .buffer()
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
  const bytes: Buffer = body;
  const headerLength = 10 + bytes.readUInt16LE(8);
  const ids = new Int32Array(Uint8Array.from(bytes.subarray(headerLength)).buffer);
  return { bytes, header: bytes.subarray(10, headerLength).toString(), ids, headers };
}

/** The ids of a page as JSON in the order of NPY. */
function idsOf({ batches }: { batches: { x: number[][]; y: number[][] }[] }): number[] {
  return batches.flatMap(({ x, y }) => [...x, ...y].flat());
}

t.test('a format that is not there is 406', async (t) => {
  t.equal((await api.get('/v1/corpora/numbers/batches').accept('text/html')).status, 406);
});

t.test('an answer whose format depends on Accept says so, also where there is none', async (t) => {
  const origin = 'https://app.example.org';
  const { api } = await startService(t, { CORS_ORIGINS: origin });
  await api.put('/v1/corpora/book').type('text/plain').send('the time machine the time machine');
  for (const route of ['batches?batch_size=1&num_steps=1', 'zipf']) {
    for (const accept of ['*/*', 'application/json', 'application/x-npy', 'image/svg+xml', 'text/html']) {
      const { status, headers } = await api.get(`/v1/corpora/book/${route}`).set({ accept, origin });
      t.ok(status === 200 || status === 406, `${route} ${accept}: ${status}`);
      t.same(headers.vary.toLowerCase().split(/, */), ['origin', 'accept'], `${route} ${accept}`);
    }
  }
});

t.test('a corpus too small for one minibatch says how many tokens that takes', async (t) => {
  for (const strategy of ['random', 'sequential']) {
    for (const seed of [0, 1, 2]) {
      const page = async (max_tokens: number) =>
        (
          await api
            .get('/v1/corpora/numbers/batches')
            .query({ strategy, seed, batch_size: 2, num_steps: 5, max_tokens })
        ).body;
      const { num_batches, batches, note, next } = await page(10);
      t.same({ num_batches, batches, next }, { num_batches: 0, batches: [], next: null });
      const needed = Number(/takes (\d+) tokens .* there are only 10:/.exec(note)?.[1]);
      t.match(await page(needed - 1), { num_batches: 0, note: String });
      t.equal((await page(needed)).num_batches, 1, `${strategy} ${seed}: ${needed}`);
      t.notOk('note' in (await page(needed)));
    }
  }
});

t.test('a worker beyond the last batch is told why it gets none', async (t) => {
  const query = { batch_size: 2, num_steps: 5, rank: 4, world_size: 5 };
  const { body } = await api.get('/v1/corpora/numbers/batches').query(query);
  t.match(body, { num_batches: 0, batches: [], note: /3 batches for 5 workers/ });
});

t.test('pages that are not JSON say in a header why they are empty', async (t) => {
  const query = { batch_size: 2, num_steps: 5, max_tokens: 10 };
  const { body } = await api.get('/v1/corpora/numbers/batches').query(query);
  for (const format of ['json', 'ndjson', 'npy']) {
    const { headers } = await api.get('/v1/corpora/numbers/batches').query({ ...query, format });
    t.equal(headers.note, body.note, format);
  }
  const { headers } = await api.get('/v1/corpora/numbers/batches').query({ batch_size: 2, num_steps: 5 });
  t.equal(headers.note, undefined);
});

t.test('the offset can be chosen, and its pages follow one another', async (t) => {
  const get = async (query: object) =>
    api.get('/v1/corpora/numbers/batches').query({ batch_size: 2, num_steps: 5, ...query });
  for (const [strategy, highest] of [
    ['random', 4],
    ['sequential', 5],
  ] as const) {
    for (let offset = 0; offset <= highest; offset++) {
      const { body } = await get({ strategy, offset, limit: 1 });
      t.equal(body.offset, offset, strategy);
      const next = (await api.get(body.next)).body;
      t.equal(next.offset, offset);
    }
    const { status, body } = await get({ strategy, offset: highest + 1 });
    t.equal(status, 400);
    t.match(body, { errors: [{ pointer: '/query/offset' }], detail: `at most ${highest}` });
  }
  const { body } = await get({ strategy: 'sequential', offset: 3, as: 'tokens' });
  const whole = await get({ strategy: 'sequential', offset: 0, batch_size: 1, num_steps: 10, as: 'tokens' });
  t.same(body.batches[0].x[0], whole.body.batches[0].x[0].slice(3, 8), 'the first row begins there');
});
