import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { problemResponses } from '../schemas/problems.ts';

/** From which signs of overload on requests are refused; 0 is never. */
export interface PressureLimits {
  /** How late the event loop is on average, in milliseconds. */
  eventLoopDelay: number;
  /** The memory of the process, all threads together. */
  rssBytes: number;
}

/** Refuses requests to this scope's routes, of those who may make them, with 503 while the service is overloaded. */
export async function shedLoad(app: FastifyInstance, limits: PressureLimits): Promise<void> {
  const maxDelay = limits.eventLoopDelay || Number.POSITIVE_INFINITY;
  const maxRss = limits.rssBytes || Number.POSITIVE_INFINITY;
  // Without limits of its own the plugin only measures: its hook costs some microseconds a request.
  await app.register(underPressure, { sampleInterval: Math.max(1000, 2 * limits.eventLoopDelay) });
  const shed: onRequestHookHandler = (_request, _reply, done) => {
    const { eventLoopDelay, rssBytes } = app.memoryUsage();
    // An infinite delay was not measured: the loop stood still all the time, as it can at the start, and goes on now.
    if (eventLoopDelay > maxDelay && eventLoopDelay < Number.POSITIVE_INFINITY) {
      done(overloaded(`its event loop is more than ${maxDelay} ms late (MAX_EVENT_LOOP_DELAY_MS)`));
    } else if (rssBytes > maxRss) {
      done(overloaded(`its memory is above ${maxRss} bytes (MAX_RSS_BYTES)`));
    } else done();
  };
  app.addHook('onRoute', (route) => {
    // Behind the hooks that look at the key, which the scopes around this one have added.
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
