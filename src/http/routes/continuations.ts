import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { askCorpus } from '../questions/models.ts';
import { ContinuationsAnswer, ContinuationsQuery } from '../schemas/continuations.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** The most probable next words. */
export function continuations({ corpora, questions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/continuations',
      {
        config: { scope: 'read', atOnce: true },
        schema: {
          operationId: 'getContinuations',
          summary: 'The k most probable next words',
          description:
            'Exact: the same as sorting the whole vocabulary by probability, ties by vocabulary id.',
          tags: ['Continuations'],
          params: CorpusPath,
          querystring: ContinuationsQuery,
          response: {
            200: ContinuationsAnswer,
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        return questions.answer(reply, 'continuations', query, (ask) =>
          askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
            request.asked = { corpus: corpus.ref, version: corpus.counts.totals.version };
            return ask(corpus);
          }),
        );
      },
    );
  };
}
