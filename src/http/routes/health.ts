import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { problemResponses, problems } from '../problem.ts';
import type { Services } from '../services.ts';

const tags = ['Service'];
const noQuery = Type.Object({}, { additionalProperties: false });
const Status = Type.Object({ status: Type.Literal('ok') }, { description: 'It is so' });

/** Whether the service lives and can answer, and what its problems mean. */
export function health({ corpora }: Services): FastifyPluginAsyncTypebox {
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
          summary: 'Whether the corpora can be read',
          tags,
          querystring: noQuery,
          response: { 200: Status, ...problemResponses(400, 503) },
        },
      },
      async () => {
        try {
          corpora.names();
        } catch (error) {
          throw Object.assign(new Error(`The data folder cannot be read: ${(error as Error).message}`), {
            statusCode: 503,
          });
        }
        return { status: 'ok' as const };
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
