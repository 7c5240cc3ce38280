import type { FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../errors.ts';

/**
 * Chooses among the formats of a response by the request's `Accept`, and says in `Vary` that the response depends on it.
 * Throws `not-acceptable`, with the formats of `subject`, where the client accepts none of them.
 */
export function negotiate<Format extends string>(
  request: FastifyRequest,
  reply: FastifyReply,
  subject: string,
  formats: readonly Format[],
): Format {
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? 'accept' : `${others}, accept`);
  const format = request.accepts().type([...formats]);
  if (format !== false) return format as Format;
  throw new NgramdError('not-acceptable', `${subject} are given as ${formats.join(', ')}.`);
}
