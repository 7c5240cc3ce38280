import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { NGramsPage, NGramsQuery, VocabularyPage, VocabularyQuery } from '../schemas/listings.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

const tags = ['Listings'];

/** The vocabulary and the n-grams of a corpus. */
export function listings({ corpora, questions, bulk }: Services): FastifyPluginAsyncTypebox {
  const addressOf = (corpus: string) => () => corpora.address(corpus, { adjusted: false });
  return async (app) => {
    app.get(
      '/corpora/:corpus/vocabulary',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listVocabulary',
          summary: 'List the vocabulary by id',
          description:
            'Ids never change. Reserved ids: 0 `<unk>`; with `sequences=line` also 1 `<s>` and 2 `</s>`. The new words of a document are numbered by decreasing count. Words that no remaining document contains are not listed; their ids stay reserved for them.',
          tags,
          params: CorpusPath,
          querystring: VocabularyQuery,
          response: {
            200: VocabularyPage,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'Vocabularies', tableFormats) === 'csv') {
          const parts = questions.table(reply, 'vocabulary', query, addressOf(params.corpus));
          const file = `${params.corpus}.vocabulary`;
          return sendTable(bulk, request, reply, { file, columns: columns.vocabulary, parts });
        }
        return questions.answerOfSnapshot(reply, 'vocabulary', params.corpus, pageQuery(query));
      },
    );

    app.get(
      '/corpora/:corpus/ngrams',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listNGrams',
          summary: 'List the n-grams of one order by decreasing count',
          description: 'Ties are ordered by the ids of their tokens.',
          tags,
          params: CorpusPath,
          querystring: NGramsQuery,
          response: {
            200: NGramsPage,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'N-grams', tableFormats) === 'csv') {
          const parts = questions.table(reply, 'ngrams', query, addressOf(params.corpus));
          const file = `${params.corpus}.${query.order}-grams`;
          return sendTable(bulk, request, reply, { file, columns: columns.ngrams, parts });
        }
        return questions.answer(reply, 'ngrams', pageQuery(query), (ask) =>
          corpora.ask(params.corpus, { adjusted: false }, ask),
        );
      },
    );
  };
}
