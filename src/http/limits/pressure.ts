import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { errorResponses } from '../schemas/openai.ts';

/** The load above which requests are refused; 0 disables a limit. */
export interface PressureLimits {
  /** The mean delay of the event loop, in milliseconds. */
  eventLoopDelay: number;
  /** The resident memory of the process, all threads included. */
  rssBytes: number;
}

/** Refuses authorised requests to this scope's routes with 503 while the service is overloaded. */
export function shedLoad(app: FastifyInstance, limits: PressureLimits): void {
  const maxDelay = limits.eventLoopDelay || Number.POSITIVE_INFINITY;
  const maxRss = limits.rssBytes || Number.POSITIVE_INFINITY;
  const load = measureLoad(app, Math.max(1000, 2 * limits.eventLoopDelay));
  const shed: onRequestHookHandler = (_request, _reply, done) => {
    if (load.eventLoopDelay > maxDelay) {
      done(overloaded(`its event loop is more than ${maxDelay} ms late (MAX_EVENT_LOOP_DELAY_MS)`));
    } else if (load.rssBytes > maxRss) {
      done(overloaded(`its memory is above ${maxRss} bytes (MAX_RSS_BYTES)`));
    } else done();
  };
  app.addHook('onRoute', (route) => {
    // After the hooks that check the key, which the enclosing scopes have added.
    route.onRequest = [...[route.onRequest ?? []].flat(), shed];
    route.schema = {
      ...route.schema,
      response: { ...(route.schema?.response as object), ...errorResponses(route.config?.errors)(503) },
    };
  });
}

/** How often the delay of the event loop is sampled, in milliseconds. */
const resolution = 10;

/** Measures the load of the process every `interval` milliseconds until the service closes. */
function measureLoad(app: FastifyInstance, interval: number): Readonly<PressureLimits> {
  const load: PressureLimits = { eventLoopDelay: 0, rssBytes: 0 };
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  const timer = setInterval(() => {
    load.eventLoopDelay = delayOf(histogram);
    load.rssBytes = process.memoryUsage.rss();
    histogram.reset();
  }, interval).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    histogram.disable();
  });
  return load;
}

/** The mean delay in milliseconds; 0 if none was sampled, as when the loop stood still from the start and now runs. */
function delayOf({ count, mean }: { count: number; mean: number }): number {
  return count === 0 ? 0 : Math.max(0, mean / 1e6 - resolution);
}

function overloaded(sign: string): NgramdError {
  return new NgramdError('unavailable', `The service is overloaded: ${sign}. Try again.`);
}
