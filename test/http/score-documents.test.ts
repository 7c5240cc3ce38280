import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const ndjson = 'application/x-ndjson';

/** Posts a body; the status and the records of the answer. */
async function post(port: number, path: string, chunks: readonly Uint8Array[], headers: object = {}) {
  const client = request({ port, method: 'POST', path, headers: { 'content-type': ndjson, ...headers } });
  for (const chunk of chunks) client.write(chunk);
  client.end();
  const [response] = await once(client, 'response');
  const answer = (await text(response)).trim();
  const records = answer === '' ? [] : answer.split('\n').map((line) => JSON.parse(line));
  return { status: response.statusCode, records };
}

async function withCorpus(t: Test) {
  const { api, app } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c\nb c a');
  const { port } = app.server.address() as { port: number };
  return { api, port, path: '/v1/corpora/c/score?estimator=laplace' };
}

t.test('each document of NDJSON is scored as the same text in JSON, with its id', async (t) => {
  const { api, port, path } = await withCorpus(t);
  const anyText = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', ' ', '\n', 'é', '\u2028', '"', '\ufeff'),
  });
  const anyId = fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.nat()), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ body: anyText, key: anyId }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (documents, size, perToken) => {
        const bytes = Buffer.from(documents.map((document) => JSON.stringify(document)).join('\n'));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const query = `&field=body&id_field=key&per_token=${perToken}`;
        const { status, records } = await post(port, path + query, chunks);
        t.equal(status, 200);
        const texts = documents.map(({ body }) => body);
        const { results } = (await api.post(path).send({ texts, per_token: perToken })).body;
        t.same(
          records,
          documents.map(({ key }, i) => {
            const { rank: _, ...score } = results[i];
            return { line: i + 1, ...(key === undefined ? {} : { id: key }), version: 1, ...score };
          }),
        );
      },
    ),
    { numRuns: 30 },
  );
});

t.test('a line that is no document has a problem in its place, with its id if that is known', async (t) => {
  const { port, path } = await withCorpus(t);
  const body = Buffer.concat([
    Buffer.from('\ufeff{"text":"a b","id":"first"}\n\n \t\r\n'),
    Buffer.from('{"text":"a\n"no"]\n5\n{"id":"x"}\n{"text":7}\n{"text":"a","id":{}}\n'),
    Buffer.from('{"text":"\\ud800","id":9}\n{"text":"'),
    Buffer.from([0xff]),
    Buffer.from('"}\n{"text":"b","id":null}'),
  ]);
  const { records } = await post(port, path, [body]);
  t.match(records, [
    { line: 1, id: 'first', tokens: 3 },
    { line: 4, problem: { type: '/problems#invalid-request', detail: /not JSON/ } },
    { line: 5, problem: { detail: /not JSON/ } },
    { line: 6, problem: { detail: /must be a JSON object/ } },
    { line: 7, id: 'x', problem: { detail: /field "text"/ } },
    { line: 8, problem: { detail: /field "text"/ } },
    { line: 9, problem: { detail: /field "id"/ } },
    { line: 10, id: 9, problem: { type: '/problems#invalid-text' } },
    { line: 11, problem: { type: '/problems#invalid-text', detail: /byte offset 9/ } },
    { line: 12, tokens: 2 },
  ]);
  t.equal(records.length, 10);
  t.notOk('id' in records[9]);
  const summary = await post(port, `${path}&summary=true`, [body]);
  t.match(summary, { status: 400, records: [{ detail: /^Line 4: / }] });
});

t.test('ids that are whole numbers come back as they are written', async (t) => {
  const { app } = await startService(t);
  const ids = ['12345678901234567890', '-9007199254740993', '7', '"12345678901234567890"'];
  const url = `${app.listeningOrigin}/v1/corpora/c`;
  await fetch(url, { method: 'PUT', body: 'a b' });
  for (const text of ['"a"', '5']) {
    const body = ids.map((id) => `{"id":${id},"text":${text}}\n`).join('');
    const headers = { 'content-type': ndjson };
    const answer = await (await fetch(`${url}/score`, { method: 'POST', body, headers })).text();
    for (const [i, line] of answer.trim().split('\n').entries())
      t.ok(line.startsWith(`{"line":${i + 1},"id":${ids[i]},"version":1,`), line);
  }
  const infinite = { method: 'POST', body: '{"id":1e400,"text":"a"}', headers: { 'content-type': ndjson } };
  t.match(await (await fetch(`${url}/score`, infinite)).json(), {
    problem: { detail: /field "id", the id, must be a string or a number/ },
  });
});

