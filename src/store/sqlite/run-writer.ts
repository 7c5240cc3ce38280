import { BlockEncoder } from '../../ngrams/block.ts';
import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import { ngramKey } from '../../ngrams/ngram-stream.ts';
import type { Connection, Statement } from './database.ts';
import type { Run } from './run-stream.ts';

/** Writes one new run into a file, in blocks of at most `blockSize` n-grams. Whatever its sign, counts are positive. */
export class RunWriter {
  readonly run: Run;
  readonly #connection: Connection;
  readonly #insert: Statement;
  readonly #blockSize: number;
  readonly #checkpoint: () => void;
  /** One for each order. */
  readonly #open: OpenBlock[] = [];
  #ngrams = 0;

  /** `checkpoint` is called with each block; what it throws ends the writing. */
  constructor(connection: Connection, blockSize: number, checkpoint: () => void, sign: Run['sign'] = 1) {
    this.#checkpoint = checkpoint;
    this.#connection = connection;
    this.#blockSize = blockSize;
    const { lastInsertRowid } = connection.prepare('INSERT INTO runs (sign, ngrams) VALUES (?, 0)').run(sign);
    this.run = { id: Number(lastInsertRowid), sign };
    this.#insert = connection.prepare(
      'INSERT INTO blocks (run, n, first, peak, data) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Adds an n-gram; those of one order come in rising order. */
  add(ngram: Uint32Array, count: number): void {
    while (this.#open.length < ngram.length) {
      const encoder = new BlockEncoder(this.#open.length + 1, this.#blockSize);
      this.#open.push({ order: this.#open.length + 1, encoder, first: Buffer.alloc(0) });
    }
    const block = this.#open[ngram.length - 1];
    const { encoder } = block;
    if (encoder.size === this.#blockSize) this.#close(block);
    if (encoder.size === 0) block.first = ngramKey(ngram);
    encoder.add(ngram, count);
    this.#ngrams++;
  }

  /** Adds encoded blocks; those of one order come in rising order. */
  addBlocks({ order, ngrams, firsts, peaks, ends, data }: EncodedBlocks): void {
    const keyBytes = 4 * order;
    let start = 0;
    for (const [i, end] of ends.entries()) {
      this.#checkpoint();
      const first = firsts.subarray(i * keyBytes, (i + 1) * keyBytes);
      this.#insert.run(this.run.id, order, first, peaks[i], data.subarray(start, end));
      start = end;
    }
    this.#ngrams += ngrams;
  }

  /** Ends the run. Where nothing was added there is none. */
  end(): void {
    for (const block of this.#open) if (block.encoder.size > 0) this.#close(block);
    const { id } = this.run;
    if (this.#ngrams === 0) this.#connection.prepare('DELETE FROM runs WHERE id = ?').run(id);
    else this.#connection.prepare('UPDATE runs SET ngrams = ? WHERE id = ?').run(this.#ngrams, id);
  }

  #close({ order, encoder, first }: OpenBlock): void {
    this.#checkpoint();
    const { peak } = encoder;
    this.#insert.run(this.run.id, order, first, peak, encoder.take());
  }
}

interface OpenBlock {
  readonly order: number;
  readonly encoder: BlockEncoder;
  first: Buffer;
}
