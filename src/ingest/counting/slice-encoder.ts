import { BlockBatch, type EncodedBlocks } from '../../ngrams/block-batch.ts';
import { SliceCounter } from './slice-counter.ts';
import type { SlicedText } from './sliced-text.ts';

/** Counts single slices of a text and encodes their n-grams. */
export class SliceEncoder {
  readonly #counter: SliceCounter;
  readonly #batches: BlockBatch[];

  /** `blockNGrams` is the largest number of n-grams in a block. */
  constructor(text: SlicedText, blockNGrams: number) {
    const batches = Array.from({ length: text.order }, (_, i) => new BlockBatch(i + 1, blockNGrams));
    this.#batches = batches;
    this.#counter = new SliceCounter(text, (ngram, count) => batches[ngram.length - 1].add(ngram, count));
  }

  /** The n-grams of a slice, order 1 first. Slices are encoded in ascending order. */
  encode(slice: number): EncodedBlocks[] {
    this.#counter.count(slice);
    return this.#batches.filter(({ ngrams }) => ngrams > 0).map((batch) => batch.take());
  }
}

/** The n-grams of all slices of a text, one slice after the other. */
export function* encodeSlices(text: SlicedText, blockNGrams: number): Generator<EncodedBlocks[], void> {
  const encoder = new SliceEncoder(text, blockNGrams);
  for (let slice = 0; slice < text.sizes.length; slice++) yield encoder.encode(slice);
}
