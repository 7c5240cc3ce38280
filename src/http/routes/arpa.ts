import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { closed, disconnectSignal } from '../disconnect-signal.ts';
import { queryParameters } from '../estimator-parameters.ts';
import { prefersGzip } from '../negotiation.ts';
import { ArpaFile, ArpaQuery } from '../schemas/arpa.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';
import { modelInWorkers } from '../worker-models.ts';

/** The fastest level: the next ones take longer than writing the file does, for a few per cent. */
const gzipLevel = 1;

/** The size of a compressed piece, in bytes. */
const gzipChunk = 2 ** 16;

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
            'Streamed, from one version of the corpus; the same file each time; compressed for clients that accept gzip. For estimators that are back-off models: modified-kneser-ney, kneser-ney, absolute-discounting, witten-bell, and laplace up to order 2.',
          tags: ['Export'],
          params: CorpusPath,
          querystring: ArpaQuery,
          response: {
            200: ArpaFile,
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        const { corpus } = params;
        const parameters = queryParameters(query);
        const requested = { corpus, part: '/query', choice: query, parameters, needsTrie: true } as const;
        const model = await modelInWorkers(services, requested, disconnectSignal(reply));
        const pieces = Readable.from(await services.arpaFiles.write(model, closed(reply)), {
          highWaterMark: 1,
        });
        const isCompressed = prefersGzip(request, reply);
        if (isCompressed) reply.header('content-encoding', 'gzip');
        const file = `${corpus}.${model.chosen.choice.order}.${query.estimator}.arpa`;
        return reply
          .type('text/plain; charset=utf-8')
          .header('content-disposition', `attachment; filename="${file}"`)
          .send(isCompressed ? gzipped(pieces) : pieces);
      },
    );
  };
}

/** Compresses a stream, which Node.js does in another thread. Passes errors of the stream on. */
function gzipped(stream: Readable): Readable {
  return pipeline(stream, createGzip({ level: gzipLevel, chunkSize: gzipChunk }), () => {});
}
