import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { topContinuations } from '../../estimators/continuations.ts';
import {
  AdditiveParameter,
  chooseEstimator,
  EstimatorQuery,
  EstimatorSchema,
  parseNumbers,
  readContext,
  readPrefix,
} from '../model-query.ts';
import { problemResponses } from '../problem.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import type { Services } from '../services.ts';

/** The most probable next words. */
export function continuations({ corpora }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/continuations',
      {
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
              prefix: defaulted(Type.String({ default: '', description: 'Only words that begin like this' })),
              ...EstimatorQuery,
              additive_k: AdditiveParameter,
            },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object(
              {
                version: Type.Integer(),
                estimator: EstimatorSchema,
                context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
                continuations: Type.Array(
                  Type.Object({
                    word: Type.String(),
                    probability: Type.Number(),
                    count: Type.Integer({ description: 'How often the word follows the context' }),
                  }),
                ),
              },
              { description: 'The words, most probable first' },
            ),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }) =>
        corpora.read(params.corpus, (corpus) => {
          const { reader, index } = corpus;
          const { order, estimator } = chooseEstimator(corpus, '/query', query, {
            ...(query.epsilon === undefined ? {} : { epsilon: parseNumbers(query.epsilon) }),
            ...(query.additive_k === undefined ? {} : { k: query.additive_k }),
          });
          const context = readContext(corpus, query.context, order);
          const among = readPrefix(corpus, query.prefix, '/query/prefix');
          const found = topContinuations(
            estimator,
            index,
            context.ids,
            context.ids.length + 1,
            query.k,
            among,
          );
          return {
            version: reader.version,
            estimator: { name: estimator.name, ...estimator.parameters },
            context: context.tokens,
            continuations: found.map(({ word, probability, count }) => ({
              word: reader.token(word),
              probability,
              count,
            })),
          };
        }),
    );
  };
}
