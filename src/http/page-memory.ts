import type { FastifyReply } from 'fastify';

/** From how many bytes on memory is worth keeping; less is allocated anew in no time. */
const leastBytes = 2 ** 18;

/** How many pieces of memory wait for the next answers at most. */
const maxFree = 4;

/**
 * Gives answers of some megabytes the memory of earlier ones. To have it from the system, and to have it collected as
 * garbage, takes as long as to fill it.
 */
export class PageMemory {
  readonly #free: ArrayBuffer[] = [];

  /** Memory for an answer, the largest that is free; undefined where none is. */
  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }

  /** Takes memory that `reply` is answered from. It is free when all of the answer has been handed to the system. */
  giveBackAfter(reply: FastifyReply, memory: ArrayBuffer): void {
    if (memory.byteLength < leastBytes) return;
    reply.raw.once('finish', () => {
      this.#free.push(memory);
      this.#free.sort((a, b) => a.byteLength - b.byteLength);
      if (this.#free.length > maxFree) this.#free.shift();
    });
  }
}
