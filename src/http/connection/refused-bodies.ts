import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The maximum number of bytes of a body that are skipped after its request has been answered. */
const maxSkippedBytes = 2 ** 30;

/** The maximum number of idle timeouts for which a body is skipped, however steadily it arrives. */
const maxSkippedTimeouts = 10;

/** How often a connection whose body is being skipped is checked, in milliseconds. */
const lookInterval = 1000;

/** Whether a request announces a body. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Lets clients read an answer that is sent before they have sent all of their body. Most clients send everything before
 * they read, and closing a connection with unread bytes resets it, so that the answer would be lost. Therefore the rest
 * of the body is skipped, and the connection is closed in stages (RFC 9112, 9.6): this side first, the other when the
 * client has closed its own. A connection is cut off when nothing arrives for the idle timeout, after `maxBytes`, and
 * after `maxSkippedTimeouts` idle timeouts.
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

  /** Skips the rest of this request's body when it has been answered. */
  skipAfter(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.once('finish', () => {
      if (request.complete || this.#skipping.has(socket)) return;
      // A reader that failed has destroyed the stream, so the parser cannot deliver the rest.
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

  /** Closes a connection in stages. Everything that still arrives is ignored. */
  close(socket: Socket): void {
    if (this.#skipping.has(socket)) return;
    // The parser gets nothing more: a request after the refused one must not be started.
    socket.removeAllListeners('data').removeAllListeners('end').setTimeout(0);
    socket.on('data', () => {}).once('end', () => destroyWhenSent(socket));
    socket.end();
    if (socket.readableEnded) destroyWhenSent(socket);
    else {
      // The parser consumed bytes directly, bypassing the stream, which may have stopped reading.
      socket.push('');
      socket.resume();
    }
    this.#cutOff(socket, () => false);
  }

  /** Cuts off the connections whose bodies are being skipped. */
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
