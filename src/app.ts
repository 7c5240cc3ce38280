import type { FastifyBaseLogger } from 'fastify';
import { Access } from './access/access.ts';
import type { Config } from './config.ts';
import { registerApi } from './http/api.ts';
import { Slots } from './http/limits/concurrency.ts';
import { problemCode } from './http/problems/problem.ts';
import { readinessChecks } from './http/readiness.ts';
import { createServer } from './http/server.ts';
import { startServices } from './services.ts';
import { reportFigures } from './telemetry/figures.ts';
import { startTelemetry } from './telemetry/telemetry.ts';

/** Builds the service on its data folder, ready to listen. Closing it finishes the uploads in progress. */
export async function buildApp(config: Config, logger: FastifyBaseLogger) {
  const { app, isClosing } = createServer(config, logger);
  const { registry, stage, answers } = await startTelemetry(
    app,
    config.OTEL_EXPORTER_OTLP_ENDPOINT,
    problemCode,
  );
  const services = await startServices(config, app.log, stage);
  app.addHook('onClose', services.close);
  reportFigures(registry, services);

  const { API_KEYS: keys, ALLOW_ANONYMOUS: anonymous = keys.length === 0 ? 'admin' : undefined } = config;
  const access = new Access(keys, anonymous);
  const readiness = readinessChecks({ isClosing, store: services.store });
  const maxUploadBytes = config.MAX_UPLOAD_BYTES;
  const bulk = new Slots(
    config.MAX_BULK,
    'requests to score, generate, complete, tune, or write ARPA files or CSV (MAX_BULK)',
  );
  await registerApi(app, { ...services, access, bulk, registry, answers, readiness, maxUploadBytes }, config);
  return app;
}
