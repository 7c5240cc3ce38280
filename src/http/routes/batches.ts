import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { maxOffset } from '../../batches/epoch.ts';
import { BufferPool } from '../../platform/buffer-pool.ts';
import { invalidField } from '../invalid-fields.ts';
import { mediaTypes, negotiate } from '../negotiation.ts';
import { npyPage } from '../npy-pages.ts';
import type { BatchesQuestion } from '../questions/batches.ts';
import {
  BatchesAnswers,
  type BatchesFormat,
  BatchesQuery,
  batchesFormats,
  maxPageTokens,
} from '../schemas/batches.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** The maximum numbers of buffers of whole pages and of parts that are kept for later ones. */
const maxFreePages = 4;
const maxFreeParts = 16;

/** Minibatches for training neural models. */
export function batches(services: Services): FastifyPluginAsyncTypebox {
  const parts = new BufferPool(maxFreeParts);
  const memory = new BufferPool(maxFreePages);
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
            200: BatchesAnswers,
            ...problemResponses(400, 404, 406, 409),
          },
        },
      },
      async (request, reply) => {
        const { query } = request;
        const limit = checkPage(query);
        const format = negotiate(request, reply, 'Minibatches', batchesFormats);
        if (format === 'npy' && query.as === 'tokens') {
          throw invalidField('/query/as', 'NPY holds ids: ask with as=ids, or for JSON.');
        }
        const question = questionOf(query, limit, format, request.originalUrl);
        const { corpus } = request.params;
        const isCopied = format === 'npy' && query.min_freq <= 1;
        const copied = isCopied ? await npyPage(services, corpus, question, parts, reply) : undefined;
        const { body, bytes, next, note } =
          copied ?? (await services.questions.batches(corpus, question, memory, reply));
        if (next !== null) reply.header('link', `<${next}>; rel="next"`);
        if (note !== undefined) reply.header('note', note);
        return reply.header('content-length', bytes).type(mediaTypes[format]).send(body);
      },
    );
  };
}

/** The number of batches to return. Throws `invalid-request` if the page would be too large. */
function checkPage(query: BatchesQuery): number {
  const { strategy, batch_size, num_steps, offset, limit, rank, world_size } = query;
  const batchTokens = batch_size * num_steps;
  if (batchTokens * (limit ?? 1) > maxPageTokens) {
    throw invalidField(
      limit === undefined ? '/query/batch_size' : '/query/limit',
      `A page holds at most ${maxPageTokens} tokens of x, and ${limit ?? 1} × ${batch_size} × ${num_steps} is ${batchTokens * (limit ?? 1)}: request fewer or smaller batches.`,
    );
  }
  const highest = maxOffset({ strategy, numSteps: num_steps });
  if (offset !== undefined && offset > highest) {
    throw invalidField(
      '/query/offset',
      `With strategy=${strategy} and num_steps=${num_steps} the offset is at most ${highest}.`,
    );
  }
  if (rank >= world_size) {
    throw invalidField('/query/rank', `The rank is below world_size, which is ${world_size}.`);
  }
  return limit ?? Math.min(10, Math.floor(maxPageTokens / batchTokens));
}

function questionOf(query: BatchesQuery, limit: number, format: BatchesFormat, url: string): BatchesQuestion {
  const { strategy, seed, epoch, offset, start, rank, max_tokens, min_freq } = query;
  const { batch_size: batchSize, num_steps: numSteps, world_size: worldSize } = query;
  return {
    choice: { strategy, batchSize, numSteps, seed, epoch, offset, start, limit, rank, worldSize },
    maxTokens: max_tokens,
    minFrequency: min_freq,
    asTokens: query.as === 'tokens',
    format,
    url,
  };
}
