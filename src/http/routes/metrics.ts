import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** The service's metrics for Prometheus. */
export function metrics({ registry }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/metrics',
      {
        logLevel: 'warn',
        config: { scope: 'admin' },
        schema: {
          operationId: 'getMetrics',
          summary: "The service's metrics, as Prometheus reads them",
          tags: ['Service'],
          querystring: Type.Object({}, { additionalProperties: false }),
          response: {
            200: {
              description: 'The metrics',
              content: { 'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) } },
            },
            ...problemResponses(400),
          },
        },
      },
      async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
    );
  };
}
