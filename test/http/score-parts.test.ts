import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { startService } from './harness.ts';
import { cut, type ScoreRecord, streamed } from './score-streams.ts';

const invalid = Buffer.from([0xff]);

/** Slow machines build an index slowly. */
const patient = { INDEX_TIMEOUT_MS: '300000' };

t.test('a long line’s score, too, depends neither on where the body is cut nor on other lines', async (t) => {
  const { api, app } = await startService(t);
  const { port } = app.server.address() as { port: number };
  for (const tokenizer of ['whitespace', 'word', 'char', 'unicode']) {
    await api
      .put(`/v1/corpora/${tokenizer}?sequences=line&order=2&tokenizer=${tokenizer}`)
      .type('text/plain')
      .send('hello there\nhello friend\nthe \ufeff hello');
  }
  const line = fc.oneof(
    fc.constantFrom(
      'hello there',
      '\ufeffhello there',
      'hello \ufefffriend',
      '',
      ' \t',
      'ä 中文',
      '<s> a',
      'zebra',
    ),
    fc.constantFrom('hello ', 'friend', '中').map((word) => word.repeat(7000)),
  );
  const lines = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: line.map((line) => Buffer.from(line)) },
      { weight: 1, arbitrary: fc.constant(Buffer.concat([Buffer.from('hello '), invalid])) },
    ),
    { minLength: 1, maxLength: 5 },
  );
  const lengths = fc.array(fc.constantFrom(1, 2, 30, 5000, 100_000), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('whitespace', 'word', 'char', 'unicode'),
      lines,
      lengths.filter((lengths) => Math.max(...lengths) > 1000),
      fc.boolean(),
      async (corpus, lines, lengths, perToken) => {
        const path = `/v1/corpora/${corpus}/score?estimator=witten-bell&per_token=${perToken}`;
        const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
        const records = await streamed(port, path, cut(body, lengths));
        const alone: ScoreRecord[] = [];
        for (const [i, line] of lines.entries()) {
          // The first line of a body alone may begin with a byte order mark.
          const before = i === 0 ? '' : '\n';
          const only = Buffer.concat([Buffer.from(before), line, Buffer.from('\n')]);
          alone.push(
            ...(await streamed(port, path, [only])).filter(({ line }) => line === before.length + 1),
          );
        }
        const comparable = (record: ScoreRecord) => ({
          ...record,
          line: 0,
          problem: record.problem && { ...record.problem, instance: '' },
        });
        t.same(records.map(comparable), alone.map(comparable));
      },
    ),
    { numRuns: 5 },
  );
});

t.test('the total does not depend on where the body is cut', async (t) => {
  const { api, app } = await startService(t, patient);
  const { port } = app.server.address() as { port: number };
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na c c');
  const body = Buffer.from('a b c zebra\n\na\nb c c c a\n'.repeat(3000) + 'c a '.repeat(200_000));
  // It waits for the index in memory, which is faster.
  const path = '/v1/corpora/c/score?estimator=modified-kneser-ney';
  const score = (lengths: number[]) => streamed(port, `${path}&summary=true`, cut(body, lengths));
  const lines = await streamed(port, path, [body]);
  const sum = (field: 'tokens' | 'log_probability') => lines.reduce((sum, line) => sum + line[field], 0);
  for (const lengths of [[1_000_000], [10_007], [65_536, 3000]]) {
    const [total] = await score(lengths);
    t.equal(total.texts, 12_001);
    t.equal(total.tokens, sum('tokens'));
    t.equal(total.log_probability, sum('log_probability'), 'it is the sum of the lines in their order');
  }
});

