/** Two processes on one cluster: each knows the jobs of both, and answers a request that the other has answered. */
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import { temporaryFolder } from '../http/harness.ts';
import { kill, type Server, startProcess } from '../http/processes.ts';
import { type Asking, ask } from './asking.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

interface JobView {
  id: string;
  state: string;
  corpus: string;
  bytes: number;
  problem?: { type: string; detail: string };
}

/** Begins an upload of which nothing more comes; returns its job, as another service sees it. */
async function beginUpload(t: Test, { port }: Server, corpus: string, seenBy: Asking): Promise<JobView> {
  const upload = request({ port, path: `/v1/corpora/${corpus}`, method: 'PUT' });
  upload.on('error', () => {});
  t.teardown(() => upload.destroy());
  upload.write('a b c');
  for (;;) {
    const { body } = await ask(seenBy, ['get', '/v1/jobs?limit=1']);
    const [newest] = (body as { items: JobView[] }).items;
    if (newest?.corpus === corpus && newest.bytes > 0) return newest;
    await setTimeout(20);
  }
}

t.setTimeout(900_000);

t.test('jobs and idempotency keys are those of all processes', skipWithoutCluster, async (t) => {
  const cluster = await startCluster(t, { shards: 1, replicas: 1 });
  const settings = await cluster.freshSettings();
  const servers = [
    await startProcess(t, temporaryFolder(t), settings),
    await startProcess(t, temporaryFolder(t), settings),
  ];
  const [one, other]: Asking[] = servers.map(({ url }) => ({ url }));
  const jobAt = async (service: Asking, id: string) =>
    (await ask(service, ['get', `/v1/jobs/${id}`])).body as JobView;

  await t.test('a job is followed at another process, until it ends', async (t) => {
    const { headers } = await ask(one, ['put', '/v1/corpora/book', 'a b a', { prefer: 'respond-async' }]);
    const path = headers.location;
    const { status, body: events } = await ask(other, ['get', `${path}/events`]);
    t.equal(status, 200);
    t.match(events, [['event: end', { state: 'succeeded', result: { status: 201, body: { tokens: 3 } } }]]);
    const [left, right] = [await ask(one, ['get', path]), await ask(other, ['get', path])];
    t.same(left, right);
    t.same(await ask(one, ['get', '/v1/jobs']), await ask(other, ['get', '/v1/jobs']));
  });

  await t.test('a job is cancelled at another process', async (t) => {
    const { id } = await beginUpload(t, servers[0], 'cancelled', other);
    const { status, body } = await ask(other, ['delete', `/v1/jobs/${id}`]);
    t.match({ status, body }, { status: 200, body: { id, state: 'cancelled' } });
    t.match(await jobAt(one, id), { state: 'cancelled', problem: { type: '/problems#cancelled' } });
    t.equal((await ask(one, ['get', '/v1/corpora/cancelled'])).status, 404);
  });

  await t.test('the same key at two processes at once is one document with one answer', async (t) => {
    const same = { 'idempotency-key': 'once' };
    for (const [path, text] of [
      ['/v1/corpora/book/documents', 'c d e'],
      ['/v1/corpora?name=keyed', 'c d e'],
    ]) {
      const answers = await Promise.all(
        [one, other, one, other].map((service) => ask(service, ['post', path, text, same])),
      );
      t.same(
        answers.map(({ status }) => status),
        [201, 201, 201, 201],
      );
      for (const { body } of answers) t.same(body, answers[0].body);
      const replayed = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true');
      t.equal(replayed.length, 3);
      const { status, body } = await ask(other, ['post', path, 'another text', same]);
      t.match({ status, body }, { status: 422, body: { type: '/problems#idempotency-key-reused' } });
    }
    t.match((await ask(one, ['get', '/v1/corpora/book'])).body, { documents: 2, version: 2 });
    t.match((await ask(other, ['get', '/v1/corpora/keyed'])).body, { documents: 1, version: 1 });
  });

  await t.test('small texts that arrive together are few runs', async (t) => {
    const client = new pg.Client(settings.POSTGRES_URL);
    await client.connect();
    const begun = async () => Number((await client.query(`SELECT nextval('run_ids') AS n`)).rows[0].n);
    const before = await begun();
    const added = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        ask([one, other][i % 2], ['post', '/v1/corpora/book/documents', `a b c${i}`]),
      ),
    );
    t.ok(added.every(({ status }) => status === 201));
    const versions = added.map(({ body }) => (body as { version: number }).version);
    t.same(
      versions.sort((a, b) => a - b),
      Array.from({ length: 30 }, (_, i) => 3 + i),
    );
    const runs = (await begun()) - before - 1;
    t.ok(runs < 30, `${runs} runs, with those that are sums of others`);
    await client.end();
  });

  await t.test('a job whose process was killed has failed', async (t) => {
    const { id } = await beginUpload(t, servers[0], 'killed', other);
    await kill(servers[0].process, 'SIGKILL');
    t.match(await jobAt(other, id), { state: 'receiving' }, 'which nobody knows yet');
    const client = new pg.Client(settings.POSTGRES_URL);
    await client.connect();
    // As if the minute after which it counts as dead were over.
    await client.query(
      `UPDATE owners SET seen_at = now() - interval '2 minutes' WHERE id = (SELECT owner FROM jobs WHERE id = $1)`,
      [id],
    );
    await client.end();
    const job = await jobAt(other, id);
    t.match(job, { state: 'failed', problem: { type: '/problems#unavailable', detail: /process/ } });
    const events = await ask(other, ['get', `/v1/jobs/${id}/events`]);
    t.match(events.body, [['event: end', { state: 'failed' }]]);
    t.equal((await ask(other, ['delete', `/v1/jobs/${id}`])).status, 409);
  });
});
