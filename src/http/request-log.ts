import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/**
 * The logger with a serializer of requests that omits private data: headers, including keys and cookies, and the query,
 * which contains people's texts. At the levels `debug` and `trace` the whole URL is logged.
 */
export function withPrivateRequests(logger: FastifyBaseLogger): FastifyBaseLogger {
  const isWhole = logger.level === 'debug' || logger.level === 'trace';
  const req = ({ method, url, routeOptions, host, ip }: FastifyRequest) => ({
    method,
    path: url.split('?', 1)[0],
    route: routeOptions.url,
    ...(isWhole ? { url } : {}),
    host,
    remoteAddress: ip,
  });
  return logger.child({}, { serializers: { req } });
}
