import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Static } from 'typebox';
import { type EstimatorName, readsAdjustedCounts } from '../../estimators/catalogue.ts';
import { versionOf } from '../../index/corpus.ts';
import { bodyParameters } from '../estimator-parameters.ts';
import { askCorpus } from '../questions/models.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  maxQueries,
  ProbabilitiesAnswer,
  ProbabilitiesBody,
  ProbabilityAnswer,
  ProbabilityQuery,
  UncheckedQueriesBody,
} from '../schemas/probabilities.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';
import { compileSchema } from '../validation.ts';

const tags = ['Probabilities'];

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
          querystring: ProbabilityQuery,
          response: {
            200: ProbabilityAnswer,
            ...problemResponses(400, 404, 409, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        return questions.answer(reply, 'probability', query, (ask) =>
          askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
            request.asked = versionOf(corpus);
            return ask(corpus);
          }),
        );
      },
    );

    app.post(
      '/corpora/:corpus/probabilities',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getProbabilities',
          summary: `The probabilities of up to ${maxQueries.toLocaleString('en')} words after contexts`,
          description: 'An invalid query gets a `problem` in its place; the others are answered.',
          tags,
          params: CorpusPath,
          body: ProbabilitiesBody,
          response: {
            200: ProbabilitiesAnswer,
            ...problemResponses(400, 404, 409, 413, 415, 503, 507),
          },
        },
        validatorCompiler: (route) =>
          compileSchema(route.httpPart === 'body' ? { ...route, schema: UncheckedQueriesBody } : route),
      },
      ({ params, body, id }, reply) => {
        const { queries, order, estimator, explain, log_base } = body;
        const parameters = bodyParameters(body);
        const question = {
          queries,
          ...(order === undefined ? {} : { order }),
          estimator,
          parameters,
          explain,
          log_base,
          instance: id,
        };
        return questions.answer(reply, 'probabilities', question, (ask) =>
          askCorpus(corpora, params.corpus, '/body', { ...body, estimator: neediestOf(body) }, ask),
        );
      },
    );
  };
}

/** Of the estimators of all queries one that needs adjusted counts, if there is one. */
function neediestOf({ queries, estimator }: Static<typeof ProbabilitiesBody>): EstimatorName | undefined {
  const own = queries.map((query) => query?.estimator).find((name) => name && readsAdjustedCounts(name));
  return own ?? estimator;
}
