import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { negotiate } from '../negotiation.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { ZipfAnswers, ZipfQuery, zipfFormats } from '../schemas/zipf.ts';
import type { Services } from '../services.ts';

/** How the frequency of n-grams falls with their rank. */
export function zipf({ questions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/zipf',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getZipf',
          summary: "Zipf's law: frequency over rank, for each order",
          description:
            '`Accept: image/svg+xml` returns the log–log plot of the chapter, for orders 1 to 3 or as many as the corpus has.',
          tags: ['Listings'],
          params: CorpusPath,
          querystring: ZipfQuery,
          response: {
            200: ZipfAnswers,
            ...problemResponses(400, 404, 406),
          },
        },
      },
      async (request, reply) => {
        const format = negotiate(request, reply, 'The curves', zipfFormats);
        const { params, query } = request;
        if (format === 'image/svg+xml') {
          const svg = await questions.plot(reply, params.corpus, query);
          return reply.type('image/svg+xml; charset=utf-8').send(svg);
        }
        return questions.answerOfSnapshotInThread(reply, 'zipf', params.corpus, query);
      },
    );
  };
}
