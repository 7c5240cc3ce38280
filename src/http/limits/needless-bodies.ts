import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { announcesBody } from '../connection/refused-bodies.ts';
import { problemResponses } from '../schemas/problems.ts';

/** The maximum size in bytes of a body on a route that takes none. */
const maxNeedlessBytes = 16 * 2 ** 20;

/**
 * Makes each DELETE route registered from now on wait for the body that a request announces, which is discarded, before
 * it changes anything: a request that was not sent completely has no effect.
 */
export function awaitNeedlessBodies(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method !== 'DELETE') return;
    route.onRequest = [...[route.onRequest ?? []].flat(), needlessBody];
    route.schema = {
      ...route.schema,
      response: { ...(route.schema?.response as object), ...problemResponses(413) },
    };
  });
}

async function needlessBody({ raw }: FastifyRequest): Promise<void> {
  if (!announcesBody(raw)) return;
  if (Number(raw.headers['content-length'] ?? 0) > maxNeedlessBytes) throw tooLarge();
  let bytes = 0;
  for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxNeedlessBytes) throw tooLarge();
  }
}

function tooLarge(): NgramdError {
  return new NgramdError(
    'content-too-large',
    `This request takes no body: a body is ignored, and may have at most ${maxNeedlessBytes} bytes.`,
  );
}
