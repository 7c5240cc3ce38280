import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { maxHeaderBytes } from '../problems/framework-errors.ts';
import { answerConnect } from './client-errors.ts';
import { answering, ignoreError } from './exchange.ts';
import { continueWhenRead } from './expectations.ts';
import { announcesBody, type RefusedBodies } from './refused-bodies.ts';

export interface ConnectionSettings {
  /** The time limit for the request line and the headers, in milliseconds. */
  headersTimeout: number;
  /** How long a connection stays open between two requests, in milliseconds. */
  keepAliveTimeout: number;
  /** How many bytes of a body are read ahead, and how many bytes of an answer may be buffered for its caller. */
  readAheadBytes: number;
}

/**
 * An HTTP server whose clients get an answer whatever they send. Requests that Node.js would answer itself, without a
 * body, are answered with a problem or passed to `handle`, which refuses requests with a `headError`.
 */
export function createConnections(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  bodies: RefusedBodies,
  { headersTimeout, keepAliveTimeout, readAheadBytes }: ConnectionSettings,
): Server {
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', ignoreError);
    answering.set(request.socket, response);
    const hasBody = announcesBody(request);
    // Nothing reads a GET without a body, and Node.js emits no error of a request that nobody listens to.
    if (hasBody || request.method !== 'GET') request.on('error', ignoreError);
    if (hasBody) bodies.skipAfter(request, response);
    handle(request, response);
  };
  const server = createServer(
    {
      headersTimeout,
      keepAliveTimeout,
      // A body may take as long as it keeps arriving (`cutOffIdleClients`), but the headers have a time limit.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(headersTimeout, 30_000),
      maxHeaderSize: maxHeaderBytes,
      highWaterMark: readAheadBytes,
      requireHostHeader: false,
    },
    begin,
  );
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response);
    begin(request, response);
  });
  server.on('checkExpectation', begin);
  server.on('connect', (_request, socket: Socket) => answerConnect(socket, bodies));
  server.on('connection', (socket: Socket) => closeInStages(socket, bodies));
  return server;
}

/** Makes Node.js close a connection in stages when it would close one whose client is still sending a body. */
function closeInStages(socket: Socket, bodies: RefusedBodies): void {
  const { destroySoon } = socket;
  socket.destroySoon = () => {
    const request = answering.get(socket)?.req;
    if (request === undefined || request.complete || socket.readableEnded) destroySoon.call(socket);
    else bodies.close(socket);
  };
}
