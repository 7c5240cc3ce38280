import type { FastifyReply } from 'fastify';

/** A signal that is aborted where the connection is closed before the whole answer has gone out. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
