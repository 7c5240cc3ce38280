import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { maxHeaderBytes } from '../problems/framework-errors.ts';
import { answerConnect } from './client-errors.ts';
import { answering, ignoreError } from './exchange.ts';
import { continueWhenRead } from './expectations.ts';
import { announcesBody, type RefusedBodies } from './refused-bodies.ts';

export interface ConnectionSettings {
  /** How long the request line and the headers may take, in milliseconds. */
  headersTimeout: number;
  /** How long a connection stays open between two requests, in milliseconds. */
  keepAliveTimeout: number;
  /** How much of a body is read ahead of those who take it, and how much of an answer may wait for its caller. */
  readAheadBytes: number;
}

/**
 * An HTTP server whose clients get an answer to whatever they send. What Node.js would answer by itself, without a
 * body, is answered with a problem or handed on to `handle`: what `headError` finds is for `handle` to refuse.
 */
export function createConnections(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  bodies: RefusedBodies,
  { headersTimeout, keepAliveTimeout, readAheadBytes }: ConnectionSettings,
): Server {
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', ignoreError);
    response.on('error', ignoreError);
    answering.set(request.socket, response);
    if (announcesBody(request)) bodies.skipAfter(request, response);
    handle(request, response);
  };
  const server = createServer(
    {
      headersTimeout,
      keepAliveTimeout,
      // A body may take as long as it keeps coming (`cutOffIdleClients`), the headers before it may not.
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

/** Has Node.js close a connection in stages where it would close one whose client still sends a body. */
function closeInStages(socket: Socket, bodies: RefusedBodies): void {
  const { destroySoon } = socket;
  socket.destroySoon = () => {
    const request = answering.get(socket)?.req;
    if (request === undefined || request.complete || socket.readableEnded) destroySoon.call(socket);
    else bodies.close(socket);
  };
}
