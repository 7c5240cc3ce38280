import { finished } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';

/** A signal that is aborted when the connection is closed before the whole response has been sent. */
export function disconnectSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const close = () => {
    if (!raw.writableFinished) controller.abort();
  };
  if (raw.closed) close();
  else raw.once('close', close);
  return controller.signal;
}

/** Resolves when the whole response has been sent or the connection is closed. */
export function closed({ raw }: FastifyReply): Promise<void> {
  return finished(raw).catch(() => {});
}
