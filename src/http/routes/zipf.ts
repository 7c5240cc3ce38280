import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { maxPoints } from '../../analysis/zipf.ts';
import { negotiate } from '../negotiation.ts';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import type { Services } from '../services.ts';

const formats = ['application/json', 'image/svg+xml'] as const;
const NullableNumber = (description: string) =>
  Type.Unsafe<number | null>({ type: ['number', 'null'], description });

/** How the frequency of n-grams falls with their rank. */
export function zipf({ corpora, questions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/zipf',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getZipf',
          summary: "Zipf's law: frequency over rank, for each order",
          description:
            '`Accept: image/svg+xml` gives the log–log plot of the chapter, of orders 1 to 3 or as many as the corpus has.',
          tags: ['Listings'],
          params: CorpusPath,
          querystring: Type.Object(
            {
              points: defaulted(
                Type.Integer({
                  minimum: 2,
                  maximum: maxPoints,
                  default: 500,
                  description: 'The most points of a series; they are evenly spaced on a logarithmic axis',
                }),
              ),
            },
            { additionalProperties: false },
          ),
          response: {
            200: {
              description: 'The curves and their fits',
              content: {
                'application/json': {
                  schema: Type.Object({
                    version: Type.Integer(),
                    series: Type.Array(
                      Type.Object({
                        order: Type.Integer(),
                        alpha: NullableNumber(
                          `α of the fit n_i ∝ i^-α, by least squares in natural logarithms over ${maxPoints} ranks evenly spaced on a logarithmic axis; null where there are fewer than two`,
                        ),
                        intercept: NullableNumber('log n_i at rank 1, by the fit'),
                        r_squared: NullableNumber('How much of the variance the fit explains'),
                        points: Type.Array(Type.Object({ rank: Type.Integer(), frequency: Type.Integer() })),
                      }),
                    ),
                  }),
                },
                'image/svg+xml': {
                  schema: Type.Unsafe<unknown>({ type: 'string', description: 'The plot' }),
                },
              },
            },
            ...problemResponses(400, 404, 406),
          },
        },
      },
      async (request, reply) => {
        const format = negotiate(request, reply, 'The curves', formats);
        const { params, query } = request;
        if (format === 'image/svg+xml') {
          const svg = await corpora.read(params.corpus, (corpus) => questions.plot(corpus, query));
          return reply.type('image/svg+xml; charset=utf-8').send(svg);
        }
        return corpora.read(params.corpus, (corpus) =>
          questions.answerInThread(reply, 'zipf', corpus, query),
        );
      },
    );
  };
}
