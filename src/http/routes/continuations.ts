import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { askCorpus } from '../questions/models.ts';
import { AdditiveParameter, EstimatorQuery, ModelAnswer } from '../schemas/models.ts';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath, CursorQuery, defaulted } from '../schemas.ts';
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
          querystring: Type.Object(
            {
              context: defaulted(
                Type.String({
                  default: '',
                  description:
                    'The text so far; it is tokenized as the corpus is, and its last tokens are used',
                  examples: ['of the'],
                }),
              ),
              k: defaulted(
                Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'How many words' }),
              ),
              prefix: defaulted(
                Type.String({
                  default: '',
                  description:
                    'Only words that begin with these characters, after the folding of the tokenizer (lower case, normal form). Characters that no token has match nothing; white space is refused, but for `char`',
                }),
              ),
              cursor: CursorQuery,
              ...EstimatorQuery,
              additive_k: AdditiveParameter,
            },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object(
              {
                ...ModelAnswer,
                context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
                continuations: Type.Array(
                  Type.Object({
                    word: Type.String(),
                    probability: Type.Number(),
                    count: Type.Integer({
                      description:
                        'n(hw), how often the word follows the context, or the count that Kneser–Ney has in its place',
                    }),
                  }),
                ),
                note: Type.Optional(Type.String({ description: 'Why there are none' })),
                next_cursor: Type.Optional(
                  Type.String({ description: 'Present where there are more words' }),
                ),
              },
              { description: 'The words, most probable first' },
            ),
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        return askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
          request.asked = { corpus, version: corpus.index.totals.version };
          return questions.answer(reply, 'continuations', corpus, query);
        });
      },
    );
  };
}
