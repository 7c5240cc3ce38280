import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { closed, disconnectSignal } from '../disconnect-signal.ts';
import { queryParameters } from '../estimator-parameters.ts';
import { ArpaFile, ArpaQuery } from '../schemas/arpa.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';
import { modelInWorkers } from '../worker-models.ts';

/** Writes the model as a file for other tools. */
export function arpa(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/arpa',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getArpa',
          summary: 'The model as an ARPA file',
          description:
            'Streamed, from one version of the corpus; the same file each time. For estimators that are back-off models: modified-kneser-ney, kneser-ney, absolute-discounting, witten-bell, and laplace up to order 2.',
          tags: ['Export'],
          params: CorpusPath,
          querystring: ArpaQuery,
          response: {
            200: ArpaFile,
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      async ({ params: { corpus }, query }, reply) => {
        const parameters = queryParameters(query);
        const requested = { corpus, part: '/query', choice: query, parameters, needsIndex: true } as const;
        const model = await modelInWorkers(services, requested, disconnectSignal(reply));
        const pieces = await services.arpaFiles.write(model, closed(reply));
        const file = `${corpus}.${model.chosen.choice.order}.${query.estimator}.arpa`;
        return reply
          .type('text/plain; charset=utf-8')
          .header('content-disposition', `attachment; filename="${file}"`)
          .send(Readable.from(pieces, { highWaterMark: 1 }));
      },
    );
  };
}
