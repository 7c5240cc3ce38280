import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { createEpoch, dealt, type Epoch } from '../../batches/epoch.ts';
import { JsonWriter, rowsBytes } from '../../batches/json.ts';
import { createNpy } from '../../batches/npy.ts';
import { NgramdError } from '../../errors.ts';
import type { Corpus } from '../../index/corpora.ts';
import { UNKNOWN } from '../../index/count-index.ts';
import { varyByAccept } from '../headers.ts';
import { type Allocate, PageMemory } from '../page-memory.ts';
import { problemResponses } from '../problem.ts';
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
export function batches({ corpora }: Services): FastifyPluginAsyncTypebox {
  const memory = new PageMemory();
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
        varyByAccept(reply);
        const format = chooseFormat(request);
        if (format === 'application/x-npy' && query.as === 'tokens') {
          throw invalidField('/query/as', 'NPY holds ids: ask with as=ids, or for JSON.');
        }
        const allocate = memory.of(reply);
        const page = corpora.read(request.params.corpus, (corpus) =>
          readPage(corpus, query, limit, allocate),
        );
        const next = page.end < page.numBatches ? nextPage(request, page) : null;
        if (next !== null) reply.header('link', `<${next}>; rel="next"`);
        reply.type(format);
        if (format === 'application/x-npy') return reply.send(page.npy);
        const about = {
          strategy: query.strategy,
          seed: query.seed,
          epoch: query.epoch,
          offset: page.epoch.offset,
          batch_size: query.batch_size,
          num_steps: query.num_steps,
          num_batches: page.numBatches,
          tokens: page.tokens,
          version: page.version,
        };
        if (format === 'application/json' && query.as === 'ids') {
          return reply.send(idsPage(about, page, query, next, allocate));
        }
        const views = page.blocks.map(({ index, ids }) => ({
          index,
          x: rows(ids, 0, query, page.name),
          y: rows(ids, 1, query, page.name),
        }));
        if (format === 'application/x-ndjson') {
          return reply.send(Readable.from(views.map((view) => `${JSON.stringify(view)}\n`)));
        }
        return reply.send({ ...about, batches: views, next });
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

const formats = ['application/json', 'application/x-ndjson', 'application/x-npy'] as const;
type Format = (typeof formats)[number];

function chooseFormat(request: FastifyRequest): Format {
  const format = request.accepts().type([...formats]);
  if (format === false) {
    throw new NgramdError('not-acceptable', `Minibatches are given as ${formats.join(', ')}.`);
  }
  return format as Format;
}

interface Page {
  epoch: Epoch;
  version: number;
  /** T */
  tokens: number;
  /** Of this worker. */
  numBatches: number;
  /** Behind the last batch of the page, among this worker's. */
  end: number;
  /** Each batch's x, then its y, row by row. */
  blocks: { index: number; ids: Int32Array }[];
  /** Those of all blocks. */
  ids: Int32Array;
  /** The same as a NumPy file. */
  npy: Buffer;
  name: (id: number) => string;
}

function readPage(
  { reader, index: counts, stream }: Corpus,
  query: Query,
  limit: number,
  allocate: Allocate,
): Page {
  const { strategy, batch_size: batchSize, num_steps: numSteps, seed, rank, world_size: worldSize } = query;
  const tokens = Math.min(query.max_tokens ?? Number.POSITIVE_INFINITY, stream.open());
  const epoch = createEpoch({ strategy, tokens, batchSize, numSteps, seed, epoch: query.epoch });
  const numBatches = dealt(epoch.numBatches, rank, worldSize);
  const end = Math.min(query.start + limit, numBatches);
  const isRare = query.min_freq > 1 ? rareTokens(counts, query.min_freq) : undefined;
  const count = Math.max(0, end - query.start);
  const half = batchSize * numSteps;
  const npy = createNpy([count, 2, batchSize, numSteps], allocate);
  const ids = npy.numbers;
  const blocks = Array.from({ length: count }, (_, i) => ({
    index: (query.start + i) * worldSize + rank,
    ids: ids.subarray(i * 2 * half, (i + 1) * 2 * half),
  }));
  for (const [i, { index }] of blocks.entries()) {
    for (let row = 0; row < batchSize; row++) {
      const first = epoch.rowStart(index, row);
      const x = 2 * i * half + row * numSteps;
      const y = x + half;
      // The row of y is that of x, moved on by one token.
      stream.read(first, numSteps, ids, x);
      stream.read(first + numSteps, 1, ids, y + numSteps - 1);
      for (let step = 1; step < numSteps; step++) ids[y + step - 1] = ids[x + step];
    }
  }
  if (isRare !== undefined) {
    for (let i = 0; i < ids.length; i++) if (isRare(ids[i])) ids[i] = UNKNOWN;
  }
  const names = new Map<number, string>();
  if (query.as === 'tokens') {
    for (const { ids } of blocks) for (const id of ids) if (!names.has(id)) names.set(id, reader.token(id));
  }
  return {
    epoch,
    version: reader.version,
    tokens,
    numBatches,
    end,
    npy: npy.bytes,
    ids,
    blocks,
    name: (id) => names.get(id) ?? '',
  };
}

/** The test that a token occurs fewer than `minFrequency` times. */
function rareTokens(index: Corpus['index'], minFrequency: number): (id: number) => boolean {
  const [unigrams] = index.rankings([], { orders: [1], adjustedBelow: 1 });
  return (id) => unigrams.countOf(id) < minFrequency;
}

function rows(ids: Int32Array, half: 0 | 1, query: Query, name: Page['name']): (number | string)[][] {
  const { batch_size, num_steps } = query;
  return Array.from({ length: batch_size }, (_, row) => {
    const at = (half * batch_size + row) * num_steps;
    const block = ids.subarray(at, at + num_steps);
    return query.as === 'tokens' ? Array.from(block, name) : Array.from(block);
  });
}

/** A page of ids as JSON. */
function idsPage(
  about: object,
  { blocks, ids }: Page,
  query: Query,
  next: string | null,
  allocate: Allocate,
): Buffer {
  const { batch_size: batchSize, num_steps: numSteps } = query;
  let largest = 0;
  for (const id of ids) if (id > largest) largest = id;
  const half = batchSize * numSteps;
  const head = `${JSON.stringify(about).slice(0, -1)},"batches":[`;
  const tail = `],"next":${JSON.stringify(next)}}`;
  const perBlock = 2 * rowsBytes(half, batchSize, largest) + 64;
  const capacity = head.length + Buffer.byteLength(tail) + blocks.length * perBlock;
  const page = new JsonWriter(capacity, allocate);
  page.text(head);
  for (const [i, block] of blocks.entries()) {
    page.text(`${i > 0 ? ',' : ''}{"index":${block.index},"x":`);
    page.rows(block.ids.subarray(0, half), numSteps);
    page.text(',"y":');
    page.movedRows(block.ids.subarray(half), numSteps);
    page.text('}');
  }
  page.text(tail);
  return page.written;
}

/** The next page's address. It names T, so that it belongs to the same epoch whatever is added meanwhile. */
function nextPage({ originalUrl }: FastifyRequest, { tokens, end }: Page): string {
  const [path, search = ''] = originalUrl.split('?');
  const query = new URLSearchParams(search);
  query.set('max_tokens', String(tokens));
  query.set('start', String(end));
  return `${path}?${query}`;
}
