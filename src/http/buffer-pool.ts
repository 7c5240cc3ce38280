import type { FastifyReply } from 'fastify';

/** The smallest buffer that is kept, in bytes; smaller ones are quickly allocated. */
const leastBytes = 2 ** 18;

/** The maximum number of free buffers. */
const maxFree = 4;

/**
 * Reuses the buffers of earlier responses of several megabytes: allocating one and collecting it as garbage takes as long
 * as filling it.
 */
export class BufferPool {
  readonly #free: ArrayBuffer[] = [];

  /** Takes the largest free buffer; undefined if there is none. */
  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }

  /** Returns a buffer from which `reply` is sent to the pool, once all of it has been handed to the system. */
  giveBackAfter(reply: FastifyReply, memory: ArrayBuffer): void {
    if (memory.byteLength < leastBytes) return;
    reply.raw.once('finish', () => {
      this.#free.push(memory);
      this.#free.sort((a, b) => a.byteLength - b.byteLength);
      if (this.#free.length > maxFree) this.#free.shift();
    });
  }
}
