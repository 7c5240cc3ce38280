import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const json = 'application/json';
const ndjson = 'application/x-ndjson';

/** Posts a body in chunks; the status and the records of the answer. */
async function post(port: number, path: string, type: string, chunks: readonly (string | Uint8Array)[]) {
  const client = request({ port, method: 'POST', path, headers: { 'content-type': type } });
  for (const chunk of chunks) client.write(chunk);
  client.end();
  const [response] = await once(client, 'response');
  const answer = (await text(response)).trim();
  const records = answer === '' ? [] : answer.split('\n').map((line) => JSON.parse(line));
  return { status: response.statusCode, records };
}

/** Two corpora of lines, one of which was changed, and one of another tokenizer. */
async function withCorpora(t: Test, settings?: Record<string, string>) {
  const { api, app } = await startService(t, settings);
  const put = (name: string, query: string, body: string) =>
    api.put(`/v1/corpora/${name}?${query}`).type('text/plain').send(body);
  await put('inside', 'tokenizer=whitespace&sequences=line', 'a b\na c\nb c a b\n');
  await put('general', 'tokenizer=whitespace&sequences=line&order=2', 'c a\nd d b\n');
  await api.post('/v1/corpora/general/documents').type('text/plain').send('d a\n');
  await put('letters', 'tokenizer=char&sequences=line', 'a b');
  const { port } = app.server.address() as { port: number };
  return { api, port, path: '/v1/corpora/inside/score' };
}

const anyLine = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'zzz', 'é'), { maxLength: 6 });

const differenceOf = (own: { tokens: number; log_probability: number }, other: { log_probability: number }) =>
  (other.log_probability - own.log_probability) / own.tokens;

t.test('each text has the scores of both models and their difference per token', async (t) => {
  const { api, port, path } = await withCorpora(t);
  const estimators = fc.constantFrom('laplace', 'witten-bell', 'modified-kneser-ney');
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLine, { minLength: 1, maxLength: 6 }),
      estimators,
      estimators,
      fc.constantFrom(undefined, 2, 10),
      fc.integer({ min: 1, max: 20 }),
      async (lines, estimator, against_estimator, base, size) => {
        const texts = lines.map((words) => words.join(' '));
        const query = `estimator=${estimator}${base === undefined ? '' : `&log_base=${base}`}`;
        const alone = (name: string, estimator: string) =>
          api
            .post(`/v1/corpora/${name}/score${base === undefined ? '' : `?log_base=${base}`}`)
            .send({ texts, estimator });
        const [own, other] = await Promise.all([
          alone('inside', estimator),
          alone('general', against_estimator),
        ]);
        const expected = own.body.results.map(({ rank: _, ...score }: { rank: number }, i: number) => {
          const { rank: __, ...against } = other.body.results[i];
          return { ...score, against };
        });
        const check = (found: object[], as: string) => {
          t.same(
            found.map(
              ({ cross_entropy_difference: _, ...score }: { cross_entropy_difference?: number }) => score,
            ),
            expected,
            as,
          );
          for (const score of found as Record<string, never>[]) {
            const { cross_entropy_difference: difference, against } = score;
            t.ok(Math.abs(difference - differenceOf(score as never, against)) < 1e-12, as);
          }
        };
        const both = `${path}?${query}&against=general&against_estimator=${against_estimator}`;
        const { body } = await api.post(both).send({ texts });
        const { version, estimator: chosen } = other.body;
        t.same(body.against, { name: 'general', version, estimator: chosen });
        check(
          body.results.map(({ rank: _, ...score }: { rank: number }) => score),
          'texts in JSON',
        );
        const lined = ({ line: _, version, against, ...score }: Record<string, never>) => {
          const { version: other, ...rest } = against as { version: number };
          t.same([version, other], [1, 2]);
          return { ...score, against: rest };
        };
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        check((await post(port, both, 'text/plain', chunks)).records.map(lined), 'lines');
        const documents = texts.map((text) => `${JSON.stringify({ text })}\n`);
        check((await post(port, both, ndjson, documents)).records.map(lined), 'documents');
        const parts = { estimator, against: { corpus: 'general', estimator: against_estimator } };
        const inBody = await api.post(path).send({ texts, ...parts, ...(base && { log_base: base }) });
        t.same(inBody.body, body, 'chosen in the body');
      },
    ),
    { numRuns: 25 },
  );
});

