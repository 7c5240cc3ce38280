import type { FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../errors.ts';

/**
 * Chooses among the formats of a response by the request's `Accept`, and sets `Vary` accordingly. Throws `not-acceptable`,
 * with the formats of `subject`, if the client accepts none of them.
 */
export function negotiate<Format extends string>(
  request: FastifyRequest,
  reply: FastifyReply,
  subject: string,
  formats: readonly Format[],
): Format {
  vary(reply, 'accept');
  const format = request.accepts().type([...formats]);
  if (format !== false) return format as Format;
  throw new NgramdError('not-acceptable', `${subject} are given as ${formats.join(', ')}.`);
}

/** Whether the client prefers a response with the content coding gzip, by its `Accept-Encoding`; sets `Vary` accordingly. */
export function prefersGzip(request: FastifyRequest, reply: FastifyReply): boolean {
  vary(reply, 'accept-encoding');
  return request.accepts().encoding(['gzip', 'identity']) === 'gzip';
}

function vary(reply: FastifyReply, header: string): void {
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? header : `${others}, ${header}`);
}
