import { BlockColumns } from '../../ngrams/block-columns.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import { compareNGrams, type NGramStream } from '../../ngrams/ngram-stream.ts';
import { spend } from '../../platform/turn.ts';
import type { Context, ContinuationSums, Continuations, CountedNGrams, NGrams } from '../store.ts';
import type { Run, RunReader } from './run-stream.ts';

/** About how long it takes to look an n-gram up in the file, and to read one among others, in microseconds. */
const lookUpTime = 50;
const readTime = 0.5;

/** Up to how many n-grams are looked up one by one; more are sorted, so that each block is decoded once. */
const few = 4;

/** How many n-grams the first batch has, and how many the others grow to: a caller may need only the first few. */
const firstBatch = 512;
const largestBatch = 8192;

/** The most blocks that are decoded to collect frequent n-grams; those in more are found sooner by reading them all. */
const maxFrequentBlocks = 8192;

/** A run that adds to the counts, with how many n-grams it has. */
export type AddingRun = Run & { readonly ngrams: number };

/** The counts of a corpus file at one version: the sums of its runs. */
export class Counts {
  readonly #reader: RunReader;
  readonly #runs: readonly Run[];

  constructor(reader: RunReader, runs: readonly Run[]) {
    this.#reader = reader;
    this.#runs = runs;
  }

  /** n(g) */
  count(ngram: Uint32Array): number {
    spend(lookUpTime);
    let count = 0;
    for (const run of this.#runs) count += this.#reader.count(run, ngram);
    return count;
  }

  /** n(g) of each. */
  countAll({ order, length, ids }: NGrams): Float64Array {
    const ngrams = Array.from({ length }, (_, i) => ids.subarray(i * order, (i + 1) * order));
    if (length <= few) return Float64Array.from(ngrams, (ngram) => this.count(ngram));
    spend(length * lookUpTime);
    const counts = new Float64Array(length);
    const sorted = [...ngrams.keys()].sort((a, b) => compareNGrams(ngrams[a], ngrams[b], order));
    for (const run of this.#runs) {
      const stream = this.#reader.stream(run, order);
      for (const i of sorted) {
        if (!stream.advanceTo(ngrams[i])) break;
        if (compareNGrams(stream.ngram, ngrams[i], order) === 0) counts[i] += stream.count;
      }
    }
    return counts;
  }

  /** The words that follow a context, without `skipped`. */
  continuations(context: Context, skipped: number | undefined): Continuations {
    const words: number[] = [];
    const counts: number[] = [];
    this.#eachContinuation(context, skipped, (word, count) => {
      words.push(word);
      counts.push(count);
    });
    return { words: Uint32Array.from(words), counts: Float64Array.from(counts) };
  }

  /** Sums over the words that follow a context, without `skipped`. */
  sums(context: Context, skipped: number | undefined): ContinuationSums {
    const sums = { total: 0, followers: 0, once: 0, twice: 0 };
    this.#eachContinuation(context, skipped, (_, count) => {
      sums.total += count;
      sums.followers++;
      if (count === 1) sums.once++;
      else if (count === 2) sums.twice++;
    });
    return sums;
  }

  #eachContinuation(
    context: Context,
    skipped: number | undefined,
    visit: (word: number, count: number) => void,
  ): void {
    if (context.some((id) => id < 0)) return;
    const { length } = context;
    const stream = this.#stream(length + 1, context, 1);
    while (stream.next() && compareNGrams(stream.ngram, context, length) === 0) {
      spend(readTime);
      const word = stream.ngram[length];
      if (word !== skipped) visit(word, stream.count);
    }
  }

  /** The n-grams of an order from the first that is not before `from`, in batches; see `Snapshot.ngrams`. */
  *batches(order: number, from: readonly number[], least: number): Generator<CountedNGrams, void> {
    if (this.#runs.length === 1) return yield* this.#batchesOfRun(this.#runs[0], order, from, least);
    const stream = this.#stream(order, from, least);
    for (let size = firstBatch; ; size = Math.min(2 * size, largestBatch)) {
      const batch = readBatch(stream, size);
      spend(batch.length * readTime);
      if (batch.length > 0) yield batch;
      if (batch.length < size) return;
    }
  }

  /** As `batches`, of the only run: its blocks are decoded whole. */
  *#batchesOfRun(
    run: Run,
    order: number,
    from: readonly number[],
    least: number,
  ): Generator<CountedNGrams, void> {
    let size = firstBatch;
    let isFirst = true;
    const columns = new BlockColumns(order, run.sign, size);
    const take = () => {
      const batch = isFirst ? partFrom(columns.take(), from) : columns.take();
      spend(batch.length * readTime);
      isFirst = false;
      size = Math.min(2 * size, largestBatch);
      return batch;
    };
    for (const [first, data] of this.#reader.blocks(run, order, Uint32Array.from(from), least)) {
      columns.add(first, data);
      if (columns.length >= size) yield take();
    }
    if (columns.length > 0) yield take();
  }

  /**
   * The n-grams of an order that occur at least `least` times, in no order; undefined where more than `maxBlocks` blocks
   * would be decoded. What occurs that often has been added at least as often, whatever was subtracted: in one of the
   * runs that add, at least its share of `least` by the run's size.
   */
  frequent(
    order: number,
    least: number,
    adding: readonly AddingRun[],
    maxBlocks = maxFrequentBlocks,
  ): CountedNGrams | undefined {
    const all = adding.reduce((sum, { ngrams }) => sum + ngrams, 0);
    const found = new Map<string, Uint32Array>();
    let blocks = maxBlocks;
    for (const run of adding) {
      // A little less than the share, which a rounded quotient can exceed.
      const share = Math.max(1, Math.ceil(least * (run.ngrams / all) * (1 - 1e-9)));
      const frequent = this.#reader.frequent(run, order, share, blocks);
      if (frequent === undefined) return undefined;
      blocks -= frequent.blocks;
      for (const ngram of frequent.ngrams) found.set(ngram.join(), ngram);
    }
    const candidates = columnsOf(order, [...found.values()]);
    const counts = this.countAll(candidates);
    const ngrams = [...found.values()].filter((_, i) => counts[i] >= least);
    return { ...columnsOf(order, ngrams), counts: counts.filter((count) => count >= least) };
  }

  #stream(order: number, from: readonly number[], least: number): NGramStream {
    // In one of several runs an n-gram may have a smaller count.
    const leastPeak = this.#runs.length === 1 ? least : 1;
    const first = Uint32Array.from(from);
    return mergeStreams(
      order,
      this.#runs.map((run) => this.#reader.streamFrom(run, order, first, leastPeak)),
    );
  }
}

