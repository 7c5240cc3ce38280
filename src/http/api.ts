import accepts from '@fastify/accepts';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Config } from '../config.ts';
import { auditWrites } from './access/audit.ts';
import { allowOrigins } from './access/cors.ts';
import { guardRoutes } from './access/guard.ts';
import { limitRates } from './access/rate-limit.ts';
import { decodeBodies } from './bodies/content-encoding.ts';
import { acceptFiles } from './bodies/files.ts';
import { acceptOnlyJson } from './bodies/json.ts';
import { acceptTexts } from './bodies/texts.ts';
import { limitConcurrency, Slots } from './limits/concurrency.ts';
import { cutOffIdleClients } from './limits/idle-clients.ts';
import { awaitNeedlessBodies } from './limits/needless-bodies.ts';
import { shedLoad } from './limits/pressure.ts';
import { describeApi } from './openapi.ts';
import { servePageFiles } from './page.ts';
import { refuseStrays } from './problems/strays.ts';
import { openInThreads } from './questions/question-threads.ts';
import { cacheResponses } from './response-cache.ts';
import { arpa } from './routes/arpa.ts';
import { backups } from './routes/backups.ts';
import { batches } from './routes/batches.ts';
import { compare } from './routes/compare.ts';
import { completions } from './routes/completions.ts';
import { concordance } from './routes/concordance.ts';
import { continuations } from './routes/continuations.ts';
import { corpora } from './routes/corpora.ts';
import { corpusUploads } from './routes/corpus-uploads.ts';
import { documentUploads } from './routes/document-uploads.ts';
import { documents } from './routes/documents.ts';
import { generate } from './routes/generate.ts';
import { health } from './routes/health.ts';
import { jobs } from './routes/jobs.ts';
import { keyness } from './routes/keyness.ts';
import { limitedArpa } from './routes/limited-arpa.ts';
import { listings } from './routes/listings.ts';
import { metrics } from './routes/metrics.ts';
import { openAiModels } from './routes/openai-models.ts';
import { percentiles } from './routes/percentiles.ts';
import { probability } from './routes/probability.ts';
import { restoreFiles } from './routes/restore-files.ts';
import { root } from './routes/root.ts';
import { samples } from './routes/samples.ts';
import { scores } from './routes/scores.ts';
import { stats } from './routes/stats.ts';
import { tokenizer } from './routes/tokenizer.ts';
import { tune } from './routes/tune.ts';
import { zipf } from './routes/zipf.ts';
import { backupType } from './schemas/backups.ts';
import type { Services } from './services.ts';

/** Adds the hooks that all routes share and registers the routes, each group in a scope with the hooks of its own. */
export async function registerApi(app: FastifyInstance, services: Services, config: Config): Promise<void> {
  await addSharedHooks(app, services.access, config);
  await app.register(
    async (v1) => {
      shedLoad(v1, {
        eventLoopDelay: config.MAX_EVENT_LOOP_DELAY_MS,
        rssBytes: config.MAX_RSS_BYTES,
      });
      openInThreads(v1, services.corpora, services.questions);
      decodeBodies(v1, config.MAX_UPLOAD_BYTES);
      for (const { prepare, routes } of scopesOf(services, config)) {
        await v1.register(async (scope) => {
          for (const hook of prepare) hook(scope);
          for (const plugin of routes) await scope.register(plugin(services));
        });
      }
    },
    { prefix: '/v1' },
  );
  await app.register(root(services));
  await app.register(health(services));
  await app.register(metrics(services));
}

/** Routes with the hooks that they share. */
interface Scope {
  prepare: ((app: FastifyInstance) => void)[];
  routes: ((services: Services) => FastifyPluginAsyncTypebox)[];
}

function scopesOf(services: Services, config: Config): Scope[] {
  const { MAX_UPLOAD_BYTES: maxUploadBytes, MAX_INGESTS: maxIngests } = config;
  const textsOrForms = (app: FastifyInstance) =>
    acceptTexts(app, {
      maxUploadBytes,
      forms: 'file=@book.txt',
      documents: true,
      counts: true,
      arpa: true,
    });
  const texts = (app: FastifyInstance) => acceptTexts(app, { maxUploadBytes });
  const lists = (app: FastifyInstance) =>
    acceptTexts(app, { maxUploadBytes, forms: 'vocabulary=@words.txt' });
  const lines = (app: FastifyInstance) => acceptTexts(app, { maxUploadBytes, documents: true });
  const files = (app: FastifyInstance) => acceptFiles(app, [backupType], maxUploadBytes);
  const limitedTo = (slots: Slots) => (app: FastifyInstance) => limitConcurrency(app, slots);
  const uploads = limitedTo(new Slots(maxIngests, 'uploads (MAX_INGESTS)'));
  const bulk = limitedTo(services.bulk);
  const cached = (app: FastifyInstance) => cacheResponses(app, services);
  return [
    { prepare: [textsOrForms, uploads], routes: [corpusUploads, documentUploads] },
    { prepare: [acceptOnlyJson, uploads], routes: [samples] },
    { prepare: [lines, bulk], routes: [scores, percentiles] },
    { prepare: [texts, bulk], routes: [tune] },
    { prepare: [lists, bulk], routes: [limitedArpa] },
    { prepare: [acceptOnlyJson], routes: [corpora, backups, documents, jobs, stats] },
    { prepare: [files, uploads], routes: [restoreFiles] },
    {
      prepare: [acceptOnlyJson, cached],
      routes: [probability, continuations, concordance, listings, keyness, compare],
    },
    { prepare: [acceptOnlyJson], routes: [batches, zipf, openAiModels] },
    { prepare: [acceptOnlyJson, bulk], routes: [generate, completions, tokenizer, arpa] },
  ];
}

/** In this order: what a request may be refused for is checked before anything of its body is read. */
async function addSharedHooks(app: FastifyInstance, access: Access, config: Config): Promise<void> {
  await app.register(accepts);
  if (config.CORS_ORIGINS.length > 0) await allowOrigins(app, config.CORS_ORIGINS);
  refuseStrays(app);
  cutOffIdleClients(app, config.IDLE_TIMEOUT_MS);
  if (config.RATE_LIMIT > 0) await limitRates(app, access, config.RATE_LIMIT);
  await app.register(describeApi);
  await app.register(servePageFiles);
  guardRoutes(app, access);
  auditWrites(app, access);
  awaitNeedlessBodies(app);
}
