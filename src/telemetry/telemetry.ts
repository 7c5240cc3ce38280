import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { RouteAnswers } from '../platform/route-answers.ts';
import type { Stage } from '../platform/stage.ts';
import { measureRequests } from './requests.ts';
import { measureStages } from './stages.ts';

/**
 * Measures requests and stages of work, and traces them if an endpoint for traces is configured. `codeOf` returns the
 * code by which errors of stages are counted; `answers` is what has been counted of the requests.
 */
export async function startTelemetry(
  app: FastifyInstance,
  endpoint: string | undefined,
  codeOf: (error: unknown) => string,
): Promise<{ registry: Registry; stage: Stage; answers: Iterable<RouteAnswers> }> {
  const registry = new Registry();
  const stage = measureStages(registry, await tracedStages(app, endpoint), codeOf);
  return { registry, stage, answers: measureRequests(app, registry) };
}

/** Runs stages as spans of traces. OpenTelemetry's SDK is loaded only if there is an endpoint. */
async function tracedStages(app: FastifyInstance, endpoint: string | undefined): Promise<Stage> {
  if (endpoint === undefined) return (_name, work) => work();
  const { traceRequests } = await import('./tracing.ts');
  return traceRequests(app, endpoint);
}
