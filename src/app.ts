import { setTimeout } from 'node:timers/promises';
import accepts from '@fastify/accepts';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { Access } from './access/access.ts';
import { Backups } from './backup/backups.ts';
import type { Config } from './config.ts';
import { NgramdError } from './errors.ts';
import { auditWrites } from './http/access/audit.ts';
import { allowOrigins } from './http/access/cors.ts';
import { guardRoutes } from './http/access/guard.ts';
import { limitRates } from './http/access/rate-limit.ts';
import { decodeBodies } from './http/bodies/content-encoding.ts';
import { acceptJson, acceptOnlyJson } from './http/bodies/json.ts';
import { answerClientError } from './http/connection/client-errors.ts';
import { RefusedBodies } from './http/connection/refused-bodies.ts';
import { createConnections } from './http/connection/server.ts';
import { limitConcurrency, Slots } from './http/limits/concurrency.ts';
import { cutOffIdleClients } from './http/limits/idle-clients.ts';
import { awaitNeedlessBodies } from './http/limits/needless-bodies.ts';
import { shedLoad } from './http/limits/pressure.ts';
import { describeApi } from './http/openapi.ts';
import { problemCode } from './http/problems/problem.ts';
import { refuseStrays, sendProblem, sendProblems } from './http/problems/send.ts';
import { parseQuery } from './http/query.ts';
import { openInThreads, QuestionThreads } from './http/questions/question-threads.ts';
import { chooseRequestId } from './http/request-id.ts';
import { withPrivateRequests } from './http/request-log.ts';
import { cacheResponses } from './http/response-cache.ts';
import { arpa } from './http/routes/arpa.ts';
import { backups as backupRoutes } from './http/routes/backups.ts';
import { batches } from './http/routes/batches.ts';
import { continuations } from './http/routes/continuations.ts';
import { corpora as corpusRoutes, corpusUploads } from './http/routes/corpora.ts';
import { documents, documentUploads } from './http/routes/documents.ts';
import { generate } from './http/routes/generate.ts';
import { health } from './http/routes/health.ts';
import { jobs } from './http/routes/jobs.ts';
import { listings } from './http/routes/listings.ts';
import { metrics } from './http/routes/metrics.ts';
import { probability } from './http/routes/probability.ts';
import { scores } from './http/routes/scores.ts';
import { tune } from './http/routes/tune.ts';
import { zipf } from './http/routes/zipf.ts';
import { CorpusSchema, DocumentSchema, JobSchema } from './http/schemas.ts';
import { securityHeaders } from './http/security-headers.ts';
import { acceptTexts } from './http/uploads.ts';
import { compileSchema } from './http/validation.ts';
import { Corpora } from './index/corpora.ts';
import { RankingMemory } from './index/ranking.ts';
import { ResidentIndexes } from './index/resident/resident-indexes.ts';
import { Ingest } from './ingest/ingest.ts';
import { ModelWorkers } from './model/model-workers.ts';
import { DiskSpace } from './platform/disk-space.ts';
import type { Stage } from './platform/stage.ts';
import { CorpusDirectory } from './store/sqlite/corpus-directory.ts';
import { reportFigures } from './telemetry/figures.ts';
import { measureRequests } from './telemetry/requests.ts';
import { measureStages } from './telemetry/stages.ts';

/** The largest JSON body of a request that carries no text. */
const maxJsonBytes = 4 * 2 ** 20;

export type App = Awaited<ReturnType<typeof buildApp>>;

/**
 * How much of a body is read ahead of those who take it, who then get it in one piece; so much of an answer that is made
 * as it goes out may wait for its caller, too.
 */
const readAheadBytes = 2 ** 18;

/** How long a connection stays open without a request: longer than proxies and balancers commonly keep theirs. */
const keepAliveMs = 72_000;

