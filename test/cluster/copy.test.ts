/** Corpora on their way from a data folder to a cluster and back: every answer stays as it was. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type supertest from 'supertest';
import t from 'tap';
import { bookTest, startOn, startService, temporaryFolder, testData } from '../http/harness.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

type Api = ReturnType<typeof supertest>;

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const corpus = '/v1/corpora/book';
const estimators = ['laplace', 'witten-bell', 'modified-kneser-ney', 'stupid-backoff'];

/** What is asked of a corpus: lists and files as they are sent, byte by byte. */
const questions = [
  corpus,
  `${corpus}/documents`,
  `${corpus}/vocabulary?format=csv`,
  ...[1, 2, 3].map((order) => `${corpus}/ngrams?order=${order}&format=csv`),
  `${corpus}/batches?batch_size=8&num_steps=5&strategy=random&seed=1&limit=5`,
  `${corpus}/batches?batch_size=8&num_steps=5&strategy=sequential&as=tokens&limit=5`,
  `${corpus}/zipf`,
  `${corpus}/arpa?estimator=modified-kneser-ney`,
  ...estimators.flatMap((estimator) => [
    `${corpus}/probability?context=the+time&word=traveller&explain=true&estimator=${estimator}`,
    `${corpus}/continuations?context=of+the&k=50&estimator=${estimator}`,
  ]),
];

const counted = '/v1/corpora/counted';

/** What is asked of the counts of a corpus. */
const questionsOfCounts = (path: string) => [
  ...[1, 2, 3].map((order) => `${path}/ngrams?order=${order}&format=csv`),
  `${path}/arpa?estimator=modified-kneser-ney`,
  ...estimators.map(
    (estimator) => `${path}/probability?context=the+time&word=machine&explain=true&estimator=${estimator}`,
  ),
];

const answersOf = async (api: Api, paths = questions) => {
  const answers: Record<string, string> = {};
  for (const path of paths) answers[path] = (await api.get(path).buffer(true).expect(200)).text;
  return answers;
};

const ngramd = (args: string[]) => promisify(execFile)(process.execPath, [cli, ...args]);

t.setTimeout(900_000);

t.test('a corpus on a cluster', { ...skipWithoutCluster, ...bookTest }, async (t) => {
  const cluster = await startCluster(t, { shards: 3, replicas: 1 });
  const settings = await cluster.freshSettings();
  const file = join(temporaryFolder(t), 'cluster.env');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const { api, folder } = await startService(t);
  const book = readFileSync(join(testData as string, 'timemachine.txt'));
  await api.put(corpus).type('text/plain').send(book).expect(201);
  const added = await api
    .post(`${corpus}/documents`)
    .type('text/plain')
    .set('idempotency-key', 'once')
    .send('the time machine and the end');
  await api.post(`${corpus}/documents`).type('text/plain').send('a document that is removed').expect(201);
  await api.delete(`${corpus}/documents/3`).expect(204);
  const expected = await answersOf(api);
  const tsv = 'text/tab-separated-values';
  const first = 'the time machine\t3\nthe time traveller\t5\nthe\t60\nof\t41\nmachine\t4\n';
  const firstAlone = '/v1/corpora/first';
  for (const path of [counted, firstAlone])
    await api.put(`${path}?order=3`).type(tsv).send(first).expect(201);
  await api.put(`${counted}/documents/more`).type(tsv).send('a time machine\t2\nof the\t7\n').expect(201);
  const aboutCounted = [counted, `${counted}/documents`, ...questionsOfCounts(counted)];
  const expectedOfCounts = await answersOf(api, aboutCounted);
  const expectedOfFirst = await answersOf(api, questionsOfCounts(firstAlone));

  await t.test('that is killed on its way is not there, and what it left is deleted', async (t) => {
    const client = new pg.Client(settings.POSTGRES_URL);
    await client.connect();
    t.teardown(() => client.end());
    // The names are held: the corpus is written as far as its commit.
    await client.query('SELECT pg_advisory_lock(7301003)');
    const child = spawn(process.execPath, [cli, 'copy', 'book', '--from', folder, '--to', file]);
    const ended = once(child, 'exit');
    const writing = async () => {
      const { rows } = await client.query(`SELECT to_regclass('runs') IS NOT NULL AS "hasTables"`);
      return (
        rows[0].hasTables && (await client.query(`SELECT FROM runs WHERE state = 'writing'`)).rowCount === 1
      );
    };
    while (!(await writing()) && child.exitCode === null) await setTimeout(1);
    child.kill('SIGKILL');
    t.same(await ended, [null, 'SIGKILL'], 'it was not through');
    await client.query('SELECT pg_advisory_unlock(7301003)');
    t.same((await client.query('SELECT FROM corpora')).rowCount, 0);
    const { api } = await startService(t, settings);
    await api.get(corpus).expect(404);
  });

  await t.test('answers every question as it did in a data folder', async (t) => {
    await ngramd(['copy', 'book', '--from', folder, '--to', file]);
    const { api } = await startService(t, settings);
    const found = await answersOf(api);
    for (const path of questions) t.equal(found[path], expected[path], path);
    const again = await api
      .post(`${corpus}/documents`)
      .type('text/plain')
      .set('idempotency-key', 'once')
      .send('the time machine and the end');
    t.match(again, { status: 201, headers: { 'idempotent-replayed': 'true' }, body: added.body });
  });

  await t.test('of counts answers at every process as it did in a data folder', async (t) => {
    await ngramd(['copy', 'counted', '--from', folder, '--to', file]);
    for (const { api } of [await startService(t, settings), await startService(t, settings)])
      t.same(await answersOf(api, aboutCounted), expectedOfCounts);
  });

  await t.test('of counts is back in a data folder with documents that can be taken back', async (t) => {
    const back = temporaryFolder(t);
    await ngramd(['copy', 'counted', '--from', file, '--to', back]);
    const { api } = await startOn(t, back);
    await api.delete(`${counted}/documents/more`).expect(204);
    const left = await answersOf(api, questionsOfCounts(counted));
    const withoutVersions = (answers: Record<string, string>) =>
      Object.values(answers).map((answer) => answer.replace(/"version":\d+/, ''));
    t.same(withoutVersions(left), withoutVersions(expectedOfFirst));
  });

  await t.test('and as it did before when it is back in a data folder', async (t) => {
    const back = temporaryFolder(t);
    await ngramd(['copy', 'book', '--from', file, '--to', back]);
    const { api } = await startOn(t, back);
    t.same(await answersOf(api), expected);
    await t.rejects(ngramd(['copy', 'book', '--from', file, '--to', back]), {
      code: 1,
      stderr: /corpus named "book"/,
    });
  });
});
