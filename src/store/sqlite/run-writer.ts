import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import type { Connection, Statement } from './connection.ts';
import type { Run } from './run-stream.ts';

/** Writes one new run into a file. Whatever its sign, counts are positive. */
export class RunWriter {
  readonly #id: number;
  readonly #connection: Connection;
  readonly #insert: Statement;
  readonly #checkpoint: () => void;
  #ngrams = 0;

  /** `checkpoint` is called before each block; what it throws ends the writing. */
  constructor(connection: Connection, checkpoint: () => void, sign: Run['sign']) {
    this.#checkpoint = checkpoint;
    this.#connection = connection;
    const { lastInsertRowid } = connection.prepare('INSERT INTO runs (sign, ngrams) VALUES (?, 0)').run(sign);
    this.#id = Number(lastInsertRowid);
    this.#insert = connection.prepare(
      'INSERT INTO blocks (run, n, first, peak, data) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Adds blocks; those of one order come in rising order. */
  add({ order, ngrams, firsts, peaks, ends, data }: EncodedBlocks): void {
    const keyBytes = 4 * order;
    let start = 0;
    for (const [i, end] of ends.entries()) {
      this.#checkpoint();
      const first = firsts.subarray(i * keyBytes, (i + 1) * keyBytes);
      this.#insert.run(this.#id, order, first, peaks[i], data.subarray(start, end));
      start = end;
    }
    this.#ngrams += ngrams;
  }

  /** Ends the run. If nothing was added, there is no run. */
  end(): void {
    if (this.#ngrams === 0) this.#connection.prepare('DELETE FROM runs WHERE id = ?').run(this.#id);
    else this.#connection.prepare('UPDATE runs SET ngrams = ? WHERE id = ?').run(this.#ngrams, this.#id);
  }
}
