import { STATUS_CODES } from 'node:http';
import { type Static, type TSchema, Type } from 'typebox';
import { defaulted, jsonResponse, streamOf } from './fields.ts';
import { problemResponses } from './problems.ts';

/** The highest id: ids are signed 32-bit integers. */
const maxId = 2 ** 31 - 1;

/** The most tokens of a completion. */
const maxTokens = 4096;
/** The most words listed for each token. */
const maxLogprobs = 20;

/** OpenAI's clients also send null for a field that they leave out. */
function optional<Value>(type: string | string[], settings: object) {
  return Type.Optional(Type.Unsafe<Value | null>({ type: [type, 'null'].flat(), ...settings }));
}

const tokenId = { type: 'integer', minimum: 0, maximum: maxId };

/** A text, the ids of its tokens, or a list of such prompts. */
export type PromptField = string | string[] | number[] | number[][];

export const CompletionBody = Type.Object(
  {
    model: optional<string>('string', {
      description:
        'The name of a corpus, or `corpus:estimator`; the estimator is modified-kneser-ney by default. Under a corpus it may be left out',
      examples: ['timemachine', 'timemachine:witten-bell'],
    }),
    prompt: optional<PromptField>(['string', 'array'], {
      description:
        'What to complete: a text, the ids of its tokens, or a list of texts or of lists of ids. In a corpus of lines it begins a line, and each line feed ends one',
      items: { type: ['string', 'integer', 'array'], minimum: 0, maximum: maxId, items: tokenId },
    }),
    max_tokens: optional<number>('integer', {
      minimum: 0,
      maximum: maxTokens,
      description: 'Maximum number of tokens of each completion. Default 16',
    }),
    n: optional<number>('integer', {
      minimum: 1,
      maximum: 128,
      description: 'The number of completions of each prompt. Default 1',
    }),
    best_of: optional<number>('integer', {
      minimum: 1,
      maximum: 128,
      description: 'The number of completions from which the n most probable ones are chosen. Default n',
    }),
    echo: optional<boolean>('boolean', { description: 'Whether the prompt is part of the text' }),
    logprobs: optional<number>('integer', {
      minimum: 0,
      maximum: maxLogprobs,
      description:
        'The number of most probable words listed for each token, in addition to the token itself; with `echo` also for those of the prompt',
    }),
    stop: optional<string | string[]>(['string', 'array'], {
      description: 'The text ends before the first of these',
      items: { type: 'string' },
      maxItems: 1000,
    }),
    stream: optional<boolean>('boolean', {
      description: 'Whether to send the completions token by token, as server-sent events',
    }),
    stream_options: optional<{ include_usage?: boolean | null }>('object', {
      properties: {
        include_usage: { type: ['boolean', 'null'], description: 'Whether `usage` is sent at the end' },
      },
    }),
    temperature: optional<number>('number', {
      minimum: 0,
      maximum: 2,
      description: 'As in `…/generate`; at 0 the most probable word is chosen. Default 1',
    }),
    top_p: optional<number>('number', { minimum: 0, maximum: 1, description: 'As in `…/generate`' }),
    top_k: optional<number>('integer', {
      minimum: -1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'As in `…/generate`; not above 0: all words',
    }),
    seed: optional<number>('integer', {
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'The same request with the same seed returns the same texts; the next of n has the next seed',
    }),
    suffix: optional<string>('string', { description: 'Must be empty: texts are only continued' }),
    frequency_penalty: optional<number>('number', { description: 'Must be 0' }),
    presence_penalty: optional<number>('number', { description: 'Must be 0' }),
    logit_bias: optional<object>('object', { description: 'Must be empty' }),
  },
  {
    title: 'CompletionRequest',
    description: 'Fields that are not listed here are ignored',
    examples: [{ model: 'timemachine', prompt: 'the time', max_tokens: 5, temperature: 0 }],
  },
);
export type CompletionBody = Static<typeof CompletionBody>;

/** An error as OpenAI's clients read it. */
export const OpenAiErrorSchema = Type.Object(
  {
    error: Type.Object({
      message: Type.String({ description: 'What is wrong, and what was expected' }),
      type: Type.String(),
      code: Type.String({ description: 'The kind of problem' }),
      param: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'The invalid field' }),
    }),
  },
  { title: 'OpenAiError', description: "An error in the form of OpenAI's API" },
);
export type OpenAiError = Static<typeof OpenAiErrorSchema>;

const Logprobs = Type.Object(
  {
    tokens: Type.Array(Type.String()),
    token_logprobs: Type.Array(Type.Number()),
    top_logprobs: Type.Array(
      Type.Unsafe<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' } }),
    ),
    text_offset: Type.Array(Type.Integer(), {
      description: 'Where each token begins in the prompt and its completion, in code points',
    }),
  },
  {
    title: 'CompletionLogprobs',
    description: 'The tokens with their log probabilities, natural logarithms; -9999 stands for that of 0',
  },
);

/** A choice of a completion or, in a stream, a part of one, whose end is not known yet. */
function choiceOf(title: string, finishReason: TSchema) {
  return Type.Object(
    {
      text: Type.String({
        description: 'It continues the prompt, with the space before it if there is one',
      }),
      index: Type.Integer(),
      logprobs: Type.Union([Logprobs, Type.Null()]),
      finish_reason: finishReason,
    },
    { title },
  );
}

