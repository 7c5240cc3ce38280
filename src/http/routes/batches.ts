import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { BufferPool } from '../buffer-pool.ts';
import { negotiate } from '../negotiation.ts';
import { type BatchesQuestion, type Format, formats } from '../questions/batches.ts';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import type { Services } from '../services.ts';
import { invalidField } from '../validation.ts';

/** The most tokens of x that one page holds. */
const maxPageTokens = 2 ** 20;

const BatchesQuery = Type.Object(
  {
    strategy: defaulted(
      Type.Enum(['random', 'sequential'], {
        type: 'string',
        default: 'random',
        description:
          '`random`: subsequences in random order; `sequential`: rows of neighbouring batches are neighbours in the text',
      }),
    ),
    batch_size: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxPageTokens,
        default: 32,
        description: 'Rows of a batch',
      }),
    ),
    num_steps: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: maxPageTokens,
        default: 35,
        description: 'Tokens of a row',
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
        description: `The most batches of the page: 10, or fewer where they are large. A page holds at most ${maxPageTokens.toLocaleString('en')} tokens of x`,
      }),
    ),
    as: defaulted(
      Type.Enum(['ids', 'tokens'], { type: 'string', default: 'ids', description: 'What x and y hold' }),
    ),
    rank: defaulted(Type.Integer({ minimum: 0, default: 0, description: 'Which of the workers this is' })),
    world_size: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 2 ** 31,
        default: 1,
        description:
          'Among how many workers the batches are dealt out: this one gets each whose index is its rank modulo world_size',
      }),
    ),
    max_tokens: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Only the first so many tokens. With the `tokens` of an earlier answer, the epoch is the same after the corpus has grown',
      }),
    ),
    min_freq: defaulted(
      Type.Integer({
        minimum: 0,
        default: 0,
        description: 'Tokens that occur fewer times are given as `<unk>`',
      }),
    ),
  },
  { additionalProperties: false },
);
type Query = Static<typeof BatchesQuery>;

const Block = Type.Array(Type.Array(Type.Unsafe<number | string>({ type: ['integer', 'string'] })));
const BatchSchema = Type.Object({
  index: Type.Integer({ description: "The batch's place in the epoch" }),
  x: Block,
  y: Block,
});

const pageHeaders = {
  link: { type: 'string', description: 'The next page, as rel="next", where there is one' },
};

/** Minibatches for training neural models. */
export function batches({ corpora, questions }: Services): FastifyPluginAsyncTypebox {
  const memory = new BufferPool();
  return async (app) => {
    app.get(
      '/corpora/:corpus/batches',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getBatches',
          summary: 'A page of minibatches',
          description:
            'x is a batch_size × num_steps block of tokens, y the same shifted by one. Every page is a pure function of its parameters: any page at any time, in any order, nothing to keep or resume.',
          tags: ['Minibatches'],
          params: CorpusPath,
          querystring: BatchesQuery,
          response: {
            200: {
              description: 'The page',
              headers: pageHeaders,
              content: {
                'application/json': {
                  schema: Type.Object({
                    strategy: Type.String(),
                    seed: Type.Integer(),
                    epoch: Type.Integer(),
                    offset: Type.Integer({ description: 'How many tokens at the beginning are left out' }),
                    batch_size: Type.Integer(),
                    num_steps: Type.Integer(),
                    num_batches: Type.Integer({ description: 'In this epoch, for this worker' }),
                    tokens: Type.Integer({ description: 'T, the tokens that the epoch is made of' }),
                    version: Type.Integer(),
                    note: Type.Optional(
                      Type.String({ description: 'Why there are no batches, where `num_batches` is 0' }),
                    ),
                    batches: Type.Array(BatchSchema),
                    next: Type.Unsafe<string | null>({
                      type: ['string', 'null'],
                      description: 'The next page',
                    }),
                  }),
                },
                'application/x-ndjson': {
                  schema: Type.Unsafe<unknown>({
                    type: 'string',
                    description: 'A batch a line: {index, x, y}',
                  }),
                },
                'application/x-npy': {
                  schema: Type.Unsafe<unknown>({
                    type: 'string',
                    format: 'binary',
                    description: 'int32 [batches, 2 (x, y), batch_size, num_steps]',
                  }),
                },
              },
            },
            ...problemResponses(400, 404, 406),
          },
        },
      },
      async (request, reply) => {
        const { query } = request;
        const limit = checkPage(query);
        const format = negotiate(request, reply, 'Minibatches', formats);
        if (format === 'application/x-npy' && query.as === 'tokens') {
          throw invalidField('/query/as', 'NPY holds ids: ask with as=ids, or for JSON.');
        }
        const question = questionOf(query, limit, format, request.originalUrl);
        const { bytes, next } = await corpora.readIndexed(request.params.corpus, (corpus) =>
          questions.batches(corpus, question, memory, reply),
        );
        if (next !== null) reply.header('link', `<${next}>; rel="next"`);
        return reply.type(format).send(bytes);
      },
    );
  };
}

/** The number of batches to give. Throws `invalid-request` where the page would be too large. */
function checkPage({ batch_size, num_steps, limit, rank, world_size }: Query): number {
  const batchTokens = batch_size * num_steps;
  if (batchTokens * (limit ?? 1) > maxPageTokens) {
    throw invalidField(
      limit === undefined ? '/query/batch_size' : '/query/limit',
      `A page holds at most ${maxPageTokens} tokens of x, and ${limit ?? 1} × ${batch_size} × ${num_steps} is ${batchTokens * (limit ?? 1)}: ask for fewer batches, or smaller ones.`,
    );
  }
  if (rank >= world_size) {
    throw invalidField('/query/rank', `The rank is below world_size, which is ${world_size}.`);
  }
  return limit ?? Math.min(10, Math.floor(maxPageTokens / batchTokens));
}

function questionOf(query: Query, limit: number, format: Format, url: string): BatchesQuestion {
  const { strategy, seed, epoch, start, rank, max_tokens, min_freq } = query;
  const { batch_size: batchSize, num_steps: numSteps, world_size: worldSize } = query;
  return {
    choice: { strategy, batchSize, numSteps, seed, epoch, start, limit, rank, worldSize },
    maxTokens: max_tokens,
    minFrequency: min_freq,
    asTokens: query.as === 'tokens',
    format,
    url,
  };
}
