import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { description, version } from '../../product.ts';
import { prefersHtml } from '../negotiation.ts';
import { pageHeaders, readPage } from '../page.ts';
import { NoFields } from '../schemas/fields.ts';
import { problemResponses } from '../schemas/problems.ts';
import { RootAnswers } from '../schemas/service.ts';
import type { Services } from '../services.ts';

const links = {
  corpora: '/v1/corpora',
  samples: '/v1/samples',
  docs: '/docs',
  openapi: '/openapi.json',
  health: '/healthz',
  readiness: '/readyz',
  metrics: '/metrics',
  stats: '/v1/stats',
  version: '/version',
  problems: '/problems',
};

/** The way in: a page for browsers, and for programs what the service is and its main addresses. */
export function root({ access }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    const page = readPage();
    const info = { name: 'ngramd' as const, version, description, has_keys: access.keys.length > 0, links };
    app.get(
      '/',
      {
        config: { scope: 'open' },
        schema: {
          operationId: 'getRoot',
          summary: 'What this service is, and its main addresses',
          description: 'Browsers get a page to work with.',
          tags: ['Service'],
          querystring: NoFields,
          response: { 200: RootAnswers, ...problemResponses(400) },
        },
        // After the hook that sets the headers of data.
        onSend: async (_request, reply) => {
          if (String(reply.getHeader('content-type')).startsWith('text/html')) reply.headers(pageHeaders);
        },
      },
      async (request, reply) => {
        if (page === undefined || !prefersHtml(request, reply)) return info;
        return reply.type('text/html; charset=utf-8').send(page);
      },
    );
  };
}