const Usage = Type.Object(
  {
    prompt_tokens: Type.Integer(),
    completion_tokens: Type.Integer(),
    total_tokens: Type.Integer(),
  },
  { title: 'CompletionUsage' },
);

const head = {
  id: Type.String(),
  object: Type.Literal('text_completion'),
  created: Type.Integer({ description: 'When, in seconds since 1970' }),
  model: Type.String(),
  system_fingerprint: Type.String({
    description:
      'The corpus, the estimator and the version of the corpus; of a mixture, also the versions of its parts',
  }),
};

const finishReasons = ['stop', 'length'];

const Completion = Type.Object(
  {
    ...head,
    choices: Type.Array(
      choiceOf('CompletionChoice', Type.Unsafe<string>({ type: 'string', enum: finishReasons })),
    ),
    usage: Usage,
  },
  { title: 'Completion', description: 'The completions' },
);

const CompletionChunk = Type.Object(
  {
    ...head,
    choices: Type.Array(
      choiceOf(
        'CompletionChunkChoice',
        Type.Unsafe<string | null>({ type: ['string', 'null'], enum: [...finishReasons, null] }),
      ),
    ),
    usage: Type.Optional(Type.Union([Usage, Type.Null()])),
  },
  { title: 'CompletionChunk', description: 'A part of the completions' },
);

const { description, content: json } = jsonResponse('The completions', Completion);
export const CompletionAnswers = {
  description,
  content: {
    ...json,
    'text/event-stream': streamOf(
      'text/event-stream',
      'Parts of the completions, as `data: {…}`, and finally `data: [DONE]`',
      Type.Union([CompletionChunk, OpenAiErrorSchema], { title: 'CompletionEvent' }),
    ),
  },
};

const Model = Type.Object(
  {
    id: Type.String({ description: 'The corpus, or `corpus:estimator`' }),
    object: Type.Literal('model'),
    created: Type.Integer({ description: 'When the corpus was created, in seconds since 1970' }),
    owned_by: Type.String(),
  },
  { title: 'Model' },
);
export type ModelView = Static<typeof Model>;
export const ModelAnswer = jsonResponse('The model', Model);
export const ModelList = jsonResponse(
  'The models',
  Type.Object({ object: Type.Literal('list'), data: Type.Array(Model) }, { title: 'ModelList' }),
);

/** The name of a model in a path. */
export const ModelName = Type.String({
  description: 'The name of a corpus, or `corpus:estimator`',
  examples: ['timemachine'],
});

const mark = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });

export const TokenizerInfo = jsonResponse(
  'The tokenizer',
  Type.Object(
    {
      tokenizer_class: Type.String({ description: "The corpus's tokenizer" }),
      bos_token: mark(
        'The token that begins a text: in a corpus of documents it stands for the empty context',
      ),
      eos_token: mark('The token that ends a text; in a corpus of documents that which begins the next'),
      unk_token: mark('The token that stands for words that the corpus does not have'),
      pad_token: mark('There is none'),
      chat_template: mark('There is none'),
    },
    { title: 'TokenizerInfo' },
  ),
);

export const TokenizeBody = Type.Object(
  {
    prompt: Type.String({ description: 'The text' }),
    add_special_tokens: defaulted(
      Type.Boolean({ default: false, description: 'Whether the tokens begin with `bos_token`' }),
    ),
    return_token_strs: defaulted(
      Type.Boolean({
        default: false,
        description: 'Whether the tokens are returned in addition to their ids',
      }),
    ),
  },
  {
    title: 'TokenizeRequest',
    description: 'Fields that are not listed here are ignored',
    examples: [{ prompt: 'the time traveller' }],
  },
);

export const TokenizeAnswer = jsonResponse(
  'The tokens',
  Type.Object(
    {
      tokens: Type.Array(Type.Integer(), {
        description: 'The ids of the tokens; that of `<unk>` for words that the corpus does not have',
      }),
      count: Type.Integer(),
      token_strs: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
    },
    { title: 'TokenizedText' },
  ),
);

export const DetokenizeBody = Type.Object(
  { tokens: Type.Array(Type.Unsafe<number>(tokenId), { description: 'The ids of tokens' }) },
  {
    title: 'DetokenizeRequest',
    description: 'Fields that are not listed here are ignored',
    examples: [{ tokens: [1, 2] }],
  },
);

export const DetokenizeAnswer = jsonResponse(
  'The text',
  Type.Object({ prompt: Type.String() }, { title: 'DetokenizedText' }),
);

/** The response schemas of a route for these statuses of errors. */
export function openAiErrorResponses<Status extends number>(...statuses: Status[]) {
  const response = (status: number) => ({
    description: STATUS_CODES[status] ?? '',
    content: { 'application/json': { schema: OpenAiErrorSchema } },
  });
  return Object.fromEntries(statuses.map((status) => [status, response(status)])) as Record<
    Status,
    ReturnType<typeof response>
  >;
}

/** What gives the response schemas of a route's errors, by their form. */
export function errorResponses(form: 'openai' | undefined) {
  return form === 'openai' ? openAiErrorResponses : problemResponses;
}
