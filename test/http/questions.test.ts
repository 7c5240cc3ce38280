import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startService, temporaryFolder } from './harness.ts';

const vocabulary = 60_000;
/** Each word once, in lines that overlap in a few words. */
const text = Array.from({ length: vocabulary }, (_, i) => `${i % 2 === 0 ? 'w' : 'v'}${i} x${i % 7}`).join(
  ' ',
);

t.test('what a thread answers is what the event loop answers: of the index, and of the file', async (t) => {
  for (const settings of [{}, { INDEX_MEMORY_BYTES: '0' }]) {
    const { api } = await startService(t, settings);
    await api.put('/v1/corpora/large?tokenizer=whitespace').type('text/plain').send(text);
    const ask = async (query: object) => {
      const answer = await api.get('/v1/corpora/large/continuations').query(query);
      t.equal(answer.status, 200);
      t.match(answer.headers['content-type'], 'application/json; charset=utf-8');
      return answer.body;
    };
    const whole = { context: 'x1', k: 500 };
    const first = await ask({ ...whole, prefix: 'w' });
    t.equal(first.continuations.length, 500);
    t.ok(first.continuations.every(({ word }: { word: string }) => word.startsWith('w')));
    // The words that begin with w one after the other, as the list of all has them.
    const expected: { word: string }[] = [];
    for (let cursor: string | undefined; expected.length < 500; ) {
      const page = await ask({ ...whole, ...(cursor === undefined ? {} : { cursor }) });
      expected.push(...page.continuations.filter(({ word }: { word: string }) => word.startsWith('w')));
      cursor = page.next_cursor;
    }
    t.same(first.continuations, expected.slice(0, 500));
  }
});

t.test('many queries are answered as each by itself, with problems in their places', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('a b a c a b');
  const queries = Array.from({ length: 3000 }, (_, i) => ({
    context: ['a', 'b a', ''][i % 3],
    word: ['a', 'b', 'c d', 'unseen'][i % 4],
  }));
  const many = await api.post('/v1/corpora/c/probabilities').send({ queries, explain: true });
  t.equal(many.status, 200);
  t.equal(many.body.results.length, 3000);
  const few = await api
    .post('/v1/corpora/c/probabilities')
    .send({ queries: queries.slice(0, 12), explain: true });
  for (const [i, result] of many.body.results.entries()) {
    const expected = structuredClone(few.body.results[i % 12]);
    if (expected.problem === undefined) t.same(result, expected);
    else t.match(result.problem, { status: 400, errors: [{ pointer: `/body/queries/${i}/word` }] });
  }
});

t.test('a file of an earlier schema is migrated behind the first question, which is answered', async (t) => {
  const folder = temporaryFolder(t);
  const { api } = await startService(t, { DATA_DIR: folder });
  const old = fileURLToPath(new URL('../store/schema-1.sqlite', import.meta.url));
  copyFileSync(old, join(folder, 'corpora', 'old.sqlite'));
  const metrics = async () => (await api.get('/metrics')).text;
  t.notMatch(await metrics(), /stage="question.prepare"/);
  t.match((await api.get('/v1/corpora/old')).body, { documents: 5, tokens: 2000 });
  t.match(await metrics(), /stage_duration_seconds_count\{stage="question.prepare"\} 1/);
  t.equal((await api.get('/v1/corpora/old/probability?word=w1')).status, 200);
  t.match(await metrics(), /stage_duration_seconds_count\{stage="question.prepare"\} 1/, 'once');
});
