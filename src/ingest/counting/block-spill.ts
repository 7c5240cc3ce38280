import { openSync } from 'node:fs';
import type { OrderedBlocks } from '../../ngrams/block-pieces.ts';
import { type BlockBytes, BlockStream } from '../../ngrams/block-stream.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import type { NGramStream } from '../../ngrams/ngram-stream.ts';
import { closeAndDelete, readAll, writeAll } from '../../platform/file-io.ts';

/** The largest number of blocks that are read at a time. */
const pageBlocks = 64;

/** Neighbouring blocks in the file: their ends as 32-bit numbers, then their firsts, then their data. */
interface Page {
  readonly position: number;
  readonly blocks: number;
  readonly dataBytes: number;
}

/** The pages of one run, those of each order in rising order. */
type SpilledRun = Page[][];

/** A temporary file of runs of encoded blocks, which is written from its start to its end and then merged. */
export class BlockSpill {
  readonly #path: string;
  readonly #file: number;
  readonly #runs: SpilledRun[] = [];
  #length = 0;

  /** Creates the file. */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx+');
  }

  /** Begins a run, to which `add` adds, and returns its number. */
  beginRun(): number {
    return this.#runs.push([]) - 1;
  }

  /** Adds blocks to a run, the last one if no other is named, those of each order in rising order. */
  add({ order, firsts, ends, data }: OrderedBlocks, number = this.#runs.length - 1): void {
    const run = this.#runs[number];
    run[order - 1] ??= [];
    const keyBytes = 4 * order;
    for (let from = 0; from < ends.length; from += pageBlocks) {
      const to = Math.min(from + pageBlocks, ends.length);
      const start = ends[from - 1] ?? 0;
      const table = Uint32Array.from(ends.slice(from, to), (end) => end - start);
      const bytes = Buffer.concat([
        new Uint8Array(table.buffer),
        firsts.subarray(from * keyBytes, to * keyBytes),
        data.subarray(start, ends[to - 1]),
      ]);
      writeAll(this.#file, bytes, this.#length);
      run[order - 1].push({
        position: this.#length,
        blocks: to - from,
        dataBytes: ends[to - 1] - start,
      });
      this.#length += bytes.length;
    }
  }

  /** The sum of the n-grams of an order in all runs. */
  merged(order: number): NGramStream {
    return this.sum(order, [...this.#runs.keys()]);
  }

  /** The sum of the n-grams of an order in some runs. */
  sum(order: number, runs: readonly number[]): NGramStream {
    const having = runs.filter((run) => this.#runs[run][order - 1] !== undefined);
    return mergeStreams(
      order,
      having.map((run) => new BlockStream(order, this.pages(order, run))),
    );
  }

  /** The blocks of an order in a run, some at a time. */
  pages(order: number, run: number): Generator<BlockBytes, void> {
    return this.#read(order, this.#runs[run][order - 1] ?? []);
  }

  /** Closes and deletes the file. */
  dispose(): void {
    closeAndDelete(this.#file, this.#path);
  }

  *#read(order: number, pages: readonly Page[]): Generator<BlockBytes, void> {
    for (const { position, blocks, dataBytes } of pages) {
      const firstsAt = 4 * blocks;
      const dataAt = firstsAt + 4 * order * blocks;
      const bytes = new Uint8Array(dataAt + dataBytes);
      readAll(this.#file, bytes, position);
      yield {
        ends: [...new Uint32Array(bytes.buffer, 0, blocks)],
        firsts: bytes.subarray(firstsAt, dataAt),
        data: bytes.subarray(dataAt),
      };
    }
  }
}
