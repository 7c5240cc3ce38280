import { rmSync } from 'node:fs';
import { blockNGrams } from '../../ngrams/block.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import type { NGramSink } from '../../ngrams/ngram-sink.ts';
import type { NGramStream } from '../../ngrams/ngram-stream.ts';
import { type Connection, createCorpusFile } from './database.ts';
import { type Run, RunReader } from './run-stream.ts';
import { RunWriter } from './run-writer.ts';

/** A file of its own for the runs of one long text, until they are merged into the text's run. */
export class RunScratch {
  readonly #path: string;
  readonly #checkpoint: () => void;
  #connection: Connection | undefined;
  readonly #runs: Run[] = [];

  /** `checkpoint` is called with each block; what it throws ends the writing. */
  constructor(path: string, checkpoint: () => void) {
    this.#path = path;
    this.#checkpoint = checkpoint;
  }

  /** Adds the run that `fill` gives; the file is made with the first. */
  add(fill: (sink: NGramSink) => void): void {
    this.#connection ??= createCorpusFile(this.#path);
    const connection = this.#connection;
    connection.transaction(() => {
      const run = new RunWriter(connection, blockNGrams, this.#checkpoint);
      fill(run);
      run.end();
      this.#runs.push(run.run);
    })();
  }

  /** The sum of all runs, one stream for each order up to `order`. */
  merged(order: number): NGramStream[] {
    if (this.#connection === undefined) return [];
    const reader = new RunReader(this.#connection);
    return Array.from({ length: order }, (_, i) =>
      mergeStreams(
        i + 1,
        this.#runs.map((run) => reader.stream(run, i + 1)),
      ),
    );
  }

  /** Closes and deletes the file. */
  dispose(): void {
    this.#connection?.close();
    rmSync(this.#path, { force: true });
  }
}
