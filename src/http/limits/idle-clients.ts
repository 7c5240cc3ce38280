import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { failReader } from '../connection/client-errors.ts';
import { toProblem } from '../problems/problem.ts';
import { formOf } from '../problems/send.ts';
import { securityHeaders } from '../security-headers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers at once, in a few packets, so that it never waits for the client. */
    atOnce?: boolean;
  }
}

/**
 * Cuts off clients that stop in the middle, after `idleTimeout` milliseconds. One that sends no more of a body gets a
 * 408 if it can still be answered, whether or not the route reads bodies; one that reads no more of an answer is
 * disconnected. A client that waits for this server is never cut off.
 */
export function cutOffIdleClients(app: FastifyInstance, idleTimeout: number): void {
  // A client is idle only if it is being waited for at two consecutive checks and did nothing in between.
  const interval = Math.ceil(idleTimeout / 2);
  const watch: onRequestHookHandler = (request, reply, done) => {
    const { raw } = request;
    const { socket } = raw;
    let moved = -1;
    let isTold = false;
    reply.raw.setTimeout(interval, () => {
      const isToRead = socket.writableLength > 0;
      const isToSend = !raw.complete && raw.readableLength === 0;
      const before = moved;
      moved = isToRead || isToSend ? socket.bytesRead + socket.bytesWritten : -1;
      if (moved < 0 || moved !== before) socket.setTimeout(interval);
      else if (isToRead || reply.raw.headersSent) socket.destroy();
      else {
        reply.header('connection', 'close');
        const error = stoppedSending(idleTimeout);
        isTold = !isTold && failReader(raw, error);
        if (isTold) socket.setTimeout(interval);
        else answerInstead(error, request, reply);
      }
    });
    done();
  };
  app.addHook('onRoute', (route) => {
    if (route.config?.atOnce) return;
    route.onRequest = [watch, ...[route.onRequest ?? []].flat()];
  });
}

/** Answers a request whose handler is still running; the handler's answer is then not sent. */
function answerInstead(error: NgramdError, request: FastifyRequest, reply: FastifyReply): void {
  const { id } = request;
  reply.hijack();
  const { raw } = reply;
  for (const name of raw.getHeaderNames()) raw.removeHeader(name);
  const problem = toProblem(error, id);
  const [type, form] = formOf(problem, request);
  const body = JSON.stringify(form);
  raw.writeHead(problem.status, {
    ...securityHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-request-id': id,
    connection: 'close',
  });
  raw.end(body);
}

function stoppedSending(idleTimeout: number): NgramdError {
  return new NgramdError(
    'request-timeout',
    `The body is incomplete, and nothing more was received for ${idleTimeout} ms (IDLE_TIMEOUT_MS). Send it again.`,
  );
}
