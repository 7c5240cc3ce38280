import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/**
 * The logger with a serializer of requests that leaves out what is private: headers, and with them keys and cookies, and
 * the query, which holds people's texts. At the levels `debug` and `trace` the whole address is logged.
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
