import { blockNGrams } from '../../ngrams/block.ts';
import { type EncodedBlocks, encodeNGrams } from '../../ngrams/block-batch.ts';
import { UploadProgress } from '../upload-progress.ts';
import { BlockSpill } from './block-spill.ts';
import { CountingThreads } from './counting-threads.ts';
import { layOut, type WordStream } from './lay-out.ts';
import { encodeSlices } from './slice-encoder.ts';
import type { SlicedText } from './sliced-text.ts';

/** How a text is cut up to be counted. The counts do not depend on it. */
export interface CountingSizes {
  /** The number of tokens that are counted at a time: about 5 bytes of memory each. */
  blockTokens: number;
  /** The number of positions that are sorted at a time. */
  slicePositions: number;
  /** From this many tokens on, threads count. */
  manyTokens: number;
  /** The largest number of n-grams in an encoded block. */
  blockNGrams: number;
}

const defaultSizes: CountingSizes = {
  blockTokens: 3 * 2 ** 23,
  slicePositions: 2 ** 19,
  manyTokens: 2 ** 20,
  blockNGrams,
};

/** How texts are counted. */
export interface CountingOptions {
  order: number;
  /** The file for the counts of a text longer than one block, until they are merged. */
  spillPath: string;
  sizes?: CountingSizes | undefined;
  /** Records what has been counted, and ends the counting when its upload is cancelled. */
  progress?: UploadProgress | undefined;
}

/**
 * The n-grams of texts with their counts, as one run of encoded blocks that can be read once. Threads count a long text;
 * they start with `begin`.
 */
export class TextCounter implements AsyncIterable<EncodedBlocks> {
  readonly #text: WordStream;
  readonly #order: number;
  readonly #spillPath: string;
  readonly #sizes: CountingSizes;
  readonly #progress: UploadProgress;
  /** The block of tokens that is being counted. */
  #block: CountedBlock;

  private constructor(text: WordStream, options: CountingOptions, first: CountedBlock) {
    this.#text = text;
    this.#order = options.order;
    this.#spillPath = options.spillPath;
    this.#sizes = options.sizes ?? defaultSizes;
    this.#progress = options.progress ?? new UploadProgress();
    this.#block = first;
  }

  /** Begins to count texts. `close` has to be called, whether or not all blocks are read. */
  static async begin(text: WordStream, options: CountingOptions): Promise<TextCounter> {
    const { order, sizes = defaultSizes } = options;
    return new TextCounter(text, options, await beginBlock(text, order, 0, sizes));
  }

  /** Throws `cancelled` soon after the upload is, and `unavailable` if a thread dies. */
  [Symbol.asyncIterator](): AsyncIterator<EncodedBlocks, void> {
    return this.#text.length <= this.#sizes.blockTokens ? this.#counted() : this.#merged();
  }

  /** Stops the threads. */
  async close(): Promise<void> {
    await this.#block.threads?.close();
  }

  /** The n-grams of the current block of tokens. */
  async *#counted(): AsyncGenerator<EncodedBlocks, void> {
    const { text, tokens, slices } = this.#block;
    const positions = text.sizes.reduce((sum, size) => sum + size, 0);
    let slice = 0;
    let done = 0;
    let reported = 0;
    for await (const ofSlice of slices) {
      yield* ofSlice;
      done += text.sizes[slice++];
      const counted = Math.floor((tokens * done) / positions);
      this.#progress.addCounted(counted - reported);
      reported = counted;
    }
  }

  /** The n-grams of all blocks of tokens, merged from a file. */
  async *#merged(): AsyncGenerator<EncodedBlocks, void> {
    const { blockTokens, blockNGrams } = this.#sizes;
    const spill = new BlockSpill(this.#spillPath);
    try {
      for (let start = 0; start < this.#text.length; start += blockTokens) {
        if (start > 0) this.#block = await beginBlock(this.#text, this.#order, start, this.#sizes);
        spill.beginRun();
        for await (const blocks of this.#counted()) {
          this.#progress.checkpoint();
          spill.add(blocks);
        }
        await this.close();
      }
      this.#progress.enter('merging');
      for (let order = 1; order <= this.#order; order++)
        yield* encodeNGrams(spill.merged(order), blockNGrams);
    } finally {
      spill.dispose();
    }
  }
}

/** A block of tokens that is being counted. */
interface CountedBlock {
  readonly text: SlicedText;
  readonly tokens: number;
  readonly threads?: CountingThreads;
  /** The n-grams of each slice. */
  readonly slices: AsyncIterable<readonly EncodedBlocks[]> | Iterable<readonly EncodedBlocks[]>;
}

/** Begins to count the block of tokens at `start`. */
async function beginBlock(
  words: WordStream,
  order: number,
  start: number,
  { blockTokens, slicePositions, manyTokens, blockNGrams }: CountingSizes,
): Promise<CountedBlock> {
  const end = Math.min(start + blockTokens, words.length);
  const text = await layOut(words, order, start, end, slicePositions);
  const tokens = end - start;
  if (tokens < manyTokens) return { text, tokens, slices: encodeSlices(text, blockNGrams) };
  const threads = new CountingThreads(text, blockNGrams);
  return { text, tokens, threads, slices: threads };
}
