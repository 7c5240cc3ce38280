import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Ids that are accepted: they are written to the log and sent back. */
const acceptable = /^[\w.:/+=@-]{1,128}$/;

/** Begins the ids of this process and of no other, since 96 random bits do not come twice. */
const prefix = randomBytes(12).toString('hex');

let made = 0;

/** A new id, unlike that of any other request, also after a restart and in other processes. */
export function newRequestId(): string {
  made++;
  return `${prefix}-${made}`;
}

/** The id in the request's header `x-request-id`, or a new one. */
export function chooseRequestId({ headers }: IncomingMessage): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' && acceptable.test(id) ? id : newRequestId();
}
