import { setTimeout } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import { acceptJson, maxJsonBytes } from './bodies/json.ts';
import { answerClientError } from './connection/client-errors.ts';
import { RefusedBodies } from './connection/refused-bodies.ts';
import { createConnections } from './connection/server.ts';
import { sendProblem, sendProblems } from './problems/send.ts';
import { parseQuery } from './query.ts';
import { chooseRequestId } from './request-id.ts';
import { logRequestsLazily, RequestLines, withPrivateRequests } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { compileSchema } from './validation.ts';

/**
 * How much of a request body is read ahead, to be handled in one piece, and how much of a streamed response is
 * buffered.
 */
const readAheadBytes = 2 ** 18;

/** How long a connection stays open without a request: longer than the usual limit of proxies and load balancers. */
const keepAliveMs = 72_000;

/**
 * Creates the HTTP server, without routes: it parses JSON and queries, validates requests and sends every error as a
 * problem. When it is closed it accepts requests for `SHUTDOWN_DELAY_MS` more, during which `isClosing` is true.
 */
export function createServer(config: Config, logger: FastifyBaseLogger) {
  const bodies = new RefusedBodies(config.IDLE_TIMEOUT_MS);
  const app = Fastify({
    serverFactory: (handle) =>
      createConnections(handle, bodies, {
        headersTimeout: config.IDLE_TIMEOUT_MS,
        keepAliveTimeout: keepAliveMs,
        readAheadBytes,
      }),
    loggerInstance: withPrivateRequests(logger),
    logController: new RequestLines(logger),
    genReqId: chooseRequestId,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    bodyLimit: maxJsonBytes,
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket, bodies),
    frameworkErrors: sendProblem,
    return503OnClosing: false,
  }).withTypeProvider<TypeBoxTypeProvider>();
  logRequestsLazily(app.log);
  // A DELETE request names what to delete in its path: its body, if it has one, is left unread.
  app.addHttpMethod('DELETE', { hasBody: false, overrideExisting: true });
  app.setValidatorCompiler(compileSchema);
  app.addHook('onRoute', (route) => {
    // A serializer compiled from a union would check every value against every form.
    if (hasUnion(route.schema?.response)) route.serializerCompiler = () => JSON.stringify;
  });
  sendProblems(app);
  acceptJson(app);

  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    await setTimeout(config.SHUTDOWN_DELAY_MS);
    bodies.cutOffAll();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    // A connection that is kept alive would delay the end of the process.
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
  return { app, isClosing: () => isClosing };
}

function hasUnion(schemas: unknown): boolean {
  return JSON.stringify(schemas ?? {}).includes('"anyOf"');
}
