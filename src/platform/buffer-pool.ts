/** The smallest buffer that is kept, in bytes; smaller ones are quickly allocated. */
const leastBytes = 2 ** 18;

/**
 * Reuses the buffers of earlier answers: allocating large ones and collecting them as garbage takes as long as filling
 * them.
 */
export class BufferPool {
  readonly #maxFree: number;
  readonly #free: ArrayBuffer[] = [];

  /** `maxFree` is the maximum number of free buffers. */
  constructor(maxFree: number) {
    this.#maxFree = maxFree;
  }

  /** Takes the largest free buffer; undefined if there is none. */
  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }

  /** Returns a buffer to the pool: nothing may read it any more. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.byteLength < leastBytes) return;
    this.#free.push(memory);
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
    if (this.#free.length > this.#maxFree) this.#free.shift();
  }
}