t.test('totals are those of both models, and their difference', async (t) => {
  const { api, port, path } = await withCorpora(t);
  const texts = ['a b', 'd zzz', '', 'c'];
  const total = async (name: string, query: string) =>
    (await api.post(`/v1/corpora/${name}/score?summary=true&${query}`).send({ texts })).body;
  const own = await total('inside', 'estimator=laplace&epsilon=0.5&order=2');
  const other = await total('general', 'estimator=laplace&epsilon=0.5&order=2');
  const both = `${path}?summary=true&estimator=laplace&epsilon=0.5&order=2&against=general`;
  const { texts: _, version, estimator, ...scores } = other;
  const expected = { ...own, against: { name: 'general', version, estimator, ...scores } };
  const documents = texts.map((text) => `${JSON.stringify({ text })}\n`);
  for (const found of [
    (await api.post(both).send({ texts })).body,
    (await post(port, both, 'text/plain', [texts.map((text) => `${text}\n`).join('')])).records[0],
    (await post(port, both, ndjson, documents)).records[0],
  ]) {
    const { cross_entropy_difference: difference, ...rest } = found;
    t.same(rest, expected);
    t.ok(Math.abs(difference - differenceOf(own, other)) < 1e-12);
  }
});

t.test('a line that is scored in parts has the scores and the list that it has alone', async (t) => {
  const { port, path } = await withCorpora(t);
  const long = 'a b zzz c d '.repeat(25_000);
  for (const perToken of [false, true]) {
    const query = `estimator=witten-bell&per_token=${perToken}`;
    const body = [`a\n${long}`, `${long}\nb c\n`];
    const [own, both] = [
      await post(port, `${path}?${query}`, 'text/plain', body),
      await post(port, `${path}?${query}&against=general`, 'text/plain', body),
    ];
    const other = await post(port, '/v1/corpora/general/score?estimator=witten-bell', 'text/plain', body);
    const others = new Map(other.records.map(({ line, ...score }) => [line, score]));
    const alone = both.records.map(({ against: _, cross_entropy_difference: __, ...record }) => record);
    // Thousands of tokens would be too many for `t.same`.
    t.ok(isDeepStrictEqual(alone, own.records));
    const ended = both.records.filter(({ continued }) => continued === undefined);
    t.same(
      ended.map(({ against }) => against),
      [1, 2, 3].map((line) => others.get(line)),
    );
  }
});

t.test('texts without a difference have null, and ones that cannot be read a problem', async (t) => {
  const { api, port, path } = await withCorpora(t);
  const query = '?estimator=jelinek-mercer&against=general';
  const { results } = (await api.post(path + query).send({ texts: ['d d', 'zzz', 'a'] })).body;
  t.match(results, [
    { log_probability: null, cross_entropy_difference: null, against: { tokens: 3 } },
    { log_probability: null, cross_entropy_difference: null, against: { log_probability: null } },
    { tokens: 2 },
  ]);
  t.type(results[2].cross_entropy_difference, 'number');
  const eos = `${path}?estimator=laplace&against=general&eos=false`;
  t.match((await api.post(eos).send({ texts: [''] })).body.results, [
    { tokens: 0, cross_entropy_difference: null },
  ]);
  const { records } = await post(port, `${path}?against=general`, 'text/plain', [
    'a\n<s> b\n',
    Buffer.from([0xff, 0x0a]),
    'c\n',
  ]);
  t.match(records, [
    { line: 1, against: { version: 2, tokens: 2 } },
    { line: 2, problem: { type: '/problems#invalid-text' } },
    { line: 3, problem: { type: '/problems#invalid-text' } },
    { line: 4, against: { tokens: 2 } },
  ]);
  t.same(
    records.map(({ against }) => against === undefined),
    [false, true, true, false],
  );
  const own = (await post(port, '/v1/corpora/general/score', 'text/plain', ['a\n', 'c\n'])).records;
  t.same(records[3].against.log_probability, own[1].log_probability);
});