t.test('cutoffs put texts into buckets by their perplexity, and percentiles are such cutoffs', async (t) => {
  const { api, port, path } = await withCorpus(t);
  const texts = ['a b', 'a', 'c c c', 'zebra', 'b c a', 'a c'];
  const body = Buffer.from(texts.map((text) => JSON.stringify({ text })).join('\n'));
  const { results } = (await api.post(path).send({ texts })).body;
  const perplexities: number[] = results.map(({ perplexity }: { perplexity: number }) => perplexity);
  const sorted = perplexities.toSorted((a, b) => a - b);
  const percentiles = await post(port, `${path.replace('score', 'percentiles')}&at=0,40&at=50,100`, [body]);
  t.match(percentiles.records[0], {
    version: 1,
    texts: 6,
    percentiles: [
      { percentile: 0, perplexity: sorted[0] },
      { percentile: 40, perplexity: sorted[2] },
      { percentile: 50, perplexity: sorted[2] + 0.5 * (sorted[3] - sorted[2]) },
      { percentile: 100, perplexity: sorted[5] },
    ],
  });
  const expected = perplexities.map((perplexity) =>
    perplexity < sorted[2] ? 'head' : perplexity < sorted[4] ? 'middle' : 'tail',
  );
  const cutoffs = `&cutoffs=${sorted[2]},${sorted[4]}`;
  const bucketsOf = (records: { bucket: string }[]) => records.map(({ bucket }) => bucket);
  t.same(bucketsOf((await post(port, path + cutoffs, [body])).records), expected);
  t.same(bucketsOf((await api.post(path + cutoffs).send({ texts })).body.results), expected);
  const lines = { 'content-type': 'text/plain' };
  t.same(
    bucketsOf((await post(port, path + cutoffs, [Buffer.from(texts.join('\n'))], lines)).records),
    expected,
  );
});

t.test('the totals of documents are those of their texts, compressed or not', async (t) => {
  const { api, port, path } = await withCorpus(t);
  const texts = Array.from({ length: 3000 }, (_, i) => (i % 7 === 0 ? 'a b\nc' : 'b c zebra'));
  const body = Buffer.from(texts.map((text) => JSON.stringify({ text })).join('\n'));
  const expected = (await api.post(path).send({ texts, summary: true })).body;
  t.match(await post(port, `${path}&summary=true`, [body]), { status: 200, records: [expected] });
  const gzip = { 'content-encoding': 'gzip' };
  t.match(await post(port, `${path}&summary=true`, [gzipSync(body)], gzip), { records: [expected] });
});

t.test('what makes no sense is refused', async (t) => {
  const { api, port, path } = await withCorpus(t);
  const refused = async (query: string, pointer: string, headers = {}) =>
    t.match(
      await post(port, path + query, [Buffer.from('{"text":"a"}')], headers),
      { status: 400, records: [{ errors: [{ pointer }] }] },
      query,
    );
  await refused('&cutoffs=5', '/query/cutoffs');
  await refused('&cutoffs=5,4', '/query/cutoffs');
  await refused('&cutoffs=a,4', '/query/cutoffs');
  await refused('&field=t', '/query/field', { 'content-type': 'text/plain' });
  t.match((await api.post(`${path}&id_field=t`).send({ texts: ['a'] })).body.errors, [
    { pointer: '/query/id_field' },
  ]);
  const percentiles = path.replace('score', 'percentiles');
  t.match(await post(port, `${percentiles}&at=101`, [Buffer.from('{"text":"a"}')]), { status: 400 });
  t.match(await post(port, percentiles, [Buffer.from('\n')]), { status: 400 });
  const json = { 'content-type': 'application/json' };
  t.match(await post(port, percentiles, [Buffer.from('{"texts":["a"]}')], json), {
    status: 415,
    records: [{ detail: /one text per line.*application\/x-ndjson/ }],
  });
  const lines = { 'content-type': 'text/plain' };
  t.match(await post(port, percentiles, [Buffer.from('a\n'.repeat(100_001))], lines), {
    status: 413,
    records: [{ errors: [{ pointer: '/body' }] }],
  });
});
