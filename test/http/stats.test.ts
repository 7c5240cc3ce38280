import t from 'tap';
import { version } from '../../src/product.ts';
import { startService } from './harness.ts';

const text = 'the time machine and the time traveller';

t.test('statistics tell of requests, jobs, indexes, corpora, disk and backups as they are', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send(text).expect(201);
  await api.put('/v1/corpora/other').type('text/plain').send(text).expect(201);
  await api.get('/v1/corpora/book/probability?word=time&estimator=kneser-ney').expect(200);
  await api.get('/v1/corpora/book/probability?word=').expect(400);
  await api.post('/v1/corpora/book/backups').expect(201);
  const before = Date.now();
  const { body } = await api.get('/v1/stats').expect(200);
  const after = Date.now();
  t.match(body, {
    version,
    store: 'sqlite',
    process: { pid: process.pid, node: process.version },
    jobs: { in_progress: 0, succeeded: 2, failed: 0, cancelled: 0 },
    uploads: { in_progress: 0, waiting: 0, received_bytes: 2 * text.length, documents: 2, tokens: 14 },
    indexes: { evictions: 0, building: [], items: [{ corpus: 'book', version: 1 }] },
    corpora: { count: 2, damaged: [] },
    backups: { last: [{ corpus: 'book' }] },
  });
  t.equal(body.indexes.items.length, 1);
  t.equal(body.indexes.bytes, body.indexes.items[0].bytes);
  t.ok(body.indexes.bytes > 0 && body.indexes.bytes < body.indexes.limit_bytes);
  const [{ bytes: largest }, { bytes: smaller }] = body.corpora.largest;
  t.equal(body.corpora.bytes, largest + smaller);
  t.ok(body.disk.free_bytes <= body.disk.total_bytes);
  t.ok(body.process.rss_bytes > 10_000_000);
  const now = Date.parse(body.process.started_at) + 1000 * body.process.uptime_seconds;
  t.ok(now > before - 1000 && now < after + 1000);
  t.same(Object.keys(body.backups), ['last'], 'there is no schedule');

  const asked = body.requests.find(({ route }: { route: string }) => route.endsWith('/probability'));
  t.match(asked, {
    method: 'GET',
    route: '/v1/corpora/:corpus/probability',
    count: 2,
    statuses: { 200: 1, 400: 1 },
  });
  t.ok(0 < asked.p50 && asked.p50 <= asked.p90 && asked.p90 <= asked.p99 && asked.mean > 0);
  const counts = body.requests.map(({ count }: { count: number }) => count);
  t.same(
    counts,
    counts.toSorted((a: number, b: number) => b - a),
  );
});

t.test('an index that has been dropped is not listed', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send(text).expect(201);
  await api.get('/v1/corpora/book/probability?word=time&estimator=kneser-ney').expect(200);
  await api.delete('/v1/corpora/book').expect(204);
  const { body } = await api.get('/v1/stats').expect(200);
  t.match(body.indexes, { bytes: 0, building: [], items: [] });
});

t.test('a schedule says when the next backups are made, and which corpora have none', async (t) => {
  const { api } = await startService(t, { BACKUP_SCHEDULE: '0 3 * * *' });
  await api.put('/v1/corpora/book').type('text/plain').send(text).expect(201);
  const { body } = await api.get('/v1/stats').expect(200);
  t.ok(Date.parse(body.backups.next_at) > Date.now());
  t.same(body.backups.last, [{ corpus: 'book' }]);
});

t.test('a key gets the figures of the corpora that it is for', async (t) => {
  const secret = (name: string) => `secret-of-the-key-${name}`;
  const API_KEYS = `all:${secret('all')}:admin,mine:${secret('mine')}:admin:mine-*`;
  const { api } = await startService(t, { API_KEYS });
  const as = (name: string) => ({ authorization: `Bearer ${secret(name)}` });
  for (const name of ['mine-1', 'theirs']) {
    await api.put(`/v1/corpora/${name}`).set(as('all')).type('text/plain').send(text).expect(201);
    await api
      .get(`/v1/corpora/${name}/probability?word=time&estimator=kneser-ney`)
      .set(as('all'))
      .expect(200);
    await api.post(`/v1/corpora/${name}/backups`).set(as('all')).expect(201);
  }
  await api.get('/v1/stats').expect(401);
  const all = await api.get('/v1/stats').set(as('all')).expect(200);
  const mine = await api.get('/v1/stats').set(as('mine')).expect(200);
  t.match(JSON.stringify(all.body), 'theirs');
  t.notMatch(JSON.stringify(mine.body), 'theirs');
  t.match(mine.body, { jobs: { succeeded: 1 }, corpora: { count: 1, largest: [{ name: 'mine-1' }] } });
});
