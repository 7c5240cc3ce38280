import { randomInt } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Finish, GeneratedToken } from '../../model/generate.ts';
import type { ModelDescription } from '../../model/model.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters } from '../estimator-parameters.ts';
import { toProblem } from '../problems/problem.ts';
import { chooseModel, inWorker } from '../questions/models.ts';
import { EstimatorFields, ModelAnswer } from '../schemas/models.ts';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import { sendEvents, serverSentEvent } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { modelView } from '../views.ts';

const maxTokens = 4096;
const maxSeed = 2 ** 32 - 1;

const GenerateBody = Type.Object(
  {
    prompt: defaulted(
      Type.String({
        default: '',
        description:
          'The text to go on with. In a corpus of lines it begins a line; empty, a new text is begun',
      }),
    ),
    max_tokens: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxTokens,
        default: 50,
        description: 'Where the text ends at the latest',
      }),
    ),
    temperature: defaulted(
      Type.Number({
        minimum: 0,
        maximum: 100,
        default: 1,
        description:
          'Each probability is raised to 1 / temperature: below 1 the probable words are more so; at 0 the most probable word is taken',
      }),
    ),
    top_k: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Only the k most probable words, and those as probable as the last of them',
      }),
    ),
    top_p: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description:
          'Only the most probable words that together have this share, after temperature and top_k, and those as probable as the last of them',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxSeed,
        description:
          'The same request with the same seed gives the same text. Chosen and named where it is left out',
      }),
    ),
    stream: defaulted(
      Type.Boolean({
        default: false,
        description: 'Whether the tokens come one by one, as server-sent events',
      }),
    ),
    ...EstimatorFields,
  },
  {
    additionalProperties: false,
    examples: [{ prompt: 'the time', max_tokens: 10, seed: 1, estimator: 'modified-kneser-ney' }],
  },
);
type GenerateBody = Static<typeof GenerateBody>;

const Answer = Type.Object(
  {
    ...ModelAnswer,
    seed: Type.Integer(),
    prompt: Type.Array(Type.String(), { description: 'Its tokens' }),
    tokens: Type.Array(Type.String()),
    text: Type.String({ description: 'The tokens, put together' }),
    log_probability: Type.Number({
      description: 'Of the tokens, as the model has it whatever the sampling made of it; natural logarithm',
    }),
    finish_reason: Type.Enum(['length', 'stop', 'no_continuation'], {
      type: 'string',
      description:
        '`length`: max_tokens were generated; `stop`: `</s>` came; `no_continuation`: the estimator has no probability after this context',
    }),
  },
  { description: 'The text' },
);

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
            'A word that the corpus does not have never comes; an unknown one in the prompt is `<unk>` where the corpus counts it. With `stream` the answer is `text/event-stream`: an event `token` {token, log_probability} for each token and at last `end` with what is answered without `stream`, or `problem`.',
          tags: ['Generation'],
          params: CorpusPath,
          body: GenerateBody,
          response: {
            200: {
              description: 'The text',
              content: {
                'application/json': { schema: Answer },
                'text/event-stream': {
                  schema: Type.Unsafe<unknown>({ type: 'string', description: 'Its tokens, as they come' }),
                },
              },
            },
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
  view(tokens: readonly GeneratedToken[]): Static<typeof Answer>;
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
): Static<typeof Answer> {
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
