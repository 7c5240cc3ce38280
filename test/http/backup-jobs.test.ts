import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startOn, startService } from './harness.ts';

type Api = Awaited<ReturnType<typeof startService>>['api'];

interface Backup {
  corpus: string;
  name: string;
  version: number;
  bytes: number;
  scheduled: boolean;
}

const put = (api: Api, corpus: string, text = 'the time machine') =>
  api.put(`/v1/corpora/${corpus}`).type('text/plain').send(text).expect(201);

/** Waits until a job has ended. */
async function ended(api: Api, path: string, key = {}) {
  for (;;) {
    const { body } = await api.get(path).set(key);
    if (body.state !== 'copying') return body;
    await setTimeout(20);
  }
}

const listed = async (api: Api): Promise<Backup[]> => (await api.get('/v1/backups?limit=1000')).body.items;

t.test('all corpora are backed up in one job', async (t) => {
  const { api } = await startService(t);
  for (const corpus of ['a', 'b', 'c']) await put(api, corpus);
  const { status, headers, body } = await api.post('/v1/backups');
  t.equal(status, 202);
  t.equal(headers.location, `/v1/jobs/${body.id}`);
  t.match(body, { operation: 'create-backups', request_id: headers['x-request-id'] });
  t.notOk('corpus' in body);
  const job = await ended(api, headers.location);
  t.match(job, {
    state: 'succeeded',
    tokens: 0,
    result: { status: 201, location: '/v1/backups', backups: 3, failures: [] },
  });
  const backups = await listed(api);
  t.same(backups.map(({ corpus }) => corpus).sort(), ['a', 'b', 'c']);
  t.ok(backups.every(({ scheduled }) => !scheduled));
  t.equal(
    job.bytes,
    backups.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  t.ok(job.total_bytes > 0);
  t.same((await api.get('/v1/jobs')).body.items.at(0), job);
  const events = await api.get(`${headers.location}/events`);
  t.match(events.text, /^event: end\n/);
});

t.test('a corpus that cannot be backed up does not keep the others from it, and is reported', async (t) => {
  const { api, folder } = await startService(t);
  for (const corpus of ['a', 'b', 'c']) await put(api, corpus);
  writeFileSync(
    join(folder, 'corpora', 'broken.sqlite'),
    'this is no database, however long it is made to be',
  );
  const { location } = (await api.post('/v1/backups')).headers;
  const job = await ended(api, location);
  t.match(job, {
    state: 'failed',
    problem: { type: '/problems#backups-incomplete', detail: /1 of 4 corpora could not be backed up/ },
    result: {
      backups: 3,
      failures: [{ corpus: 'broken', problem: { type: '/problems#corpus-damaged', status: 500 } }],
    },
  });
  t.same((await listed(api)).map(({ corpus }) => corpus).sort(), ['a', 'b', 'c']);
  t.match(
    (await api.get('/metrics')).text,
    /ngramd_stage_failures_total\{stage="backup.create",code="corpus-damaged"\} 1/,
  );
});

t.test('a job without room on the disk fails for every corpus and leaves nothing', async (t) => {
  const { api, folder } = await startService(t);
  await put(api, 'a');
  const { api: full } = await startOn(t, folder, { MIN_FREE_DISK_BYTES: String(2 ** 52) });
  const { location } = (await full.post('/v1/backups')).headers;
  t.match(await ended(full, location), {
    state: 'failed',
    result: { backups: 0, failures: [{ corpus: 'a', problem: { type: '/problems#disk-full' } }] },
  });
  t.same(readdirSync(join(folder, 'backups')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
});

t.test('a job that is cancelled keeps the backups that it made', async (t) => {
  const { api, app, folder } = await startService(t);
  for (let i = 0; i < 30; i++) await put(api, `c${i}`);
  const { location } = (await api.post('/v1/backups')).headers;
  while ((await listed(api)).length === 0) await setTimeout(5);
  const { status, body } = await api.delete(location);
  t.match([status, body.state], [200, 'cancelled']);
  t.match(body.problem.detail, /The backups that it had made are kept/);
  // The backup that was being made is finished.
  await app.close();
  const { api: again } = await startOn(t, folder);
  const made = (await listed(again)).length;
  t.ok(made > 0 && made < 30, `${made} backups`);
});

t.test('a key backs up the corpora that it may, and sees the jobs of those only', async (t) => {
  const secret = 'a-secret-of-many-characters';
  const keys = `all:${secret}1:admin,book:${secret}2:admin:book,writer:${secret}3:write`;
  const { api } = await startService(t, { API_KEYS: keys });
  const as = (key: number) => ({ authorization: `Bearer ${secret}${key}` });
  for (const corpus of ['book', 'other']) {
    await api.put(`/v1/corpora/${corpus}`).set(as(1)).type('text/plain').send('the time').expect(201);
  }
  const some = (await api.post('/v1/backups').set(as(2))).headers.location;
  t.equal((await ended(api, some, as(2))).result.backups, 1);
  const all = (await api.post('/v1/backups').set(as(1))).headers.location;
  t.equal((await ended(api, all, as(1))).result.backups, 2);
  t.equal((await api.get(all).set(as(2))).status, 403);
  t.equal((await api.get(all).set(as(3))).status, 403);
  t.equal((await api.delete(all).set(as(2))).status, 403);
  const operations = async (key: number) =>
    (await api.get('/v1/jobs').set(as(key))).body.items.map(
      ({ operation }: { operation: string }) => operation,
    );
  t.same(await operations(1), ['create-backups', 'create-backups', 'create-corpus', 'create-corpus']);
  t.same(await operations(2), ['create-backups', 'create-corpus']);
  t.same(await operations(3), ['create-corpus', 'create-corpus']);
  t.equal((await api.post('/v1/backups').set(as(3))).status, 403);
});

/** Waits until `holds`. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(50);
}

t.test('the schedule makes backups and keeps the last of its own; those that people made stay', async (t) => {
  const { api, app, folder } = await startService(t, { BACKUP_SCHEDULE: '* * * * * *', BACKUP_KEEP: '2' });
  await put(api, 'gone');
  const byHand: Backup[] = [];
  for (const corpus of ['book', 'book', 'book-1']) {
    if (byHand.length !== 1) await put(api, corpus);
    byHand.push((await api.post(`/v1/corpora/${corpus}/backups`)).body);
  }
  const scheduled = async () => (await listed(api)).filter((backup) => backup.scheduled);
  await until(async () => new Set((await scheduled()).map(({ corpus }) => corpus)).size === 3);
  await api.delete('/v1/corpora/gone').expect(204);
  const first = await scheduled();
  const of = (backups: Backup[], name: string) => backups.filter(({ corpus }) => corpus === name);
  await until(async () => {
    const names = (await scheduled()).map(({ name }) => name);
    return of(first, 'book').every(({ name }) => !names.includes(name));
  });
  const now = await listed(api);
  for (const corpus of ['book', 'book-1']) {
    // One more while the next is being made.
    const kept = of(now, corpus).filter(({ scheduled }) => scheduled).length;
    t.ok(kept === 2 || kept === 3, `${kept} of ${corpus}`);
  }
  t.ok(of(now, 'gone').length > 0, 'a deleted corpus keeps its backups');
  for (const backup of byHand)
    t.ok(now.some(({ corpus, name }) => corpus === backup.corpus && name === backup.name));
  t.ok(of(now, 'book').some(({ name }) => /^1-\d{8}T\d{9}Z-scheduled$/.test(name)));
  const [job] = (await api.get('/v1/jobs')).body.items.filter(
    ({ operation }: { operation: string }) => operation === 'create-backups',
  );
  t.equal(job.request_id, 'schedule');
  await app.close();
  const { api: unscheduled } = await startOn(t, folder);
  const [last] = (await listed(unscheduled)).filter((backup) => backup.scheduled && backup.corpus === 'book');
  const restored = await unscheduled.post(`/v1/corpora/book/backups/${last.name}/restore?to=restored`);
  t.equal(restored.status, 201);
  t.ok(readFileSync(join(folder, 'corpora/restored.sqlite')).length > 0);
});

t.test(
  'the time of the last backup of each corpus is a metric; without a schedule, of those that have one',
  async (t) => {
    const of = async (api: Api) =>
      Object.fromEntries(
        [
          ...(await api.get('/metrics')).text.matchAll(
            /^ngramd_backup_last_success_timestamp_seconds\{corpus="(\w+)"\} (\S+)$/gm,
          ),
        ].map(([, corpus, time]) => [corpus, Number(time)]),
      );
    const { api } = await startService(t);
    for (const corpus of ['book', 'other']) await put(api, corpus);
    const { created_at } = (await api.post('/v1/corpora/book/backups')).body;
    t.same(await of(api), { book: Date.parse(created_at) / 1000 });
    const { api: scheduled } = await startService(t, { BACKUP_SCHEDULE: '0 0 1 1 *' });
    await put(scheduled, 'never');
    t.same(await of(scheduled), { never: 0 });
  },
);