t.test('scores that are not probabilities are said to be such, of each model', async (t) => {
  const { api, port, path } = await withCorpora(t);
  const query = '?estimator=laplace&against=general&against_estimator=stupid-backoff';
  const { body } = await api.post(path + query).send({ texts: ['a b'] });
  t.match(body, { against: { normalized: false, estimator: { name: 'stupid-backoff', alpha: 0.4 } } });
  t.notOk('normalized' in body);
  const { records } = await post(port, path + query, 'text/plain', ['a b\n']);
  t.match(records, [{ against: { version: 2, normalized: false } }]);
  t.notOk('normalized' in records[0]);
});

t.test('a model that cannot be scored against is refused with the field that chooses it', async (t) => {
  const { api, path } = await withCorpora(t);
  const refused = async (query: string, fields: object, status: number, pointer: string, detail: RegExp) => {
    const { body } = await api
      .post(path + query)
      .type(json)
      .send({ texts: ['a'], ...fields });
    t.match(body, { status, detail, errors: [{ pointer }] }, `${query} ${JSON.stringify(fields)}`);
  };
  await refused('?against=missing', {}, 404, '/body/against', /no corpus/i);
  await refused('', { against: { corpus: 'missing' } }, 404, '/body/against', /no corpus/i);
  await refused('?against=letters', {}, 400, '/body/against', /differ in their tokenizer/);
  await refused('?against_estimator=laplace', {}, 400, '/body/against_estimator', /does not name/);
  await refused('', { against_order: 1 }, 400, '/body/against_order', /does not name/);
  await refused('?against=general&against_order=3', {}, 400, '/body/against_order', /up to order 2/);
  await refused(
    '',
    { against: { corpus: 'general', order: 3 } },
    400,
    '/body/against/order',
    /up to order 2/,
  );
  await refused('', { against: { corpus: 'general', k: 1 } }, 400, '/body/against/k', /laplace/);
  await refused('', { against: { order: 2 } }, 400, '/body/against/corpus', /missing/);
  await refused(
    '',
    { against: { corpus: 'general', min_version: 1 } },
    400,
    '/body/against/min_version',
    /known/,
  );
  await refused('?against_order=1', { against: { corpus: 'general' } }, 400, '/body/against_order', /itself/);
  await refused(
    '?estimator=jelinek-mercer&lambda=0.5,0.25,0.25&against=general',
    {},
    400,
    '/body/against',
    /lambda/,
  );
  const lines = await api.post(`${path}?against=missing`).type('text/plain').send('a\n');
  t.match(lines, { status: 404, body: { errors: [{ pointer: '/query/against' }] } });
});

t.test('the caller must be allowed to read both corpora', async (t) => {
  const secrets = { all: 'a'.repeat(16), inside: 'b'.repeat(16) };
  const { api } = await startService(t, {
    API_KEYS: `all:${secrets.all}:write,inside:${secrets.inside}:read:in*`,
  });
  for (const name of ['inside', 'general']) {
    await api.put(`/v1/corpora/${name}`).set('x-api-key', secrets.all).type('text/plain').send('a b c');
  }
  const ask = (secret: string, against: object) =>
    api
      .post('/v1/corpora/inside/score')
      .set('x-api-key', secret)
      .send({ texts: ['a'], ...against });
  t.match(await ask(secrets.all, { against: 'general' }), { status: 200 });
  t.match(await ask(secrets.inside, { against: 'inside' }), { status: 200 });
  for (const against of ['general', 'missing', { corpus: 'general' }]) {
    t.match(await ask(secrets.inside, { against }), { status: 403, body: { type: '/problems#forbidden' } });
  }
});
