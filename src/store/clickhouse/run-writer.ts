import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import { BlockColumns } from '../../ngrams/block-columns.ts';
import type { ClickHouse } from './clickhouse.ts';
import type { Insert } from './clickhouse-server.ts';
import { WordWriter } from './rows.ts';
import { wordColumns } from './sql.ts';

/** From how many bytes on rows are sent. */
const sentBytes = 1 << 18;

/** The columns of the table `ends`. */
const endColumns = ['run', 'k', 'w1', 'w2', 'w3', 'w4', 'w5', 'n'];

/** The rows of a table on their way. */
interface Rows {
  readonly writer: WordWriter;
  /** The tables that get them. */
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  inserts: Insert[];
}

/**
 * Writes the n-grams of a run. Each row goes into two tables, which sort them differently: `ngrams_k` and `preceded_k`.
 * The inserts stay open until `finish`, so that few large parts are made of many blocks; nothing is repeated if one of
 * them fails.
 */
export class RunWriter {
  readonly #clickhouse: ClickHouse;
  readonly #run: number;
  readonly #rows: readonly Rows[];
  readonly #ends: Rows;
  /** How many n-grams were written, and how many rows of all tables. */
  ngrams = 0;
  rows = 0;

  constructor(clickhouse: ClickHouse, run: number, highest: number) {
    this.#clickhouse = clickhouse;
    this.#run = run;
    this.#rows = Array.from({ length: highest }, (_, i) => {
      const order = i + 1;
      const tables = order === 1 ? ['ngrams_1'] : [`ngrams_${order}`, `preceded_${order}`];
      return { writer: new WordWriter(), tables, columns: ['run', ...wordColumns(order), 'n'], inserts: [] };
    });
    this.#ends = { writer: new WordWriter(), tables: ['ends'], columns: endColumns, inserts: [] };
  }

  /** Adds n-grams, or subtracts them if `sign` is -1. */
  async add({ order, ngrams, firsts, ends, data }: EncodedBlocks, sign: 1 | -1): Promise<void> {
    const columns = new BlockColumns(order, sign, ngrams);
    const keyBytes = 4 * order;
    for (let i = 0; i < ends.length; i++) {
      columns.add(
        firsts.subarray(i * keyBytes, (i + 1) * keyBytes),
        data.subarray(ends[i - 1] ?? 0, ends[i]),
      );
    }
    this.ngrams += ngrams;
    const rows = this.#rows[order - 1];
    this.rows += ngrams * rows.tables.length;
    rows.writer.addNGrams(this.#run, columns.take());
    if (rows.writer.bytes >= sentBytes) await this.#send(rows);
  }

  /** Adds `by` ends of documents, or subtracts them. */
  async addEnd(ngram: Uint32Array, by: number): Promise<void> {
    const padded = [...ngram, 0, 0, 0, 0].slice(0, 5);
    this.rows++;
    this.#ends.writer.add(this.#run, ngram.length, ...padded, ...WordWriter.split(by));
    if (this.#ends.writer.bytes >= sentBytes) await this.#send(this.#ends);
  }

  /** Resolves when everything has been written. */
  async finish(): Promise<void> {
    const all = [...this.#rows, this.#ends];
    await Promise.all(all.map((rows) => this.#send(rows)));
    const inserts = all.flatMap((rows) => rows.inserts.splice(0));
    try {
      await Promise.all(inserts.map((insert) => insert.end()));
    } catch (error) {
      await Promise.all(inserts.map((insert) => insert.abort()));
      throw error;
    }
  }

  /** Gives up what is on its way. */
  async abort(): Promise<void> {
    await Promise.all(
      [...this.#rows, this.#ends].flatMap(({ inserts }) => inserts.map((insert) => insert.abort())),
    );
  }

  async #send(rows: Rows): Promise<void> {
    if (rows.writer.bytes === 0) return;
    const bytes = rows.writer.take();
    if (rows.inserts.length === 0)
      rows.inserts = rows.tables.map((table) => this.#clickhouse.insert(table, rows.columns));
    await Promise.all(rows.inserts.map((insert) => insert.write(bytes)));
  }
}
