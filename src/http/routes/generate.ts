import { randomInt } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Finish, GeneratedToken } from '../../model/generate.ts';
import type { ModelDescription } from '../../model/model.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters } from '../estimator-parameters.ts';
import { toProblem } from '../problems/problem.ts';
import { chooseModel, inWorker } from '../questions/models.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { type GenerateAnswer, GenerateAnswers, GenerateBody, maxSeed } from '../schemas/generate.ts';
import { problemResponses } from '../schemas/problems.ts';
import { sendEvents, serverSentEvent } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { modelView } from '../views.ts';

/** Sampling texts from a model. */
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
            ...problemResponses(400, 404, 415, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        const text = await beginText(services, params.corpus, body, disconnectSignal(reply));
        if (body.stream) return sendEvents(reply, events(text, request));
        const tokens: GeneratedToken[] = [];
        for await (const part of text.parts()) tokens.push(...part);
        return text.view(tokens);
      },
    );
  };
}

interface Text {
  /** The tokens: one by one where they are streamed and an index in memory keeps their version, else all at once. */
  parts(): AsyncGenerator<readonly GeneratedToken[], void>;
  /** What is answered of them in the end. */
  view(tokens: readonly GeneratedToken[]): GenerateAnswer;
}

async function beginText(
  { corpora, workers }: Services,
  name: string,
  body: GenerateBody,
  signal: AbortSignal,
): Promise<Text> {
  const chosen = await chooseModel(corpora, name, '/body', body, bodyParameters(body));
  const seed = body.seed ?? randomInt(maxSeed + 1);
  const sampling = { temperature: body.temperature, topK: body.top_k, topP: body.top_p };
  const limit = body.stream && chosen.counts.trie !== undefined ? 1 : body.max_tokens;
  const begun = await inWorker(
    '/body',
    workers.ask('beginText', { ...chosen, prompt: body.prompt, seed, sampling, limit }, signal),
  );
  const separator = corpora.read(name, ({ reader }) => (reader.settings.tokenizer === 'char' ? '' : ' '));
  let { part } = begun;
  return {
    async *parts() {
      yield part.tokens;
      for (let left = body.max_tokens - part.tokens.length; left > 0 && part.finish === undefined; ) {
        const { generation } = part;
        part = await workers.ask('continueText', { ...chosen, sampling, generation, limit }, signal);
        left -= part.tokens.length;
        yield part.tokens;
      }
    },
    view: (generated) => textView(begun, seed, generated, part.finish, separator),
  };
}

function textView(
  { model, prompt }: { model: ModelDescription; prompt: string[] },
  seed: number,
  generated: readonly GeneratedToken[],
  finish: Finish | undefined,
  separator: string,
): GenerateAnswer {
  const tokens = generated.map(({ token }) => token);
  return {
    ...modelView(model),
    seed,
    prompt,
    tokens,
    text: tokens.join(separator),
    log_probability: generated.reduce((sum, { logProbability }) => sum + logProbability, 0),
    finish_reason: finish ?? 'length',
  };
}

/** The text as server-sent events. */
async function* events(text: Text, { id, log }: FastifyRequest): AsyncGenerator<string, void> {
  const tokens: GeneratedToken[] = [];
  try {
    for await (const part of text.parts()) {
      tokens.push(...part);
      for (const { token, logProbability } of part)
        yield serverSentEvent('token', { token, log_probability: logProbability });
    }
    yield serverSentEvent('end', text.view(tokens));
  } catch (error) {
    const problem = toProblem(error, id);
    if (problem.status >= 500) log.error(error);
    yield serverSentEvent('problem', problem);
  }
}
