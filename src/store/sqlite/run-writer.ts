import { BlockEncoder } from '../block.ts';
import { type NGramStream, ngramKey } from '../ngram-stream.ts';
import type { Connection, Statement } from './database.ts';

/** Writes runs into one file, in blocks of at most `blockSize` n-grams. */
export class RunWriter {
  readonly #connection: Connection;
  readonly #insert: Statement;
  readonly #blockSize: number;

  constructor(connection: Connection, blockSize: number) {
    this.#connection = connection;
    this.#blockSize = blockSize;
    this.#insert = connection.prepare(
      'INSERT INTO blocks (run, n, first, peak, data) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /**
   * Writes the n-grams of orders 1, 2, … (`streams[order - 1]`) as a new run and returns its id.
   * `each` is shown every n-gram on its way.
   */
  write(streams: readonly NGramStream[], each?: (stream: NGramStream) => void): number {
    const { lastInsertRowid } = this.#connection.prepare('INSERT INTO runs (ngrams) VALUES (0)').run();
    const run = Number(lastInsertRowid);
    let ngrams = 0;
    for (const stream of streams) ngrams += this.#writeOrder(run, stream, each);
    this.#connection.prepare('UPDATE runs SET ngrams = ? WHERE id = ?').run(ngrams, run);
    return run;
  }

  #writeOrder(run: number, stream: NGramStream, each?: (stream: NGramStream) => void): number {
    const { order } = stream;
    const encoder = new BlockEncoder(order, this.#blockSize);
    let first: Buffer | undefined;
    let ngrams = 0;
    const flush = () => {
      if (first === undefined) return;
      const { peak } = encoder;
      this.#insert.run(run, order, first, peak, encoder.take());
    };
    while (stream.next()) {
      if (encoder.size === this.#blockSize) {
        flush();
        first = undefined;
      }
      first ??= ngramKey(stream.ngram);
      encoder.add(stream.ngram, stream.count);
      each?.(stream);
      ngrams++;
    }
    flush();
    return ngrams;
  }
}
