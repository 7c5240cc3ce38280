import { BlockBatch, type EncodedBlocks } from '../../ngrams/block-batch.ts';
import { CountsOfCounts } from '../../ngrams/counts-of-counts.ts';
import type { CountsOfCountsEntries, NGramSink } from '../../ngrams/ngram-sink.ts';
import { SliceCounter } from './slice-counter.ts';
import type { SlicedText } from './sliced-text.ts';

/** The n-grams of one order that a slice has. */
export interface CountedOrder {
  readonly blocks: EncodedBlocks;
  readonly countsOfCounts: CountsOfCountsEntries;
}

/** How n-grams are encoded: in blocks of at most so many; the id `contextOnly` alone has no count of counts. */
export interface Encoding {
  readonly blockNGrams: number;
  readonly contextOnly: number | undefined;
}

/** Counts all slices of a text, one after the other, into `sink`, and says when a slice is `done`. */
export function countSlices(
  text: SlicedText,
  sink: Pick<NGramSink, 'add'>,
  done: (slice: number) => void,
): void {
  const counter = new SliceCounter(text, sink);
  for (let slice = 0; slice < text.sizes.length; slice++) {
    counter.count(slice);
    done(slice);
  }
}

/** Counts single slices of a text and encodes what it counts. */
export class SliceEncoder {
  readonly #counter: SliceCounter;
  readonly #batches: BlockBatch[];
  #countsOfCounts: CountsOfCounts[] = [];

  constructor(text: SlicedText, { blockNGrams, contextOnly }: Encoding) {
    this.#batches = Array.from({ length: text.order }, (_, i) => new BlockBatch(i + 1, blockNGrams));
    this.#counter = new SliceCounter(text, {
      add: (ngram, count) => {
        const { length } = ngram;
        this.#batches[length - 1].add(ngram, count);
        if (length > 1 || ngram[0] !== contextOnly) this.#countsOfCounts[length - 1].add(count, 1);
      },
    });
  }

  /** The n-grams of a slice, order 1 first. */
  encode(slice: number): CountedOrder[] {
    this.#countsOfCounts = this.#batches.map(() => new CountsOfCounts());
    this.#counter.count(slice);
    return this.#batches.map((batch, i) => ({
      blocks: batch.take(),
      countsOfCounts: [...this.#countsOfCounts[i].entries()],
    }));
  }
}
