import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { problemResponses } from '../schemas/problems.ts';

/** The limits above which requests are refused; 0 disables a limit. */
export interface PressureLimits {
  /** The mean delay of the event loop, in milliseconds. */
  eventLoopDelay: number;
  /** The memory of the process with all threads, in bytes. */
  rssBytes: number;
}

/** Refuses authorised requests to this scope's routes with 503 while the service is overloaded. */
export async function shedLoad(app: FastifyInstance, limits: PressureLimits): Promise<void> {
  const maxDelay = limits.eventLoopDelay || Number.POSITIVE_INFINITY;
  const maxRss = limits.rssBytes || Number.POSITIVE_INFINITY;
  // Without limits of its own the plugin only measures: its hook costs some microseconds a request.
  await app.register(underPressure, { sampleInterval: Math.max(1000, 2 * limits.eventLoopDelay) });
  const shed: onRequestHookHandler = (_request, _reply, done) => {
    const { eventLoopDelay, rssBytes } = app.memoryUsage();
    // An infinite delay was not measured: the loop was blocked all the time, as can happen at the start, and runs again.
    if (eventLoopDelay > maxDelay && eventLoopDelay < Number.POSITIVE_INFINITY) {
      done(overloaded(`its event loop is more than ${maxDelay} ms late (MAX_EVENT_LOOP_DELAY_MS)`));
    } else if (rssBytes > maxRss) {
      done(overloaded(`its memory is above ${maxRss} bytes (MAX_RSS_BYTES)`));
    } else done();
  };
  app.addHook('onRoute', (route) => {
    // After the hooks that check the key, which the enclosing scopes have added.
    route.onRequest = [...[route.onRequest ?? []].flat(), shed];
    route.schema = {
      ...route.schema,
      response: { ...(route.schema?.response as object), ...problemResponses(503) },
    };
  });
}

function overloaded(sign: string): NgramdError {
  return new NgramdError('unavailable', `The service is overloaded: ${sign}. Ask again.`);
}
