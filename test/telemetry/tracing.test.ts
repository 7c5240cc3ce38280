import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { startService, temporaryFolder } from '../http/harness.ts';
import { startCollector } from './otlp.ts';

t.test('requests are traced by route, with the stages of their work below them', async (t) => {
  const { endpoint, spans } = await startCollector(t);
  const { api, app } = await startService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  await api.put('/v1/corpora/book').type('text/plain').send('the time machine').expect(201);
  const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
  await api
    .post('/v1/corpora/book/score')
    .set('traceparent', `00-${caller.trace}-${caller.span}-01`)
    .send({ texts: ['secret words'] })
    .expect(200);
  await api.get('/v1/corpora/none/probability?context=secret&word=words').expect(404);
  await api.get('/nowhere').expect(404);
  await app.close();

  const span = (name: string) => {
    const found = spans.filter((span) => span.name === name);
    t.equal(found.length, 1, name);
    return found[0];
  };
  const put = span('PUT /v1/corpora/:corpus');
  t.match(put.text, /http\.response\.status_code/);
  t.match(put.text, /\/v1\/corpora\/book/);
  for (const name of ['ingest.receive', 'ingest.commit']) t.equal(span(name).parentId, put.spanId, name);
  const score = span('POST /v1/corpora/:corpus/score');
  t.equal(score.traceId, caller.trace);
  t.equal(score.parentId, caller.span);
  t.equal(span('model.scoreTexts').parentId, score.spanId);
  t.equal(span('GET /v1/corpora/:corpus/probability').parentId, '');
  span('GET');
  t.same(
    spans.filter(({ text }) => /secret/.test(text)),
    [],
    'no text of a query is in a trace',
  );
});

t.test('a collector that is not there disturbs no request and no end', async (t) => {
  const { api, app } = await startService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  await api.put('/v1/corpora/book').type('text/plain').send('the time machine').expect(201);
  await app.close();
});

t.test('without an endpoint nothing of the SDK of OpenTelemetry is loaded', async (t) => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const script = `
    import { createRequire } from 'node:module';
    import { pino } from 'pino';
    import { buildApp } from './src/app.ts';
    import { loadConfig } from './src/config.ts';
    const app = await buildApp(loadConfig({ DATA_DIR: ${JSON.stringify(temporaryFolder(t))} }), pino({ level: 'silent' }));
    await app.close();
    const files = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(files.filter((file) => /@opentelemetry.(?!api)/.test(file))), files.length > 10);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
  });
  t.equal(stdout.trim(), '[] true');
});
