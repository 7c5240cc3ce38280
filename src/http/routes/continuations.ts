import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { invalidField } from '../invalid-fields.ts';
import { negotiate } from '../negotiation.ts';
import { askCorpus, chooseModel } from '../questions/models.ts';
import { ContinuationsAnswer, ContinuationsQuery, defaultWords, maxWords } from '../schemas/continuations.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

/** The most probable next words. */
export function continuations({ corpora, questions, bulk }: Services): FastifyPluginAsyncTypebox {
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
            ...problemResponses(400, 404, 406, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'Continuations', tableFormats) === 'csv') {
          const address = async () => (await chooseModel(corpora, params.corpus, '/query', query, {})).corpus;
          const { k: limit, ...question } = query;
          const words = questions.table(reply, 'continuations', { ...question, limit }, address);
          const file = `${params.corpus}.continuations`;
          return sendTable(bulk, request, reply, { file, columns: columns.continuations, parts: words });
        }
        return questions.answer(reply, 'continuations', listedWords(query), (ask) =>
          askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
            request.asked = { corpus: corpus.ref, version: corpus.counts.totals.version };
            return ask(corpus);
          }),
        );
      },
    );
  };
}

/** The query of an answer in JSON, with the number of its words. Throws `invalid-request` above the maximum. */
function listedWords<Query extends { k?: number }>(query: Query): Query & { k: number } {
  const { k = defaultWords } = query;
  if (k <= maxWords) return { ...query, k };
  throw invalidField('/query/k', `An answer in JSON has at most ${maxWords} words; CSV has no maximum.`);
}
