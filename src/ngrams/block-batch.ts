import { BlockEncoder } from './block.ts';
import { CountsOfCounts, type CountsOfCountsEntries } from './counts-of-counts.ts';
import { type NGramStream, ngramKey } from './ngram-stream.ts';

/** Neighbouring blocks of one order; block i has the bytes from `ends[i - 1]` to `ends[i]` of `data`. */
export interface EncodedBlocks {
  readonly order: number;
  /** The number of n-grams in all of them. */
  readonly ngrams: number;
  /** The key of each block's first n-gram, one after the other. */
  readonly firsts: Uint8Array;
  /** The highest count in each block. */
  readonly peaks: readonly number[];
  readonly ends: readonly number[];
  readonly data: Uint8Array;
  readonly countsOfCounts: CountsOfCountsEntries;
}

/** How many bytes the data of all blocks takes. */
export function dataBytes(batches: readonly EncodedBlocks[]): number {
  return batches.reduce((sum, { data }) => sum + data.length, 0);
}

/** The number of blocks in a batch of `encodeNGrams`. */
const batchBlocks = 64;

/** Encodes all n-grams of a stream, in blocks of at most `blockNGrams`. */
export function* encodeNGrams(stream: NGramStream, blockNGrams: number): Generator<EncodedBlocks, void> {
  const batch = new BlockBatch(stream.order, blockNGrams);
  while (stream.next()) {
    batch.add(stream.ngram, stream.count);
    if (batch.ngrams === batchBlocks * blockNGrams) yield batch.take();
  }
  if (batch.ngrams > 0) yield batch.take();
}

/** Packs n-grams of one order, added in ascending order, into blocks, and keeps the blocks until they are taken. */
export class BlockBatch {
  readonly #order: number;
  readonly #encoder: BlockEncoder;
  #firsts: Buffer[] = [];
  #peaks: number[] = [];
  #ends: number[] = [];
  #data = new Uint8Array(1 << 12);
  #length = 0;
  #closed = 0;
  #countsOfCounts = new CountsOfCounts();

  constructor(order: number, blockNGrams: number) {
    this.#order = order;
    this.#encoder = new BlockEncoder(order, blockNGrams);
  }

  /** The number of n-grams in the blocks that have not been taken. */
  get ngrams(): number {
    return this.#closed + this.#encoder.size;
  }

  add(ngram: Uint32Array, count: number): void {
    if (this.#encoder.size === 0) this.#firsts.push(ngramKey(ngram));
    this.#encoder.add(ngram, count);
    this.#countsOfCounts.add(count, 1);
    if (this.#encoder.isFull) this.#close();
  }

  /** Returns the blocks so far, the last of which may hold fewer n-grams, and empties the batch. */
  take(): EncodedBlocks {
    if (this.#encoder.size > 0) this.#close();
    const blocks = {
      order: this.#order,
      ngrams: this.ngrams,
      firsts: new Uint8Array(Buffer.concat(this.#firsts)),
      peaks: this.#peaks,
      ends: this.#ends,
      data: this.#data.slice(0, this.#length),
      countsOfCounts: [...this.#countsOfCounts.entries()],
    };
    this.#firsts = [];
    this.#peaks = [];
    this.#ends = [];
    this.#length = 0;
    this.#closed = 0;
    this.#countsOfCounts = new CountsOfCounts();
    return blocks;
  }

  #close(): void {
    this.#closed += this.#encoder.size;
    this.#peaks.push(this.#encoder.peak);
    const bytes = this.#encoder.take();
    const length = this.#length + bytes.length;
    if (length > this.#data.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(bytes, this.#length);
    this.#length = length;
    this.#ends.push(length);
  }
}