/** Builds the service on its data folder, ready to listen. Closing it finishes the ingests under way. */
export async function buildApp(config: Config, logger: FastifyBaseLogger) {
  const bodies = new RefusedBodies(config.IDLE_TIMEOUT_MS);
  const app = Fastify({
    serverFactory: (handle) =>
      createConnections(handle, bodies, {
        headersTimeout: config.IDLE_TIMEOUT_MS,
        keepAliveTimeout: keepAliveMs,
        readAheadBytes,
      }),
    loggerInstance: withPrivateRequests(logger),
    genReqId: chooseRequestId,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    bodyLimit: maxJsonBytes,
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket, bodies),
    frameworkErrors: sendProblem,
    return503OnClosing: false,
  }).withTypeProvider<TypeBoxTypeProvider>();
  // No body says what to delete: one that comes along is left unread.
  app.addHttpMethod('DELETE', { hasBody: false, overrideExisting: true });
  app.setValidatorCompiler(compileSchema);
  sendProblems(app);
  acceptJson(app);
  app.addSchema(CorpusSchema);
  app.addSchema(DocumentSchema);
  app.addSchema(JobSchema);
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    await setTimeout(config.SHUTDOWN_DELAY_MS);
    bodies.cutOffAll();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    // A connection kept alive would hold up the end of the process.
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });

  const registry = new Registry();
  const stage = measureStages(registry, await tracedStages(app, config), problemCode);
  measureRequests(app, registry);

  const directory = new CorpusDirectory(config.DATA_DIR, (message) => app.log.error(message));
  directory.sweep();
  const onError = (error: unknown) => {
    const settled = corpora.settle(error);
    // Nothing is left to do for a corpus that another process has deleted.
    const isGone = settled instanceof NgramdError && settled.code === 'corpus-not-found';
    if (!isGone) app.log.error(settled);
  };
  const rankings = new RankingMemory();
  const { INDEX_MEMORY_BYTES: indexBytes, INDEX_TIMEOUT_MS: indexTimeout } = config;
  const indexes = new ResidentIndexes(indexBytes, indexTimeout, stage, onError, rankings);
  const corpora = new Corpora(directory, indexes, rankings);
  const disk = new DiskSpace(config.DATA_DIR, config.MIN_FREE_DISK_BYTES);
  const limits = { disk, maxCorpora: config.MAX_CORPORA, memoryBytes: config.INGEST_MEMORY_BYTES };
  const ingest = new Ingest(directory, corpora, limits, stage, onError);
  const backups = new Backups(directory, corpora, disk, onError);
  const workers = new ModelWorkers(stage, (error) => corpora.settle(error), onError);
  const questions = new QuestionThreads(corpora, stage, onError);
  app.addHook('onClose', async () => {
    await ingest.close();
    await backups.close();
    await workers.close();
    await questions.close();
    await corpora.closeAll();
    await directory.close();
  });

  reportFigures(registry, { directory, indexes, ingest, workers, questions });
  const readiness = {
    running: () => {
      if (isClosing) throw new Error('The service is stopping.');
      return 'The service takes requests.';
    },
    data_folder: async () => {
      await directory.probe().catch(({ code }) => {
        throw new Error(`The data folder cannot be read and written (${code}).`);
      });
      return 'The data folder can be read and written.';
    },
    corpora: () => {
      const damaged = directory.damaged().length;
      return damaged === 0
        ? 'No corpus is damaged.'
        : `Damaged and set aside: ${damaged}. The folder damaged/ has the files, the log the reasons.`;
    },
  };

  const { API_KEYS: keys, ALLOW_ANONYMOUS: anonymous = keys.length === 0 ? 'admin' : undefined } = config;
  const access = new Access(keys, anonymous);
  const services = { config, corpora, ingest, backups, workers, questions, access, registry, readiness };
  await app.register(accepts);
  if (config.CORS_ORIGINS.length > 0) await allowOrigins(app, config.CORS_ORIGINS);
  refuseStrays(app);
  cutOffIdleClients(app, config.IDLE_TIMEOUT_MS);
  if (config.RATE_LIMIT > 0) await limitRates(app, access, config.RATE_LIMIT);
  await app.register(describeApi);
  guardRoutes(app, access);
  auditWrites(app, access);
  awaitNeedlessBodies(app);
  const bulk = new Slots(config.MAX_BULK, 'requests to score, generate, tune or write ARPA files (MAX_BULK)');
  await app.register(
    async (v1) => {
      await shedLoad(v1, {
        eventLoopDelay: config.MAX_EVENT_LOOP_DELAY_MS,
        rssBytes: config.MAX_RSS_BYTES,
      });
      openInThreads(v1, corpora, questions);
      decodeBodies(v1, config.MAX_UPLOAD_BYTES);
      await v1.register(async (uploads) => {
        acceptTexts(uploads, { maxUploadBytes: config.MAX_UPLOAD_BYTES, forms: true });
        limitConcurrency(uploads, new Slots(config.MAX_INGESTS, 'uploads (MAX_INGESTS)'));
        await uploads.register(corpusUploads(services));
        await uploads.register(documentUploads(services));
      });
      await v1.register(async (scored) => {
        acceptTexts(scored, { maxUploadBytes: config.MAX_UPLOAD_BYTES, forms: false });
        limitConcurrency(scored, bulk);
        await scored.register(scores(services));
        await scored.register(tune(services));
      });
      await v1.register(async (queries) => {
        acceptOnlyJson(queries);
        await queries.register(corpusRoutes(services));
        await queries.register(backupRoutes(services));
        await queries.register(documents(services));
        await queries.register(jobs(services));
        await queries.register(async (questions) => {
          cacheResponses(questions, corpora);
          await questions.register(probability(services));
          await questions.register(continuations(services));
        });
        await queries.register(batches(services));
        await queries.register(listings(services));
        await queries.register(zipf(services));
        await queries.register(async (written) => {
          limitConcurrency(written, bulk);
          await written.register(generate(services));
          await written.register(arpa(services));
        });
      });
    },
    { prefix: '/v1' },
  );
  await app.register(health(services));
  await app.register(metrics(services));
  return app;
}

/** How stages are run: as spans where traces have an endpoint; nothing of OpenTelemetry's SDK is loaded where not. */
async function tracedStages(app: FastifyInstance, config: Config): Promise<Stage> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return (_name, work) => work();
  const { traceRequests } = await import('./telemetry/tracing.ts');
  return traceRequests(app, endpoint);
}
