import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath, defaulted, maxOrder, PageQuery, pageSchema } from '../schemas.ts';
import type { Services } from '../services.ts';

const tags = ['Listings'];

/** What a corpus counts: its vocabulary and its n-grams. */
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
            'Ids are stable for good. Reserved: 0 `<unk>`; with `sequences=line` also 1 `<s>` and 2 `</s>`. The words that a document brought are numbered by falling count. A word of which nothing is left since documents were taken back is not listed; its id is kept for it.',
          tags,
          params: CorpusPath,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: {
            200: pageSchema(
              Type.Object({ id: Type.Integer(), token: Type.String(), count: Type.Integer() }),
              {
                version: Type.Integer(),
              },
            ),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }, reply) =>
        corpora.read(params.corpus, (corpus) => questions.answer(reply, 'vocabulary', corpus, query)),
    );

    app.get(
      '/corpora/:corpus/ngrams',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listNGrams',
          summary: 'List the n-grams of one order by falling count',
          description: 'Ties are listed by the ids of their tokens.',
          tags,
          params: CorpusPath,
          querystring: Type.Object(
            {
              order: defaulted(
                Type.Integer({
                  minimum: 1,
                  maximum: maxOrder,
                  default: 1,
                  description: 'Length of the n-grams',
                }),
              ),
              ...PageQuery,
            },
            { additionalProperties: false },
          ),
          response: {
            200: pageSchema(
              Type.Object({ rank: Type.Integer(), ngram: Type.Array(Type.String()), count: Type.Integer() }),
              { version: Type.Integer(), order: Type.Integer() },
            ),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }, reply) =>
        corpora.readIndexed(params.corpus, (corpus) => questions.answer(reply, 'ngrams', corpus, query)),
    );
  };
}
