import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { resultOf } from '../../errors.ts';
import { estimatorNames } from '../../estimators/catalogue.ts';
import { hasCounts } from '../../index/kinds.ts';
import type { CorpusSummary } from '../../store/store.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { readModelName } from '../openai/model-names.ts';
import { openInThread } from '../questions/question-threads.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  ModelAnswer,
  ModelList,
  ModelName,
  type ModelView,
  openAiErrorResponses,
} from '../schemas/openai.ts';
import type { Services } from '../services.ts';

const config = { scope: 'read', errors: 'openai' } as const;
const tags = ['OpenAI'];

/** Lists and describes models in the form of OpenAI's API: the corpora, each with any estimator. */
export function openAiModels(services: Services): FastifyPluginAsyncTypebox {
  const { corpora, access, questions } = services;
  const createdOf = (corpus: string) => corpora.read(corpus, (snapshot) => snapshot.summary());
  return async (app) => {
    app.get(
      '/models',
      {
        config,
        schema: {
          operationId: 'listModels',
          summary: "The models in the form of OpenAI's API: the corpora that the caller may read",
          tags,
          response: { 200: ModelList, ...openAiErrorResponses(400) },
        },
      },
      async (request) => {
        const key = callerKey(access, request);
        const names = (await corpora.store.names()).filter((name) => access.allows(key, 'read', name));
        const data: ModelView[] = [];
        for (const [i, summary] of (await questions.summaries(names)).entries()) {
          try {
            data.push(modelView(names[i], resultOf(summary)));
          } catch (error) {
            request.log.warn(await corpora.settle(error), `the corpus ${names[i]} is left out of the list`);
          }
        }
        return { object: 'list' as const, data };
      },
    );

    app.get(
      '/models/:model',
      {
        config,
        schema: {
          operationId: 'getModel',
          summary: "A model in the form of OpenAI's API",
          tags,
          params: Type.Object({ model: ModelName }),
          response: { 200: ModelAnswer, ...openAiErrorResponses(400, 404) },
        },
      },
      async (request) => {
        const { model } = request.params;
        const { corpus } = readModelName(model, '/path/model');
        nameCorpus(access, request, 'read', corpus);
        await openInThread(services, corpus);
        return modelView(model, await createdOf(corpus));
      },
    );

    app.get(
      '/corpora/:corpus/v1/models',
      {
        config,
        schema: {
          operationId: 'listModelsOfCorpus',
          summary: "The models of a corpus in the form of OpenAI's API: with each estimator",
          tags,
          params: CorpusPath,
          response: { 200: ModelList, ...openAiErrorResponses(400, 404) },
        },
      },
      async ({ params: { corpus } }) => {
        const summary = await createdOf(corpus);
        const estimators = hasCounts(summary) ? estimatorNames : [];
        const names = [corpus, ...estimators.map((estimator) => `${corpus}:${estimator}`)];
        return { object: 'list' as const, data: names.map((name) => modelView(name, summary)) };
      },
    );

    app.get(
      '/corpora/:corpus/v1/models/:model',
      {
        config,
        schema: {
          operationId: 'getModelOfCorpus',
          summary: "A model of a corpus in the form of OpenAI's API",
          tags,
          params: Type.Object({ ...CorpusPath.properties, model: ModelName }),
          response: { 200: ModelAnswer, ...openAiErrorResponses(400, 404) },
        },
      },
      async ({ params: { corpus, model } }) => {
        readModelName(model, '/path/model', corpus);
        return modelView(model, await createdOf(corpus));
      },
    );
  };
}

function modelView(id: string, { createdAt }: CorpusSummary): ModelView {
  return { id, object: 'model', created: Math.floor(Date.parse(createdAt) / 1000), owned_by: 'ngramd' };
}
