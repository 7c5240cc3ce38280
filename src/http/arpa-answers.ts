import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LimitedVocabulary, Pruning } from '../model/arpa-pruning/pruning.ts';
import { closed, disconnectSignal } from './disconnect-signal.ts';
import { queryParameters } from './estimator-parameters.ts';
import { givenArpa } from './given-arpa.ts';
import { invalidField } from './invalid-fields.ts';
import { prefersGzip } from './negotiation.ts';
import { checkListed, estimatorOf } from './questions/models.ts';
import { type ArpaQuery, writtenEstimator } from './schemas/arpa.ts';
import type { Services } from './services.ts';
import { modelInWorkers } from './worker-models.ts';

/** The fastest level: the next ones take longer than writing the file does, for a few per cent. */
const gzipLevel = 1;

/** The size of a compressed piece, in bytes. */
const gzipChunk = 2 ** 16;

/** A request for an ARPA file. */
export interface ArpaRequest {
  readonly corpus: string;
  readonly query: Omit<ArpaQuery, 'vocabulary'>;
  readonly vocabulary: LimitedVocabulary | undefined;
}

/**
 * Answers with an ARPA file. Throws `invalid-request` for thresholds that decrease or are of orders that the model
 * lacks.
 */
export async function sendArpa(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { corpus, query, vocabulary }: ArpaRequest,
): Promise<FastifyReply> {
  const choice = { ...query, standard: writtenEstimator } as const;
  const parameters = queryParameters(query);
  const entropy = query.prune_entropy === 0 ? undefined : query.prune_entropy;
  const needs = entropy === undefined ? 'if it fits' : 'always';
  const requested = { corpus, part: '/query', choice, parameters, needs } as const;
  const { settings } = await services.corpora.open(corpus);
  if (settings.content?.kind === 'arpa') {
    checkListed(settings, '/query', choice, { ...parameters, ...prunedBy(query, vocabulary) });
    return send(request, reply, `${corpus}.arpa`, Readable.from(givenArpa(services.corpora, corpus)));
  }
  const order = query.order ?? settings.order;
  const pruning: Pruning = { thresholds: readThresholds(query.prune, order), vocabulary, entropy };
  const model = await modelInWorkers(services, requested, disconnectSignal(reply));
  const written = await services.arpaFiles.write(model, pruning, closed(reply));
  const pieces = Readable.from(written, { highWaterMark: 1 });
  const isPruned = [query.prune, vocabulary, entropy].some((value) => value !== undefined);
  const file = `${corpus}.${order}.${estimatorOf(choice)}${isPruned ? '.pruned' : ''}.arpa`;
  return send(request, reply, file, pieces);
}

/** What makes a file smaller, by the names of the parameters. */
function prunedBy(query: ArpaRequest['query'], vocabulary: LimitedVocabulary | undefined): object {
  const { prune, prune_entropy } = query;
  return { prune, vocabulary, prune_entropy };
}

function send(request: FastifyRequest, reply: FastifyReply, file: string, pieces: Readable): FastifyReply {
  const isCompressed = prefersGzip(request, reply);
  if (isCompressed) reply.header('content-encoding', 'gzip');
  return reply
    .type('text/plain; charset=utf-8')
    .header('content-disposition', `attachment; filename="${file}"`)
    .send(isCompressed ? gzipped(pieces) : pieces);
}

function readThresholds(thresholds: readonly number[] = [0], order: number): readonly number[] {
  if (thresholds.length > order) {
    throw invalidField(
      '/query/prune',
      `There are ${thresholds.length} thresholds, and the model has n-grams up to order ${order}: give at most one for each order.`,
    );
  }
  const falling = thresholds.findIndex((threshold, i) => i > 0 && threshold < thresholds[i - 1]);
  if (falling < 0) return thresholds;
  throw invalidField(
    '/query/prune',
    `The threshold of order ${falling + 1}, ${thresholds[falling]}, is less than ${thresholds[falling - 1]}, the one of order ${falling}: thresholds must not decrease, since the prefixes and suffixes of n-grams that are kept must be kept.`,
  );
}

/** Compresses a stream, which Node.js does in another thread. Passes errors of the stream on. */
function gzipped(stream: Readable): Readable {
  return pipeline(stream, createGzip({ level: gzipLevel, chunkSize: gzipChunk }), () => {});
}
