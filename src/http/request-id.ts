import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Ids that are accepted: they are written to the log and sent back. */
const acceptable = /^[\w.:/+=@-]{1,128}$/;

/** The id in the request's header `x-request-id`, or a new one. */
export function chooseRequestId({ headers }: IncomingMessage): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' && acceptable.test(id) ? id : randomUUID();
}
