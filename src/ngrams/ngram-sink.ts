import type { EncodedBlocks } from './block-batch.ts';
import type { NGramStream } from './ngram-stream.ts';

/**
 * Takes the distinct n-grams of a run with their counts: those of one order in rising order of their ids, those of
 * different orders in between each other.
 */
export interface NGramSink {
  /** Takes an n-gram, valid during the call. */
  add(ngram: Uint32Array, count: number): void;
  /** Takes n-grams of one order that are encoded already. */
  addBlocks(blocks: EncodedBlocks, countsOfCounts: CountsOfCountsEntries): void;
}

/** How many n-grams occur how often. */
export type CountsOfCountsEntries = readonly (readonly [count: number, ngrams: number])[];

/** Adds all n-grams of streams. */
export function addStreams(streams: readonly NGramStream[], sink: Pick<NGramSink, 'add'>): void {
  for (const stream of streams) {
    while (stream.next()) sink.add(stream.ngram, stream.count);
  }
}