/** The n-grams that are not before `from`. */
function partFrom(batch: CountedNGrams, from: readonly number[]): CountedNGrams {
  const { order, length, ids, counts } = batch;
  let skipped = 0;
  while (
    skipped < length &&
    compareNGrams(ids.subarray(skipped * order, (skipped + 1) * order), from, from.length) < 0
  )
    skipped++;
  if (skipped === 0) return batch;
  return {
    order,
    length: length - skipped,
    ids: ids.subarray(skipped * order),
    counts: counts.subarray(skipped),
  };
}

function columnsOf(order: number, ngrams: readonly Uint32Array[]): NGrams {
  const ids = new Uint32Array(order * ngrams.length);
  for (const [i, ngram] of ngrams.entries()) ids.set(ngram, i * order);
  return { order, length: ngrams.length, ids };
}

/** The next `size` n-grams of a stream, or all that are left. */
function readBatch(stream: NGramStream, size: number): CountedNGrams {
  const { order } = stream;
  const ids = new Uint32Array(size * order);
  const counts = new Float64Array(size);
  let length = 0;
  for (let at = 0; length < size && stream.next(); length++) {
    const { ngram } = stream;
    for (let i = 0; i < order; i++) ids[at++] = ngram[i];
    counts[length] = stream.count;
  }
  return { order, length, ids: ids.subarray(0, length * order), counts: counts.subarray(0, length) };
}
