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
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? 'accept' : `${others}, accept`);
  const format = request.accepts().type([...formats]);
  if (format !== false) return format as Format;
  throw new NgramdError('not-acceptable', `${subject} are given as ${formats.join(', ')}.`);
}
