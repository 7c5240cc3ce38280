import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/**
 * The logger with requests described by what may be kept: no headers, and so no keys and cookies, and no query, since
 * it holds people's texts. Where the level is `debug` or `trace`, the whole address.
 */
export function discreetly(logger: FastifyBaseLogger): FastifyBaseLogger {
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
