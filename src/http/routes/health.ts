import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problems } from '../problems/kinds.ts';
import { toProblem } from '../problems/problem.ts';
import { runChecks } from '../readiness.ts';
import { ProblemSchema, problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

const tags = ['Service'];
const noQuery = Type.Object({}, { additionalProperties: false });
const Status = Type.Object({ status: Type.Literal('ok') }, { description: 'It is so' });

const checks = Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }), {
  description: 'What must hold for the service to be ready, and whether it does',
});

/** Whether the service lives and can answer, and what its problems mean. */
export function health({ readiness }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/healthz',
      {
        logLevel: 'warn',
        config: { scope: 'open', rateLimit: false },
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the process runs',
          tags,
          querystring: noQuery,
          response: { 200: Status, ...problemResponses(400) },
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
          summary: 'Whether the service is ready for requests, and if not, why',
          tags,
          querystring: noQuery,
          response: {
            200: Type.Object({ ...Status.properties, checks }, { description: 'It is' }),
            ...problemResponses(400),
            503: {
              description: 'It is not',
              content: {
                'application/problem+json': { schema: Type.Object({ ...ProblemSchema.properties, checks }) },
              },
            },
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
          .send({ ...toProblem(unavailable, request.id), checks });
      },
    );

    app.get(
      '/problems',
      {
        config: { scope: 'open' },
        schema: {
          operationId: 'listProblems',
          summary: 'The kinds of problems that errors name as their type',
          tags,
          querystring: noQuery,
          response: {
            200: Type.Object(
              {
                items: Type.Array(
                  Type.Object({ type: Type.String(), status: Type.Integer(), title: Type.String() }),
                ),
              },
              { description: 'Each kind' },
            ),
            ...problemResponses(400),
          },
        },
      },
      async () => ({
        items: Object.entries(problems).map(([code, [status, title]]) => ({
          type: `/problems#${code}`,
          status,
          title,
        })),
      }),
    );
  };
}
