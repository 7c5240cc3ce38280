import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NoFields } from '../schemas/fields.ts';
import { problemResponses } from '../schemas/problems.ts';
import { Metrics } from '../schemas/service.ts';
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
          summary: "The service's metrics, in Prometheus's format",
          tags: ['Service'],
          querystring: NoFields,
          response: {
            200: Metrics,
            ...problemResponses(400),
          },
        },
      },
      async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
    );
  };
}
