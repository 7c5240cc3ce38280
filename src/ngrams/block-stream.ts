import { BlockDecoder } from './block.ts';
import type { EncodedBlocks } from './block-batch.ts';
import { type NGramStream, readNGramKey } from './ngram-stream.ts';

/** The parts of encoded blocks that are needed to decode their n-grams. */
export type BlockBytes = Pick<EncodedBlocks, 'firsts' | 'ends' | 'data'>;

/** The n-grams of one order in blocks, which arrive in batches. */
export class BlockStream implements NGramStream {
  readonly order: number;
  readonly #batches: Iterator<BlockBytes, unknown>;
  readonly #decoder: BlockDecoder;
  readonly #first: Uint32Array;
  #batch: BlockBytes | undefined;
  /** The index of the next block in the batch. */
  #block = 0;

  constructor(order: number, batches: Iterable<BlockBytes>) {
    this.order = order;
    this.#batches = batches[Symbol.iterator]();
    this.#decoder = new BlockDecoder(order);
    this.#first = new Uint32Array(order);
  }

  get ngram(): Uint32Array {
    return this.#decoder.ngram;
  }

  get count(): number {
    return this.#decoder.count;
  }

  next(): boolean {
    while (!this.#decoder.next()) if (!this.#nextBlock()) return false;
    return true;
  }

  /** Opens the next block; false at the end. */
  #nextBlock(): boolean {
    while (this.#batch === undefined || this.#block === this.#batch.ends.length) {
      const { value, done } = this.#batches.next();
      if (done === true) return false;
      this.#batch = value;
      this.#block = 0;
    }
    const { firsts, ends, data } = this.#batch;
    const keyBytes = 4 * this.order;
    readNGramKey(firsts.subarray(this.#block * keyBytes, (this.#block + 1) * keyBytes), this.#first);
    this.#decoder.open(this.#first, data.subarray(ends[this.#block - 1] ?? 0, ends[this.#block]));
    this.#block++;
    return true;
  }
}
