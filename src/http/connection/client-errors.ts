import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { NgramdError } from '../../errors.ts';
import { toProblem } from '../problems/problem.ts';
import { newRequestId } from '../request-id.ts';
import { answering, ignoreError } from './exchange.ts';
import type { RefusedBodies } from './refused-bodies.ts';

/** The connections on which something other than HTTP was received. */
const broken = new WeakSet<Socket>();

/**
 * Answers anything that is not an HTTP request, or not a complete one in time, with a problem, and closes the
 * connection. If it is the body of a request that is being handled, its reader gets the error and answers. If the
 * answer is already being sent, it is broken off, so that nothing else can be mistaken for a part of it.
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  bodies: RefusedBodies,
): void {
  // The parser fails again on everything that follows the first error.
  if (broken.has(socket)) return;
  broken.add(socket);
  const response = answering.get(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
  } else if (response === undefined || response.writableFinished) {
    answerAndClose(error, socket, bodies);
  } else if (response.req.complete) {
    // The bytes after the request are invalid: the request is answered first.
    response.once('close', () => answerAndClose(error, socket, bodies));
  } else if (response.headersSent) {
    socket.destroy();
  } else if (error.code === 'HPE_INVALID_EOF_STATE') {
    // A client that stops sending has usually disconnected, which its reader notices by the end of the connection.
    answerAndClose(cutOff(), socket, bodies);
  } else {
    response.setHeader('connection', 'close');
    if (!failReader(response.req, error)) answerAndClose(error, socket, bodies);
  }
}

/** Passes an error to the reader of a request's body. Returns whether there is one. */
export function failReader(request: IncomingMessage, error: Error): boolean {
  const isRead = request.listeners('error').some((listener) => listener !== ignoreError);
  if (isRead) request.emit('error', error);
  return isRead;
}

/** Refuses CONNECT, which requests a tunnel. */
export function answerConnect(socket: Socket, bodies: RefusedBodies): void {
  socket.on('error', () => socket.destroy());
  answerAndClose(
    new NgramdError('invalid-request', 'This server is not a proxy and does not support CONNECT.'),
    socket,
    bodies,
  );
}

function cutOff(): NgramdError {
  return new NgramdError('upload-cut-off', 'The body ended before it was complete.');
}

function answerAndClose(error: Error, socket: Socket, bodies: RefusedBodies): void {
  if (!socket.writable) return;
  const problem = toProblem(error, newRequestId());
  const body = JSON.stringify(problem);
  socket.write(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${problem.instance}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  bodies.close(socket);
}
