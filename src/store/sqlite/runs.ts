import { blockNGrams } from '../../ngrams/block.ts';
import { type EncodedBlocks, encodeNGrams } from '../../ngrams/block-batch.ts';
import { BlockStream } from '../../ngrams/block-stream.ts';
import { CountsOfCounts } from '../../ngrams/counts-of-counts.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import { compareNGrams } from '../../ngrams/ngram-stream.ts';
import { reservedId } from '../../text/reserved.ts';
import { runsToMerge } from '../compaction.ts';
import type { CorpusSettings } from '../corpus.ts';
import type { Connection } from './connection.ts';
import { changeCountsOfCounts } from './counts-of-counts.ts';
import { type Run, RunReader, type RunStream } from './run-stream.ts';
import { RunWriter } from './run-writer.ts';

/** What `Runs` needs to know of the corpus. */
type RunSettings = Pick<CorpusSettings, 'tokenizer' | 'vocabulary' | 'order' | 'sequences'>;

/** A run and how many n-grams it has. */
export interface SizedRun extends Run {
  readonly ngrams: number;
}

/** All runs of a corpus file, oldest first. */
export function readRuns(connection: Connection): SizedRun[] {
  return connection.prepare('SELECT id, sign, ngrams FROM runs ORDER BY id').all() as SizedRun[];
}

/** Adds runs to a corpus file, and merges them. */
export class Runs {
  readonly #connection: Connection;
  readonly #reader: RunReader;
  readonly #settings: RunSettings;
  readonly #checkpoint: () => void;
  readonly #blockNGrams: number;

  /**
   * `checkpoint` is called between small pieces of work; `blockNGrams` is how many n-grams a block of a merged run has.
   */
  constructor(
    connection: Connection,
    settings: RunSettings,
    checkpoint: () => void = () => {},
    mergedBlockNGrams = blockNGrams,
  ) {
    this.#connection = connection;
    this.#reader = new RunReader(connection);
    this.#settings = settings;
    this.#checkpoint = checkpoint;
    this.#blockNGrams = mergedBlockNGrams;
  }

  /**
   * Adds a run, or subtracts it if `sign` is -1, and updates the counts of counts; see `CorpusChange.addRun`.
   */
  async add(blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>, sign: 1 | -1): Promise<void> {
    const { order } = this.#settings;
    const older = readRuns(this.#connection);
    const changes = Array.from({ length: order }, () => new CountsOfCounts());
    const before = changes.map((_, i) => older.map((run) => this.#reader.stream(run, i + 1)));
    const run = new RunWriter(this.#connection, this.#checkpoint, sign);
    for await (const batch of blocks) {
      run.add(batch);
      this.#moveCounts(changes[batch.order - 1], before[batch.order - 1], batch, sign);
    }
    run.end();
    changeCountsOfCounts(this.#connection, changes);
  }

  /** Notes by how much blocks change the counts of counts of their order, where `before` are the older runs. */
  #moveCounts(
    change: CountsOfCounts,
    before: readonly RunStream[],
    batch: EncodedBlocks,
    sign: 1 | -1,
  ): void {
    const contextOnly = batch.order === 1 ? reservedId(this.#settings, '<s>') : undefined;
    if (before.length === 0 && sign > 0 && contextOnly === undefined) {
      for (const [count, ngrams] of batch.countsOfCounts) change.add(count, ngrams);
      return;
    }
    const stream = new BlockStream(batch.order, [batch]);
    while (stream.next()) {
      this.#checkpoint();
      if (stream.ngram[0] !== contextOnly)
        moveCount(change, sumIn(before, stream.ngram), sign * stream.count);
    }
  }

  /** Merges runs until there are few. */
  merge(): void {
    for (;;) {
      const runs = runsToMerge(readRuns(this.#connection));
      if (runs.length === 0) return;
      this.#merge(runs);
    }
  }

  /** Merges runs of one sign, or all runs of the corpus, into one. */
  #merge(runs: readonly Run[]): void {
    const sign = runs.every((run) => run.sign < 0) ? -1 : 1;
    const merged = new RunWriter(this.#connection, this.#checkpoint, sign);
    for (let order = 1; order <= this.#settings.order; order++) {
      const streams = runs.map((run) =>
        this.#reader.stream({ id: run.id, sign: run.sign === sign ? 1 : -1 }, order),
      );
      for (const blocks of encodeNGrams(mergeStreams(order, streams), this.#blockNGrams)) merged.add(blocks);
    }
    merged.end();
    const deleteBlocks = this.#connection.prepare('DELETE FROM blocks WHERE run = ?');
    const deleteRun = this.#connection.prepare('DELETE FROM runs WHERE id = ?');
    for (const { id } of runs) {
      deleteBlocks.run(id);
      deleteRun.run(id);
    }
  }
}

/** How often an n-gram occurs in all runs together. It sorts after those that were asked for before. */
function sumIn(runs: readonly RunStream[], ngram: Uint32Array): number {
  let sum = 0;
  for (const stream of runs) {
    if (stream.advanceTo(ngram) && compareNGrams(stream.ngram, ngram, ngram.length) === 0)
      sum += stream.count;
  }
  return sum;
}

/** Notes in the counts of counts that an n-gram occurs `added` times more, or fewer where negative. */
function moveCount(countsOfCounts: CountsOfCounts, before: number, added: number): void {
  const after = before + added;
  if (after < 0) throw new Error(`An n-gram that occurs ${before} times would be removed ${-added} times.`);
  if (before > 0) countsOfCounts.add(before, -1);
  if (after > 0) countsOfCounts.add(after, 1);
}
