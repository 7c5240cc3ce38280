import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CorpusPath } from '../schemas/corpora.ts';
import { NGramsPage, NGramsQuery, VocabularyPage } from '../schemas/listings.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

const tags = ['Listings'];

/** The vocabulary and the n-grams of a corpus. */
export function listings({ corpora, questions }: Services): FastifyPluginAsyncTypebox {
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
          querystring: ListQuery,
          response: {
            200: VocabularyPage,
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }, reply) =>
        questions.answerOfSnapshot(reply, 'vocabulary', params.corpus, query),
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
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }, reply) =>
        questions.answer(reply, 'ngrams', query, (ask) =>
          corpora.ask(params.corpus, { adjusted: false }, ask),
        ),
    );
  };
}
