import { copyRows } from './copy-rows.ts';
import { npyHeader } from './npy.ts';
import type { PagePlan } from './page.ts';

/**
 * The size of a part in bytes, unless a row is longer: small enough for the processor's cache, and filled in a fraction
 * of a millisecond.
 */
export const partBytes = 2 ** 19;

/** Memory with some bytes of a page at its beginning. */
export interface PagePart {
  memory: ArrayBuffer;
  length: number;
}

/** A page of minibatches as a NumPy file that is written part by part, from tokens in memory. */
export class NpyPage {
  /** The size of the file. */
  readonly bytes: number;
  readonly #header: Buffer;
  readonly #stream: { tokens: Int32Array; firsts: Float64Array };
  readonly #plan: PagePlan;
  readonly #rows: number;

  /** Row i of all rows of x begins at `firsts[i]` of `tokens`. */
  constructor(plan: PagePlan, tokens: Int32Array, firsts: Float64Array) {
    const { batches, batchSize, numSteps } = plan;
    this.#plan = plan;
    this.#stream = { tokens, firsts };
    this.#rows = 2 * firsts.length;
    this.#header = npyHeader([batches, 2, batchSize, numSteps]);
    this.bytes = this.#header.length + this.#rows * 4 * numSteps;
  }

  /** The parts of the file, in memory that `allocate` returns for that many bytes or more. */
  *parts(allocate: (bytes: number) => ArrayBuffer): Generator<PagePart, void> {
    const rowBytes = 4 * this.#plan.numSteps;
    const rowsOfPart = Math.max(1, Math.floor((partBytes - this.#header.length) / rowBytes));
    let from = 0;
    do {
      const to = Math.min(from + rowsOfPart, this.#rows);
      const start = from === 0 ? this.#header.length : 0;
      const memory = allocate(start + (to - from) * rowBytes);
      if (from === 0) new Uint8Array(memory).set(this.#header);
      const target = new DataView(memory);
      yield { memory, length: copyRows(this.#stream, this.#plan, { from, to }, target, start) };
      from = to;
    } while (from < this.#rows);
  }
}
