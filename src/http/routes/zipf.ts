import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { negotiate } from '../negotiation.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import { ZipfAnswers, ZipfQuery, zipfFormats } from '../schemas/zipf.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

/** How the frequency of n-grams falls with their rank. */
export function zipf({ corpora, questions, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/zipf',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getZipf',
          summary: "Zipf's law: frequency over rank, for each order",
          description: 'As SVG it is the log–log plot of the chapter.',
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
        if (format === 'svg') {
          const svg = await questions.plot(reply, params.corpus, query);
          return reply.type('image/svg+xml; charset=utf-8').send(svg);
        }
        if (format === 'csv') {
          const address = () => corpora.address(params.corpus, { adjusted: false });
          const parts = questions.table(reply, 'zipf', query, address);
          return sendTable(bulk, request, reply, {
            file: `${params.corpus}.zipf`,
            columns: columns.zipf,
            parts,
          });
        }
        return questions.answerOfSnapshotInThread(reply, 'zipf', params.corpus, query);
      },
    );
  };
}
