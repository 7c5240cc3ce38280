import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startService } from '../http/harness.ts';

/** The service, and its metrics as a map from series to value. */
async function startMeasured(t: Test, settings: Record<string, string> = {}) {
  const service = await startService(t, settings);
  const read = async () => {
    const { text, type } = await service.api.get('/metrics').expect(200);
    t.equal(type, 'text/plain');
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  };
  return { ...service, read };
}

t.test(
  'requests are counted by method, route and status, and addresses without a route as one',
  async (t) => {
    const { api, read } = await startMeasured(t);
    await api.put('/v1/corpora/book').type('text/plain').send('the time machine').expect(201);
    for (let i = 0; i < 3; i++) {
      await api.get(`/v1/corpora/book/probability?context=the&word=time&explain=${i === 2}`).expect(200);
      await api.get(`/nowhere/${i}`).expect(404);
    }
    await api.head('/v1/corpora/book/probability?word=time').expect(200);
    await api.get('/v1/corpora/none/probability?word=time').expect(404);
    const metrics = await read();
    const requests = (labels: string) => metrics.get(`ngramd_http_requests_total{${labels}}`);
    t.equal(requests('method="PUT",route="/v1/corpora/:corpus",status="201"'), 1);
    t.equal(requests('method="GET",route="/v1/corpora/:corpus/probability",status="200"'), 3);
    t.equal(requests('method="GET",route="/v1/corpora/:corpus/probability",status="404"'), 1);
    t.equal(requests('method="HEAD",route="/v1/corpora/:corpus/probability",status="200"'), 1);
    t.equal(requests('method="GET",route="unmatched",status="404"'), 3);
    const labels = 'method="GET",route="/v1/corpora/:corpus/probability"';
    t.equal(metrics.get(`ngramd_http_request_duration_seconds_count{${labels}}`), 4);
    t.ok((metrics.get(`ngramd_http_request_duration_seconds_sum{${labels}}`) as number) > 0);
    t.same(
      [...metrics.keys()].filter((series) => /nowhere|word=|none/.test(series)),
      [],
    );
  },
);

t.test('an upload that is cut off is counted as 499 and as a failed stage', async (t) => {
  const { app, read } = await startMeasured(t);
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write('PUT /v1/corpora/half HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nthe time');
  while ((await read()).get('ngramd_ingest_uploads') !== 1) await setTimeout(10);
  socket.destroy();
  const ofUpload = 'ngramd_http_requests_total{method="PUT",route="/v1/corpora/:corpus"';
  const isCounted = (metrics: Map<string, number>) =>
    metrics.get('ngramd_ingest_uploads') === 0 && [...metrics.keys()].some((key) => key.startsWith(ofUpload));
  let metrics = await read();
  for (; !isCounted(metrics); metrics = await read()) await setTimeout(10);
  t.equal(metrics.get(`${ofUpload},status="499"}`), 1);
  t.equal(metrics.get('ngramd_stage_failures_total{stage="ingest.receive",code="upload-cut-off"}'), 1);
  t.equal(metrics.get('ngramd_ingest_documents_total'), 0);
  t.equal(metrics.get('ngramd_ingest_received_bytes_total'), 8);
});

t.test('ingests, indexes and files are told of as they are', async (t) => {
  const { api, read } = await startMeasured(t);
  const text = 'the time machine and the time traveller';
  await api.put('/v1/corpora/book').type('text/plain').send(text).expect(201);
  await api.put('/v1/corpora/book/documents/more').type('text/plain').send(text).expect(201);
  await api.put('/v1/corpora/book/documents/more').type('text/plain').send(text).expect(200);
  const question = '/v1/corpora/book/probability?word=time&estimator=kneser-ney';
  await api.get(question).expect(200);
  await api
    .post('/v1/corpora/book/score')
    .send({ texts: ['the time'] })
    .expect(200);
  const metrics = await read();
  const value = (series: string) => metrics.get(series) as number;
  t.equal(value('ngramd_ingest_documents_total'), 2);
  t.equal(value('ngramd_ingest_tokens_total'), 14);
  t.equal(value('ngramd_ingest_received_bytes_total'), 3 * text.length);
  t.equal(value('ngramd_ingest_waiting'), 0);
  t.equal(value('ngramd_stage_duration_seconds_count{stage="ingest.receive"}'), 3);
  t.equal(value('ngramd_stage_duration_seconds_count{stage="index.build"}'), 1);
  t.equal(value('ngramd_stage_duration_seconds_count{stage="model.scoreTexts"}'), 1);
  t.equal(value('ngramd_index_corpora'), 1);
  t.ok(value('ngramd_index_bytes') > 0 && value('ngramd_index_bytes') < value('ngramd_index_limit_bytes'));
  t.equal(value('ngramd_corpora'), 1);
  t.ok(value('ngramd_corpus_bytes{corpus="book"}') > 10_000);
  t.equal(value('ngramd_corpora_bytes'), value('ngramd_corpus_bytes{corpus="book"}'));
  t.ok(value('ngramd_disk_free_bytes') <= value('ngramd_disk_bytes'));
  t.ok(value('process_resident_memory_bytes') > 10_000_000);
  for (const pool of ['receive', 'commit', 'index', 'model']) {
    t.ok(value(`ngramd_pool_threads{pool="${pool}"}`) >= 1, pool);
    t.equal(value(`ngramd_pool_queued_tasks{pool="${pool}"}`), 0, pool);
  }
});

t.test('an index that makes room for another is counted', async (t) => {
  const text = 'the time machine and the time traveller';
  const measure = await startMeasured(t);
  const build = async ({ api }: Pick<typeof measure, 'api'>, name: string) => {
    await api.put(`/v1/corpora/${name}`).type('text/plain').send(text).expect(201);
    await api.get(`/v1/corpora/${name}/probability?word=time&estimator=kneser-ney`).expect(200);
  };
  await build(measure, 'one');
  const bytes = (await measure.read()).get('ngramd_index_bytes') as number;
  const tight = await startMeasured(t, { INDEX_MEMORY_BYTES: String(Math.floor(1.5 * bytes)) });
  await build(tight, 'one');
  await build(tight, 'two');
  const metrics = await tight.read();
  t.equal(metrics.get('ngramd_index_evictions_total'), 1);
  t.equal(metrics.get('ngramd_index_corpora'), 1);
});

t.test('of more than a hundred corpora, the largest hundred have series of their own', async (t) => {
  const { folder, read } = await startMeasured(t);
  for (let i = 1; i <= 150; i++) writeFileSync(`${folder}/corpora/c${i}.sqlite`, Buffer.alloc(i));
  const metrics = await read();
  t.equal(metrics.get('ngramd_corpora'), 150);
  t.equal(metrics.get('ngramd_corpora_bytes'), (150 * 151) / 2);
  t.equal([...metrics.keys()].filter((series) => series.startsWith('ngramd_corpus_bytes')).length, 100);
  t.notOk(metrics.has('ngramd_corpus_bytes{corpus="c50"}'));
  t.equal(metrics.get('ngramd_corpus_bytes{corpus="c51"}'), 51);
});
