import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { levels } from 'pino';

/**
 * The logger with a serializer of requests that omits private data: headers, including keys and cookies, and the query,
 * which contains people's texts. At the levels `debug` and `trace` the whole URL is logged.
 */
export function withPrivateRequests(logger: FastifyBaseLogger): FastifyBaseLogger {
  const isWhole = isDetailed(logger);
  const req = ({ method, url, routeOptions, host, ip }: FastifyRequest) => ({
    method,
    path: pathOf(url),
    route: routeOptions.url,
    url: isWhole ? url : undefined,
    host,
    remoteAddress: ip,
  });
  return logger.child({}, { serializers: { req } });
}

/**
 * Writes one line for each request, when it has been answered; at the levels `debug` and `trace` also one when it
 * arrives.
 */
export class RequestLines extends LogController {
  readonly #isDetailed: boolean;

  constructor(logger: FastifyBaseLogger) {
    super();
    this.#isDetailed = isDetailed(logger);
  }

  override incomingRequest(request: FastifyRequest): void {
    if (this.#isDetailed) request.log.debug({ req: request }, 'incoming request');
  }

  override requestCompleted(error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    const responseTime = reply.elapsedTime;
    if (error) {
      request.log.error({ req: request, res: reply, responseTime, err: error }, 'request errored');
    } else {
      const line = { reqId: request.id, req: request, res: reply, responseTime };
      (request.log as RequestLogger).lastLine(line, 'request completed');
    }
  }
}

/**
 * Makes `logger`, which is Fastify's, create a `RequestLogger` for each request. Fastify would check the methods of
 * every logger from a factory of ours, which takes longer than to create it.
 */
export function logRequestsLazily(logger: FastifyBaseLogger): void {
  const child = logger.child.bind(logger);
  logger.child = (bindings, options) =>
    new RequestLogger(logger, () => child(bindings, options), options?.level);
}

/**
 * The logger of one request, which adds its id to each line. A logger of pino with bindings of its own takes longer to
 * create than to write a line, so it is created only when a route logs something.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #create: () => FastifyBaseLogger;
  readonly #level: string | undefined;
  #own: FastifyBaseLogger | undefined;

  /** `create` makes a logger with the request's id; `level` is that of the route, if it has one of its own. */
  constructor(parent: FastifyBaseLogger, create: () => FastifyBaseLogger, level: string | undefined) {
    this.#parent = parent;
    this.#create = create;
    this.#level = level;
  }

  /** Writes a line at level `info`, the last one of the request, with its id among the fields. */
  lastLine(fields: object, message: string): void {
    if (this.#level === undefined || levels.values[this.#level] <= levels.values.info) {
      this.#parent.info(fields, message);
    }
  }

  get level(): string {
    return this.#logger.level;
  }

  fatal(...line: unknown[]): void {
    this.#write('fatal', line);
  }

  error(...line: unknown[]): void {
    this.#write('error', line);
  }

  warn(...line: unknown[]): void {
    this.#write('warn', line);
  }

  info(...line: unknown[]): void {
    this.#write('info', line);
  }

  debug(...line: unknown[]): void {
    this.#write('debug', line);
  }

  trace(...line: unknown[]): void {
    this.#write('trace', line);
  }

  silent(): void {}

  child(...settings: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(...settings);
  }

  get #logger(): FastifyBaseLogger {
    this.#own ??= this.#create();
    return this.#own;
  }

  #write(level: keyof typeof levels.values, line: unknown[]): void {
    const logger = this.#logger as unknown as Record<string, (...line: unknown[]) => void>;
    logger[level](...line);
  }
}

function isDetailed({ level }: FastifyBaseLogger): boolean {
  return level === 'debug' || level === 'trace';
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
