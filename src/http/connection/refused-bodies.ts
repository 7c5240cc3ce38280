import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How much of a body is skipped after its request has been answered, in bytes. */
const maxSkippedBytes = 2 ** 30;

/** For how many idle timeouts a body is skipped at most, however steadily it comes. */
const maxSkippedTimeouts = 10;

/** How often a connection whose body is skipped is looked at, in milliseconds. */
const lookInterval = 1000;

/** Whether a request announces a body. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Lets the clients of a server read an answer that comes before all of their body is sent. Most send everything before
 * they look for an answer, and closing a connection on which bytes wait unread resets it, so that the answer is lost.
 * Hence the rest of the body is skipped, and a connection that is to be closed is closed in stages (RFC 9112, 9.6): this
 * side first, the other when the client has closed its own. A connection is cut off when nothing comes for the idle
 * timeout, after `maxBytes`, and after `maxSkippedTimeouts` idle timeouts.
 */
export class RefusedBodies {
  readonly #idleTimeout: number;
  readonly #maxBytes: number;
  readonly #skipping = new Set<Socket>();

  /** `idleTimeout` is in milliseconds. */
  constructor(idleTimeout: number, maxBytes = maxSkippedBytes) {
    this.#idleTimeout = idleTimeout;
    this.#maxBytes = maxBytes;
  }

  /** Skips what is left of the body of this request when it is answered. */
  skipAfter(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.once('finish', () => {
      if (request.complete || this.#skipping.has(socket)) return;
      // A reader that failed has destroyed it, and the parser has nobody to hand the rest to.
      if (request.destroyed) this.close(socket);
      else {
        request
          .unpipe()
          .removeAllListeners('readable')
          .on('data', () => {})
          .resume();
        this.#cutOff(socket, () => request.complete);
      }
    });
  }

  /** Closes a connection in stages. Nothing that still comes is looked at. */
  close(socket: Socket): void {
    if (this.#skipping.has(socket)) return;
    // What comes is no longer for the parser: a request behind the one that was refused must not be begun.
    socket.removeAllListeners('data').removeAllListeners('end').setTimeout(0);
    socket.on('data', () => {}).once('end', () => destroyWhenSent(socket));
    socket.end();
    if (socket.readableEnded) destroyWhenSent(socket);
    else {
      // The parser took its bytes past the stream, which still waits for them, and may have stopped reading.
      socket.push('');
      socket.resume();
    }
    this.#cutOff(socket, () => false);
  }

  /** Cuts off those whose bodies are being skipped. */
  cutOffAll(): void {
    for (const socket of this.#skipping) socket.destroy();
  }

  #cutOff(socket: Socket, isOver: () => boolean): void {
    this.#skipping.add(socket);
    const begun = { at: performance.now(), bytes: socket.bytesRead };
    let last = begun;
    const look = () => {
      if (isOver()) return stop();
      const now = { at: performance.now(), bytes: socket.bytesRead };
      if (now.bytes !== last.bytes) last = now;
      const isIdle = now.at - last.at >= this.#idleTimeout;
      const isLong = now.at - begun.at >= maxSkippedTimeouts * this.#idleTimeout;
      if (isIdle || isLong || now.bytes - begun.bytes > this.#maxBytes) socket.destroy();
    };
    const looks = setInterval(look, Math.min(lookInterval, this.#idleTimeout)).unref();
    const stop = () => {
      clearInterval(looks);
      socket.off('close', stop);
      this.#skipping.delete(socket);
    };
    socket.once('close', stop);
  }
}

function destroyWhenSent(socket: Socket): void {
  if (socket.writableFinished) socket.destroy();
  else socket.once('finish', () => socket.destroy());
}
