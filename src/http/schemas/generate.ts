import { type Static, Type } from 'typebox';
import { defaulted, eventsOf, jsonResponse } from './fields.ts';
import { EstimatorFields, estimatorField, LogBaseField, ModelAnswer } from './models.ts';
import { ProblemSchema } from './problems.ts';

/** The estimator of texts that are generated or completed. */
export const completingEstimator = 'modified-kneser-ney';

const maxTokens = 4096;

/** The largest seed. */
export const maxSeed = 2 ** 32 - 1;

export const GenerateBody = Type.Object(
  {
    prompt: defaulted(
      Type.String({
        default: '',
        description:
          'The text to continue. In a corpus of lines it begins a line; if empty, a new text begins',
      }),
    ),
    max_tokens: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxTokens,
        default: 50,
        description: 'Maximum number of tokens',
      }),
    ),
    temperature: defaulted(
      Type.Number({
        minimum: 0,
        maximum: 100,
        default: 1,
        description:
          'Each probability is raised to the power 1 / temperature: values below 1 favour probable words; at 0 the most probable word is chosen',
      }),
    ),
    top_k: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Sample from the k most probable words only, and those as probable as the last of them',
      }),
    ),
    top_p: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description:
          'Sample only from the most probable words that together have this share of the probability, after temperature and top_k, and those as probable as the last of them',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxSeed,
        description:
          'The same request with the same seed returns the same text. Without it, a seed is chosen and returned',
      }),
    ),
    stream: defaulted(
      Type.Boolean({
        default: false,
        description: 'Whether to send the tokens one by one, as server-sent events',
      }),
    ),
    log_base: LogBaseField,
    ...EstimatorFields,
    estimator: estimatorField(completingEstimator),
  },
  {
    title: 'GenerateRequest',
    additionalProperties: false,
    examples: [{ prompt: 'the time', max_tokens: 10, seed: 1, estimator: 'modified-kneser-ney' }],
  },
);
export type GenerateBody = Static<typeof GenerateBody>;

const GenerateAnswer = Type.Object(
  {
    ...ModelAnswer,
    seed: Type.Integer(),
    prompt: Type.Array(Type.String(), { description: 'The tokens of the prompt' }),
    tokens: Type.Array(Type.String()),
    text: Type.String({ description: 'The tokens, joined' }),
    log_probability: Type.Number({
      description: 'Of the tokens under the model, whatever the sampling; to base e or `log_base`',
    }),
    finish_reason: Type.Enum(['length', 'stop', 'no_continuation'], {
      type: 'string',
      description:
        '`length`: max_tokens were generated; `stop`: `</s>` was generated; `no_continuation`: the estimator defines no probability after this context',
    }),
  },
  { title: 'GeneratedText', description: 'The text' },
);
export type GenerateAnswer = Static<typeof GenerateAnswer>;

const { description, content: json } = jsonResponse('The text', GenerateAnswer);
export const GenerateAnswers = {
  description,
  content: {
    ...json,
    'text/event-stream': eventsOf('GenerateEvent', 'Its tokens, as they are generated', {
      token: Type.Object(
        { token: Type.String(), log_probability: Type.Number() },
        { title: 'GeneratedToken' },
      ),
      end: GenerateAnswer,
      problem: ProblemSchema,
    }),
  },
};
