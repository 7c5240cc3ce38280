import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { completePrompts, streamCompletions } from '../../model/completions.ts';
import { nameCorpus } from '../access/caller.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { invalidField, movePointer } from '../invalid-fields.ts';
import { completionEvents, completionsJson } from '../openai/completion-answers.ts';
import { readCompletionRequest } from '../openai/completion-request.ts';
import { type NamedModel, readModelName } from '../openai/model-names.ts';
import { openInThread } from '../questions/question-threads.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { completingEstimator } from '../schemas/generate.ts';
import { CompletionAnswers, CompletionBody, openAiErrorResponses } from '../schemas/openai.ts';
import { sendEvents } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { modelInWorkers } from '../worker-models.ts';

const schema = {
  summary: "Complete prompts, as OpenAI's API does",
  description:
    "`POST /v1/completions` of OpenAI's API, for its clients and for lm-evaluation-harness. With `echo` and `logprobs` the probability of each token of a prompt is listed, and the most probable words in its place; exactly `max_tokens` tokens follow unless the text ends earlier, which the mark of its end says. At most 100,000 tokens are generated and 100,000 log probabilities listed (tokens times logprobs + 1); a body has at most 50,000 values.",
  tags: ['OpenAI'],
  body: CompletionBody,
  response: { 200: CompletionAnswers, ...openAiErrorResponses(400, 404, 409, 413, 415, 503, 507) },
};

/** Completes prompts, in the form of OpenAI's API. */
export function completions(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/v1/completions',
      {
        config: { scope: 'read', errors: 'openai' },
        schema: { operationId: 'completeWithCorpus', ...schema, params: CorpusPath },
      },
      async (request, reply) => {
        const { params, body } = request;
        const named = readModelName(body.model ?? params.corpus, '/body/model', params.corpus);
        return answer(services, request, reply, body, named);
      },
    );

    app.post(
      '/completions',
      {
        config: { scope: 'read', errors: 'openai' },
        schema: { operationId: 'complete', ...schema },
      },
      async (request, reply) => {
        const { body } = request;
        if (typeof body.model !== 'string') throw invalidField('/body/model', 'The field model is missing.');
        const named = readModelName(body.model, '/body/model');
        nameCorpus(services.access, request, 'read', named.corpus);
        await openInThread(services, named.corpus);
        return answer(services, request, reply, body, named);
      },
    );
  };
}

async function answer(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  body: CompletionBody,
  named: NamedModel,
) {
  const { prompts, options } = readCompletionRequest(body);
  const { corpus, estimator } = named;
  const choice = { estimator, standard: completingEstimator } as const;
  const requested = { corpus, part: '/body', choice, parameters: {} } as const;
  const model = await modelInWorkers(services, requested, disconnectSignal(reply)).catch((error) => {
    throw movePointer(error, '/body/estimator', '/body/model');
  });
  const asked = { ...named, name: body.model ?? corpus };
  if (body.stream) {
    const streamed = await streamCompletions(model, prompts, options);
    return sendEvents(
      reply,
      completionEvents(streamed, request, asked, body.stream_options?.include_usage === true),
    );
  }
  const completed = await completePrompts(model, prompts, options);
  return reply.type('application/json; charset=utf-8').send(completionsJson(completed, request, asked));
}
