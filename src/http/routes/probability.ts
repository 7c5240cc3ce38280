import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  AdditiveParameter,
  askCorpus,
  bodyParameters,
  EstimatorFields,
  EstimatorQuery,
  ModelAnswer,
} from '../model-query.ts';
import { problemResponses } from '../problem.ts';
import { ContextText, QuerySchema, WordText } from '../questions/probabilities.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import type { Services } from '../services.ts';
import { compileSchema } from '../validation.ts';

const tags = ['Probabilities'];

const maxQueries = 10_000;

const Explain = defaulted(
  Type.Boolean({ default: false, description: 'Whether to show the counts of every order' }),
);

const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });

/** What is answered about one context and word. */
const answer = {
  context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
  word: Type.String(),
  in_vocabulary: Type.Boolean({
    description:
      'Whether the corpus has the word as it is written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are `<unk>` then, too',
  }),
  probability: NullableNumber,
  log_probability: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'Natural logarithm; null where the probability is 0 or null',
  }),
  note: Type.Optional(Type.String({ description: 'Why there is no probability' })),
  levels: Type.Optional(
    Type.Array(
      Type.Object({
        order: Type.Integer(),
        ngram: Type.Array(Type.String(), {
          description: 'What is counted: with `<unk>` where it stands for an unknown word',
        }),
        count: Type.Integer({ description: 'n(hw), or the count that Kneser–Ney has in its place' }),
        context_count: Type.Integer({
          description: 'n(h·), how often the context is followed by something; the sum of these counts',
        }),
        probability: NullableNumber,
      }),
      { description: 'With `explain`: each order, highest first' },
    ),
  ),
};

const ProbabilitiesBody = Type.Object(
  {
    queries: Type.Array(QuerySchema, { minItems: 1, maxItems: maxQueries }),
    ...EstimatorFields,
    explain: Explain,
  },
  {
    additionalProperties: false,
    examples: [
      {
        queries: [{ context: 'the time', word: 'traveller' }],
        estimator: 'laplace',
        epsilon: [1, 0.5, 0.25],
      },
    ],
  },
);

/** As ProbabilitiesBody, with items of any kind: each is checked when its turn comes. */
const UncheckedQueriesBody = Type.Object(
  {
    ...ProbabilitiesBody.properties,
    queries: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxQueries }),
  },
  { additionalProperties: false },
);

/** P(word | context), one by one and in bulk. */
export function probability({ corpora, questions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/probability',
      {
        config: { scope: 'read', atOnce: true },
        schema: {
          operationId: 'getProbability',
          summary: 'The probability of a word after a context',
          tags,
          params: CorpusPath,
          querystring: Type.Object(
            {
              context: ContextText,
              word: WordText,
              ...EstimatorQuery,
              k: AdditiveParameter,
              explain: Explain,
            },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({ ...ModelAnswer, ...answer }, { description: 'P(word | context)' }),
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        return askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
          request.asked = { corpus, version: corpus.index.totals.version };
          return questions.answer(reply, 'probability', corpus, query);
        });
      },
    );

    app.post(
      '/corpora/:corpus/probabilities',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getProbabilities',
          summary: `The probabilities of up to ${maxQueries.toLocaleString('en')} words after contexts`,
          description:
            'A query that is invalid gets its `problem` in its own place; the others are answered.',
          tags,
          params: CorpusPath,
          body: ProbabilitiesBody,
          response: {
            200: Type.Object(
              {
                ...ModelAnswer,
                results: Type.Array(
                  Type.Object({
                    ...Type.Partial(Type.Object(answer)).properties,
                    problem: Type.Optional(Type.Ref('Problem')),
                  }),
                ),
              },
              { description: 'An answer for each query, in their order' },
            ),
            ...problemResponses(400, 404, 413, 415, 503, 507),
          },
        },
        validatorCompiler: (route) =>
          compileSchema(route.httpPart === 'body' ? { ...route, schema: UncheckedQueriesBody } : route),
      },
      ({ params, body, id }, reply) => {
        const { queries, order, estimator, explain } = body;
        const parameters = bodyParameters(body);
        return askCorpus(corpora, params.corpus, '/body', body, (corpus) =>
          questions.answer(reply, 'probabilities', corpus, {
            queries,
            ...(order === undefined ? {} : { order }),
            estimator,
            parameters,
            explain,
            instance: id,
          }),
        );
      },
    );
  };
}