t.test('clients that read slowly and at the same time get the bytes that they get alone', async (t) => {
  const { api, app } = await startService(t, patient);
  const { port } = app.server.address() as { port: number };
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b a c');
  const path = '/v1/corpora/c/score?per_token=true&estimator=modified-kneser-ney';
  const bodies = ['a b c\n', 'b zebra\n', 'c\n'].map((line) => Buffer.from(line.repeat(12_000)));
  const alone: Buffer[] = [];
  for (const body of bodies) alone.push(await readSlowly(port, path, body, 0));
  const together = await Promise.all(bodies.map((body) => readSlowly(port, path, body, 20)));
  for (const [i, answer] of together.entries()) t.ok(answer.equals(alone[i]));
});

/** The answer to a body, of which a part is read every `pause` milliseconds. */
async function readSlowly(port: number, path: string, body: Buffer, pause: number): Promise<Buffer> {
  const client = request({ port, method: 'POST', path, headers: { 'content-type': 'text/plain' } });
  const answered = once(client, 'response');
  client.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  let unread = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    unread += chunk.length;
    if (unread < 2 ** 20) continue;
    unread = 0;
    await setTimeout(pause);
  }
  return Buffer.concat(chunks);
}

t.test('a long list of tokens comes in several records, of which the last has the totals', async (t) => {
  const { api, app } = await startService(t, patient);
  const { port } = app.server.address() as { port: number };
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b a c');
  const words = 'a b zebra '.repeat(9000).trim();
  const path = '/v1/corpora/c/score?per_token=true&estimator=modified-kneser-ney';
  const body = Buffer.from(`a b\n${words}\nc\n${words} \u00a0 b `);
  const records = await streamed(port, path, cut(Buffer.concat([body, invalid]), [50_000]));
  const [whole] = await streamed(port, path.replace('per_token=true', ''), [Buffer.from(words)]);
  const second = records.filter(({ line }) => line === 2);
  const last = second.pop() as ScoreRecord;
  const { per_token, ...totals } = last;
  t.same(totals, { ...whole, line: 2 });
  t.ok(second.length > 0);
  for (const record of second) t.same(Object.keys(record), ['line', 'version', 'per_token', 'continued']);
  const tokens = [...second, last].flatMap(({ per_token }) => per_token);
  t.same(tokens.map(({ token }) => token).join(' '), words);
  t.same(
    records.filter(({ line }) => line !== 2 && line !== 4).map(({ line, tokens }) => [line, tokens]),
    [
      [1, 2],
      [3, 1],
    ],
  );
  const fourth = records.filter(({ line }) => line === 4);
  t.match(fourth.pop(), { problem: { type: '/problems#invalid-text' } });
  t.ok(fourth.length > 0);
  t.ok(fourth.every(({ continued }) => continued));
});

t.test(
  'a line of half a million tokens is scored with each of them in little memory, and the longest line has a limit',
  async (t) => {
    const { api, app } = await startService(t, patient);
    const { port } = app.server.address() as { port: number };
    await api.put('/v1/corpora/c').type('text/plain').send('the time machine');
    const body = gzipSync(Buffer.alloc(2 ** 21, 'the '));
    const client = request({
      port,
      method: 'POST',
      path: '/v1/corpora/c/score?per_token=true&estimator=modified-kneser-ney',
      headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
    });
    const before = process.memoryUsage.rss();
    client.end(body);
    const [response] = await once(client, 'response');
    let last = '';
    let most = 0;
    let tokens = 0;
    for await (const line of createInterface({ input: response })) {
      most = Math.max(most, process.memoryUsage.rss());
      last = line;
      tokens += line.split('"token":').length - 1;
    }
    t.equal(JSON.parse(last).tokens, 2 ** 19);
    t.equal(tokens, 2 ** 19);
    t.ok(most - before < 300_000_000, `${most - before} bytes`);
    const answer = await api
      .post('/v1/corpora/c/score?summary=true')
      .type('text/plain')
      .send(Buffer.alloc(2 ** 24 + 1, 'the ').toString());
    t.equal(answer.status, 413);
    t.match(answer.body.detail, /Line 1 is longer than 16777216 bytes/);
  },
);
