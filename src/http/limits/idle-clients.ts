import type { FastifyInstance, onRequestAsyncHookHandler, onSendAsyncHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { problemResponses } from '../problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers at once, in a few packets, so that nobody can be waited for. */
    atOnce?: boolean;
  }
}

/**
 * Cuts off the clients that stop in the middle, after `idleTimeout` milliseconds: those that send no more of a body get
 * a 408 where they can still be answered, and those that read no more of an answer lose the connection. A client that
 * waits for this server is never cut off. One that is answered before all of its body has come may send the rest for as
 * long: it is skipped, since many clients look for an answer only when they have sent everything.
 */
export function cutOffIdleClients(app: FastifyInstance, idleTimeout: number): void {
  // Only who is waited for at both of two looks, and did nothing in between, has been idle for all of that time.
  const interval = Math.ceil(idleTimeout / 2);
  const watch: onRequestAsyncHookHandler = async (request, reply) => {
    const { raw } = request;
    const { socket } = raw;
    let moved = -1;
    reply.raw.setTimeout(interval, () => {
      const isToRead = socket.writableLength > 0;
      const isToSend = !raw.complete && raw.readableLength === 0;
      const before = moved;
      moved = isToRead || isToSend ? socket.bytesRead + socket.bytesWritten : -1;
      if (moved < 0 || moved !== before) socket.setTimeout(interval);
      else if (isToRead) socket.destroy();
      else {
        reply.header('connection', 'close');
        raw.emit('error', stoppedSending(idleTimeout));
      }
    });
    reply.raw.once('finish', () => {
      if (raw.complete) return;
      raw
        .unpipe()
        .removeAllListeners('readable')
        .on('data', () => {})
        .resume();
      if (raw.headers.connection === 'close') raw.once('end', () => socket.destroySoon());
      const late = setTimeout(() => raw.complete || socket.destroy(), idleTimeout).unref();
      raw.once('close', () => clearTimeout(late));
    });
  };
  // Node would close the connection with the answer to a client that says it sends nothing else.
  const stayOpen: onSendAsyncHookHandler = async (request, reply) => {
    if (reply.statusCode >= 400 && !request.raw.complete) reply.raw.shouldKeepAlive = true;
  };
  app.addHook('onRoute', (route) => {
    if (route.config?.atOnce) return;
    route.onRequest = [watch, ...[route.onRequest ?? []].flat()];
    if (route.schema?.body === undefined) return;
    route.onSend = [stayOpen, ...[route.onSend ?? []].flat()];
    route.schema = {
      ...route.schema,
      response: { ...(route.schema.response as object), ...problemResponses(408) },
    };
  });
}

function stoppedSending(idleTimeout: number): NgramdError {
  return new NgramdError(
    'request-timeout',
    `Nothing of the body has come for ${idleTimeout} ms (IDLE_TIMEOUT_MS), and it is not complete. Send it again.`,
  );
}
