import { blockNGrams } from '../../ngrams/block.ts';
import { BlockBatch } from '../../ngrams/block-batch.ts';
import { compareNGrams } from '../../ngrams/ngram-stream.ts';
import type { BlockSpill } from './block-spill.ts';
import { NGramSorter } from './ngram-sorter.ts';

/** How many n-grams are passed on at a time. */
export const batchNGrams = 64 * blockNGrams;

/**
 * Sorts n-grams of one order that come in any order, in parts of a million, which become runs of a spill file. A part
 * that continues the one before is in the same run, so that n-grams that come sorted are one run.
 */
export class SpilledSorter {
  readonly #spill: BlockSpill;
  readonly #sorter: NGramSorter;
  readonly #runs: number[] = [];
  /** The last n-gram of the last run. */
  readonly #last: Uint32Array;

  constructor(order: number, spill: BlockSpill) {
    this.#spill = spill;
    this.#sorter = new NGramSorter(order);
    this.#last = new Uint32Array(order);
  }

  /** Adds the n-gram that begins at `at` in `ids`. */
  add(ids: Uint32Array, at: number, count: number): void {
    this.#sorter.add(ids, at, count);
    if (this.#sorter.isFull) this.#spillPart();
  }

  /** Ends the n-grams; returns the runs, whose sum they are. */
  finish(): readonly number[] {
    if (this.#sorter.length > 0) this.#spillPart();
    return this.#runs;
  }

  #spillPart(): void {
    const stream = this.#sorter.take();
    const { order } = stream;
    stream.next();
    const continues = this.#runs.length > 0 && compareNGrams(this.#last, stream.ngram, order) < 0;
    const run = continues ? (this.#runs.at(-1) as number) : this.#spill.beginRun();
    if (!continues) this.#runs.push(run);
    const batch = new BlockBatch(order, blockNGrams);
    do {
      batch.add(stream.ngram, stream.count);
      if (batch.ngrams >= batchNGrams) this.#spill.add(batch.take(), run);
    } while (stream.next());
    if (batch.ngrams > 0) this.#spill.add(batch.take(), run);
    this.#last.set(stream.ngram);
  }
}
