import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { version } from '../../product.ts';
import { type ProblemKind, problems } from '../problems/kinds.ts';
import { toProblem } from '../problems/problem.ts';
import { retryAfterSeconds } from '../problems/send.ts';
import { runChecks } from '../readiness.ts';
import { NoFields } from '../schemas/fields.ts';
import { problemResponses } from '../schemas/problems.ts';
import { NotReady, ProblemKinds, Ready, Running, Version } from '../schemas/service.ts';
import type { Services } from '../services.ts';

const tags = ['Service'];

/** Which version of the service this is, whether it is running and ready, and the kinds of its problems. */
export function health({ readiness }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/version',
      {
        config: { scope: 'open' },
        schema: {
          operationId: 'getVersion',
          summary: 'The version of the service',
          tags,
          querystring: NoFields,
          response: { 200: Version, ...problemResponses(400) },
        },
      },
      async () => ({ name: 'ngramd' as const, version, node: process.version }),
    );

    app.get(
      '/healthz',
      {
        logLevel: 'warn',
        config: { scope: 'open', rateLimit: false },
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the process is running',
          tags,
          querystring: NoFields,
          response: { 200: Running, ...problemResponses(400) },
        },
      },
      async () => ({ status: 'ok' as const }),
    );

    app.get(
      '/readyz',
      {
        logLevel: 'warn',
        config: { scope: 'open', rateLimit: false },
        schema: {
          operationId: 'getReadiness',
          summary: 'Whether the service is ready for requests and, if not, why',
          tags,
          querystring: NoFields,
          response: {
            200: Ready,
            ...problemResponses(400),
            503: NotReady,
          },
        },
      },
      async (request, reply) => {
        const checks = await runChecks(readiness);
        const reasons = checks.flatMap(({ ok, detail }) => (ok ? [] : [detail]));
        if (reasons.length === 0) return { status: 'ok' as const, checks };
        const unavailable = Object.assign(new Error(reasons.join(' ')), { statusCode: 503 });
        return reply
          .code(503)
          .type('application/problem+json')
          .header('retry-after', retryAfterSeconds)
          .send({ ...toProblem(unavailable, request.id), checks });
      },
    );

    app.get(
      '/problems',
      {
        config: { scope: 'open' },
        schema: {
          operationId: 'listProblems',
          summary: 'The kinds of problems, which errors name as their type',
          tags,
          querystring: NoFields,
          response: {
            200: ProblemKinds,
            ...problemResponses(400),
          },
        },
      },
      async () => ({
        items: Object.entries(problems).map(([kind, [status, title]]) => ({
          type: `/problems#${kind as ProblemKind}` as const,
          status,
          title,
        })),
      }),
    );
  };
}
