import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { problemResponses } from '../problem.ts';

/** From which signs of overload on requests are refused; 0 is never. */
export interface PressureLimits {
  /** How late the event loop is on average, in milliseconds. */
  eventLoopDelay: number;
  /** The memory of the process, all threads together. */
  rssBytes: number;
}

/** Refuses this scope's requests with 503 while the service is overloaded. */
export async function shedLoad(app: FastifyInstance, limits: PressureLimits): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelay,
    maxRssBytes: limits.rssBytes,
    sampleInterval: Math.max(1000, 2 * limits.eventLoopDelay),
    pressureHandler: async (_request, _reply, type, value) => {
      // Nothing was measured: the loop stood still for all of the interval, as it can at the start, and goes on now.
      if (value === Number.POSITIVE_INFINITY) return;
      const sign =
        type === underPressure.TYPE_RSS_BYTES
          ? `its memory is above ${limits.rssBytes} bytes (MAX_RSS_BYTES)`
          : `its event loop is more than ${limits.eventLoopDelay} ms late (MAX_EVENT_LOOP_DELAY_MS)`;
      throw new NgramdError('unavailable', `The service is overloaded: ${sign}. Ask again.`);
    },
  });
  app.addHook('onRoute', (route) => {
    route.schema = {
      ...route.schema,
      response: { ...(route.schema?.response as object), ...problemResponses(503) },
    };
  });
}
