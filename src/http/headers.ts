import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * What keeps browsers from taking an answer for a page, a script or a part of another site's page. These are the ones
 * of helmet's headers that matter for answers that are data; pages get them all.
 */
export const dataHeaders = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** What may be taken over as the id of a request: it goes into the log and into the answer. */
const requestId = /^[\w.:/+=@-]{1,128}$/;

/** The id that a request brings in `x-request-id`, or a new one. */
export function chooseRequestId({ headers }: IncomingMessage): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' && requestId.test(id) ? id : randomUUID();
}

/** Says that an answer depends on `Accept`, beside what else it depends on. */
export function varyByAccept(reply: FastifyReply): void {
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? 'accept' : `${others}, accept`);
}
