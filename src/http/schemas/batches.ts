import { type Static, type TSchema, Type } from 'typebox';
import { defaulted, formatField, linesOf, textBody } from './fields.ts';

/** The formats of a page. */
export const batchesFormats = ['json', 'ndjson', 'npy'] as const;
export type BatchesFormat = (typeof batchesFormats)[number];

/** The most tokens of x in one page. */
export const maxPageTokens = 2 ** 20;

export const BatchesQuery = Type.Object(
  {
    strategy: defaulted(
      Type.Enum(['random', 'sequential'], {
        type: 'string',
        default: 'random',
        description:
          '`random`: subsequences in random order; `sequential`: corresponding rows of consecutive batches are consecutive in the text',
      }),
    ),
    batch_size: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxPageTokens,
        default: 32,
        description: 'Rows per batch',
      }),
    ),
    num_steps: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxPageTokens,
        default: 35,
        description: 'Tokens per row',
      }),
    ),
    seed: defaulted(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
    epoch: defaulted(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 0,
        description: 'Each epoch has its own offset and order',
      }),
    ),
    offset: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxPageTokens,
        description:
          'The number of tokens skipped at the beginning: below num_steps, with `sequential` at most num_steps. By default drawn for each epoch',
      }),
    ),
    start: defaulted(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 0,
        description: 'The first batch of the page',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: `Maximum number of batches in the page. By default 10, or fewer if they are large. A page holds at most ${maxPageTokens.toLocaleString('en')} tokens of x`,
      }),
    ),
    as: defaulted(
      Type.Enum(['ids', 'tokens'], { type: 'string', default: 'ids', description: 'What x and y hold' }),
    ),
    rank: defaulted(Type.Integer({ minimum: 0, default: 0, description: 'The index of this worker' })),
    world_size: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 2 ** 31,
        default: 1,
        description:
          'The number of workers that share the batches: each gets those whose index is its rank modulo world_size',
      }),
    ),
    max_tokens: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Use only the first max_tokens tokens. With the `tokens` of an earlier response, the epoch is the same after the corpus has grown',
      }),
    ),
    min_freq: defaulted(
      Type.Integer({
        minimum: 0,
        default: 0,
        description: 'Tokens that occur fewer times are replaced by `<unk>`',
      }),
    ),
    format: formatField(batchesFormats),
  },
  { additionalProperties: false },
);
export type BatchesQuery = Static<typeof BatchesQuery>;

function batchOf(title: string, token: TSchema) {
  const block = Type.Array(Type.Array(token));
  const index = Type.Integer({ description: "The batch's place in the epoch" });
  return Type.Object({ index, x: block, y: block }, { title });
}
const IdBatch = batchOf('IdBatch', Type.Integer());
const TokenBatch = batchOf('TokenBatch', Type.String());

const about = {
  strategy: Type.Enum(['random', 'sequential'], { type: 'string' }),
  seed: Type.Integer(),
  epoch: Type.Integer(),
  offset: Type.Integer({ description: 'The number of tokens skipped at the beginning' }),
  batch_size: Type.Integer(),
  num_steps: Type.Integer(),
  num_batches: Type.Integer({ description: 'In this epoch, for this worker' }),
  tokens: Type.Integer({ description: 'T, the tokens that the epoch is made of' }),
  token_ids: Type.Integer({
    description: 'The highest token id + 1, the number of rows that an embedding needs',
  }),
  version: Type.Integer(),
  note: Type.Optional(Type.String({ description: 'Why there are no batches, if `num_batches` is 0' })),
};

const next = {
  next: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'The path and query of the next page',
  }),
  next_start: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description:
      'The `start` of the next page, whose `max_tokens` is `tokens`; its other parameters are the same',
  }),
};

/** Told apart by `as`. */
const Page = Type.Union(
  [
    Type.Object(
      { as: Type.Literal('ids'), ...about, batches: Type.Array(IdBatch), ...next },
      { title: 'BatchesOfIds' },
    ),
    Type.Object(
      { as: Type.Literal('tokens'), ...about, batches: Type.Array(TokenBatch), ...next },
      { title: 'BatchesOfTokens' },
    ),
  ],
  { title: 'Batches', description: 'A page of minibatches' },
);

export const BatchesAnswers = {
  description: 'The page',
  headers: {
    Link: { type: 'string', description: 'The next page, as rel="next", if there is one' },
    note: { type: 'string', description: 'Why there are no batches, as in JSON' },
  },
  content: {
    'application/json': { schema: Page },
    'application/x-ndjson': linesOf(
      'One batch per line',
      Type.Union([IdBatch, TokenBatch], { title: 'Batch' }),
    ),
    'application/x-npy': textBody('int32 [batches, 2 (x, y), batch_size, num_steps]', { format: 'binary' }),
  },
};
