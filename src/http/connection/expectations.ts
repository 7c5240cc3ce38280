import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';

/** Tells a client to send its body when the body is first read: a client that is refused before need not send it. */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read;
  request._read = (size) => {
    request._read = read;
    if (!response.headersSent) response.writeContinue();
    read.call(request, size);
  };
}

/** The one expectation that a client may have of this server (RFC 9110, 10.1.1). */
const known = /^100-continue$/i;

/**
 * The error for which HTTP/1.1 requires a request to be refused: `invalid-request` if it names no host, or
 * `expectation-failed`; undefined if there is none.
 */
export function headError({ raw: { headers, httpVersionMinor } }: FastifyRequest): NgramdError | undefined {
  const { host, expect } = headers;
  if (httpVersionMinor !== 1 || (host !== undefined && (expect === undefined || known.test(expect)))) {
    return undefined;
  }
  if (host === undefined) {
    const detail = 'A request of HTTP/1.1 must have a Host header.';
    return new NgramdError('invalid-request', detail, [{ pointer: '/headers/host', detail: 'is missing' }]);
  }
  return new NgramdError(
    'expectation-failed',
    `Expect: ${expect} cannot be met: this server supports only 100-continue.`,
    [{ pointer: '/headers/expect', detail: 'must be 100-continue' }],
  );
}
