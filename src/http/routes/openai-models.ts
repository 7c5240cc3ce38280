import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estimatorNames } from '../../estimators/catalogue.ts';
import { hasCounts } from '../../index/kinds.ts';
import type { CorpusSummary } from '../../store/store.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { listedCorpora } from '../listed-corpora.ts';
import { type NamedModel, notOfCounts, readModelName } from '../openai/model-names.ts';
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
  const { corpora, access } = services;
  const summaryOf = (corpus: string) => corpora.read(corpus, (snapshot) => snapshot.summary());
  const describe = async (model: string, { corpus, estimator }: NamedModel) => {
    const summary = await summaryOf(corpus);
    if (estimator !== undefined && !hasCounts(summary)) throw notOfCounts(model, '/path/model', corpus);
    return modelView(model, summary);
  };
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
        return { object: 'list' as const, data: await listedCorpora(services, request, names, modelView) };
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
        const named = readModelName(model, '/path/model');
        nameCorpus(access, request, 'read', named.corpus);
        await openInThread(services, named.corpus);
        return describe(model, named);
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
        const summary = await summaryOf(corpus);
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
      ({ params: { corpus, model } }) => describe(model, readModelName(model, '/path/model', corpus)),
    );
  };
}

function modelView(id: string, { createdAt }: CorpusSummary): ModelView {
  return { id, object: 'model', created: Math.floor(Date.parse(createdAt) / 1000), owned_by: 'ngramd' };
}
