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

/** Writes one line for each request, when it has been answered; at the levels `debug` and `trace` also one when it arrives. */
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
    const line = { req: request, res: reply, responseTime: reply.elapsedTime };
    if (error) request.log.error({ ...line, err: error }, 'request errored');
    else (request.log as RequestLogger).lastLine(line, 'request completed');
  }
}

/**
 * The logger of one request, which adds its id to each line. A logger of pino with bindings of its own takes longer to
 * create than to write a line, so it is created only when a route logs something.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Readonly<Record<string, unknown>>;
  readonly #level: string | undefined;
  #own: FastifyBaseLogger | undefined;

  /** `level` is that of the route, if it has one of its own. */
  constructor(
    parent: FastifyBaseLogger,
    bindings: Readonly<Record<string, unknown>>,
    level: string | undefined,
  ) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#level = level;
  }

  /** Writes a line at level `info`, the last one of the request. */
  lastLine(fields: object, message: string): void {
    if (this.#level === undefined || levels.values[this.#level] <= levels.values.info) {
      this.#parent.info(Object.assign({}, this.#bindings, fields), message);
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
    const options = this.#level === undefined ? {} : { level: this.#level };
    this.#own ??= this.#parent.child(this.#bindings, options);
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
