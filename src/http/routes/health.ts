import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { problems } from '../problem.ts';
import type { Services } from '../services.ts';

const tags = ['Service'];
const Status = Type.Object({ status: Type.Literal('ok') });

/** Whether the service lives and can answer, and what its problems mean. */
export function health({ corpora }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/healthz',
      {
        logLevel: 'warn',
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the process runs',
          tags,
          response: { 200: Status },
        },
      },
      async () => ({ status: 'ok' as const }),
    );

    app.get(
      '/readyz',
      {
        logLevel: 'warn',
        schema: {
          operationId: 'getReadiness',
          summary: 'Whether the corpora can be read',
          tags,
          response: { 200: Status },
        },
      },
      async () => {
        corpora.names();
        return { status: 'ok' as const };
      },
    );

    app.get(
      '/problems',
      {
        schema: {
          operationId: 'listProblems',
          summary: 'The kinds of problems that errors name as their type',
          tags,
          response: {
            200: Type.Object({
              items: Type.Array(
                Type.Object({ type: Type.String(), status: Type.Integer(), title: Type.String() }),
              ),
            }),
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
