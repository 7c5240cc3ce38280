import { randomInt } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { GeneratedToken } from '../../model/generate.ts';
import { type GeneratedText, generateText, type TextRequest } from '../../model/generated-text.ts';
import { logUnit } from '../../model/log-base.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { textOfTokens } from '../../text/token-text.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters } from '../estimator-parameters.ts';
import { toProblem } from '../problems/problem.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  completingEstimator,
  type GenerateAnswer,
  GenerateAnswers,
  GenerateBody,
  maxSeed,
} from '../schemas/generate.ts';
import { problemResponses } from '../schemas/problems.ts';
import { sendEvents, serverSentEvent } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { modelView } from '../views.ts';
import { modelInWorkers } from '../worker-models.ts';

/** Samples texts from a model. */
export function generate(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/generate',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'generateText',
          summary: 'Sample a text from the model',
          description:
            'Words that the corpus does not have are never generated; unknown words of the prompt are read as `<unk>` if the corpus counts it. With `stream` the response is `text/event-stream`: an event `token` {token, log_probability} for each token and finally `end`, with the response without `stream`, or `problem`.',
          tags: ['Generation'],
          params: CorpusPath,
          body: GenerateBody,
          response: {
            200: GenerateAnswers,
            ...problemResponses(400, 404, 409, 413, 415, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        const signal = disconnectSignal(reply);
        const parameters = bodyParameters(body);
        const choice = { ...body, standard: completingEstimator } as const;
        const requested = { corpus: params.corpus, part: '/body', choice, parameters } as const;
        const model = await modelInWorkers(services, requested, signal);
        const seed = body.seed ?? randomInt(maxSeed + 1);
        const text = await generateText(model, textRequest(body, seed));
        const { settings } = await services.corpora.open(params.corpus);
        const unit = logUnit(body.log_base);
        const view = (tokens: readonly GeneratedToken[]) => textView(text, seed, tokens, settings, unit);
        if (body.stream) return sendEvents(reply, events(text, view, request, unit));
        const tokens: GeneratedToken[] = [];
        for await (const part of text.parts) tokens.push(...part);
        return view(tokens);
      },
    );
  };
}

function textRequest(body: GenerateBody, seed: number): TextRequest {
  const { prompt, max_tokens: maxTokens, stream: isStreamed } = body;
  const sampling = { temperature: body.temperature, topK: body.top_k, topP: body.top_p };
  return { prompt, seed, sampling, maxTokens, isStreamed };
}

/** The response for a generated text. */
function textView(
  { model, prompt, finish }: GeneratedText,
  seed: number,
  generated: readonly GeneratedToken[],
  settings: CorpusSettings,
  unit: number,
): GenerateAnswer {
  const tokens = generated.map(({ token }) => token);
  return {
    ...modelView(model),
    seed,
    prompt: [...prompt],
    tokens,
    text: textOfTokens(settings, tokens),
    log_probability: generated.reduce((sum, { logProbability }) => sum + logProbability, 0) / unit,
    finish_reason: finish() ?? 'length',
  };
}

/** The text as server-sent events. */
async function* events(
  text: GeneratedText,
  view: (tokens: readonly GeneratedToken[]) => GenerateAnswer,
  { id, log }: FastifyRequest,
  unit: number,
): AsyncGenerator<string, void> {
  const tokens: GeneratedToken[] = [];
  try {
    for await (const part of text.parts) {
      tokens.push(...part);
      for (const { token, logProbability } of part)
        yield serverSentEvent('token', { token, log_probability: logProbability / unit });
    }
    yield serverSentEvent('end', view(tokens));
  } catch (error) {
    const problem = toProblem(error, id);
    if (problem.status >= 500) log.error(error);
    yield serverSentEvent('problem', problem);
  }
}
