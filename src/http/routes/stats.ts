import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { callerKey } from '../access/caller.ts';
import { NoFields } from '../schemas/fields.ts';
import { problemResponses } from '../schemas/problems.ts';
import { Stats } from '../schemas/stats.ts';
import type { Services } from '../services.ts';
import { statsOf } from '../stats.ts';

/** What the process has done and what it holds. */
export function stats(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    const { access } = services;
    const read = statsOf(services);
    app.get(
      '/stats',
      {
        logLevel: 'warn',
        config: { scope: 'admin' },
        schema: {
          operationId: 'getStats',
          summary: 'Requests, jobs, memory, disk and backups at a glance',
          description:
            'Figures of the process that answers, since it started; with STORE=clickhouse, jobs and corpora are those of all processes. `/metrics` has the same for Prometheus. Only the corpora that the key is for are named and counted. Sizes of files and times of backups are up to ten seconds old.',
          tags: ['Service'],
          querystring: NoFields,
          response: { 200: Stats, ...problemResponses(400, 503) },
        },
      },
      async (request) => {
        const key = callerKey(access, request);
        return read((corpus) => access.allows(key, 'admin', corpus));
      },
    );
  };
}
