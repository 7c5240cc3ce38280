import type { FastifyReply } from 'fastify';

/** From how many bytes on memory is worth keeping; less is allocated anew in no time. */
const leastBytes = 2 ** 18;

/** How many pieces of memory wait for the next answers at most. */
const maxFree = 4;

/** Memory for the bytes of an answer, whatever is in it. */
export type Allocate = (bytes: number) => Buffer;

/**
 * Gives answers of some megabytes the memory of earlier ones. To have it from the system, and to have it collected as
 * garbage, takes as long as to fill it.
 */
export class PageMemory {
  readonly #free: ArrayBuffer[] = [];

  /** Memory that `reply` is answered from. It is used again when all of the answer has been handed to the system. */
  of(reply: FastifyReply): Allocate {
    return (bytes) => {
      if (bytes < leastBytes) return Buffer.allocUnsafeSlow(bytes);
      const found = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
      const [memory] = found < 0 ? [new ArrayBuffer(bytes)] : this.#free.splice(found, 1);
      reply.raw.once('finish', () => {
        this.#free.push(memory);
        if (this.#free.length > maxFree) this.#free.shift();
      });
      return Buffer.from(memory, 0, bytes);
    };
  }
}
