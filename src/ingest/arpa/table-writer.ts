import { NgramdError } from '../../errors.ts';
import { type ArpaLevels, arrayBytes } from '../../index/arpa/arpa-table.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { TokenList } from '../../text/token-table.ts';
import { type SharedTextMemory, TextMemory } from '../receiving/text-memory.ts';
import { ArpaFault } from './arpa-fault.ts';
import type { NGramSink } from './arpa-parser.ts';
import { emptyRows, type NGramRows, rowsBytes, rowsCapacity } from './ngram-rows.ts';
import { type NGramTable, type OrderLines, RepeatedNGram } from './ngram-table.ts';
import type { FindWords } from './plain-lines.ts';
import { TableBuilder } from './table-builder.ts';
import { TableThread } from './table-thread.ts';
import { Unigrams } from './unigrams.ts';

/** An ARPA file as it is kept in memory: its words by their ids, and its n-grams. */
export interface WrittenTable {
  readonly words: TokenList;
  readonly levels: ArpaLevels;
  /**
   * The number of n-grams that the file lists of each order, order 1 first; `<s>`, which is never a next word, is not
   * counted.
   */
  readonly ngrams: readonly number[];
}

/** From so many n-grams above order 1 on, it is worthwhile to start a thread for the table. */
const manyNGrams = 2 ** 18;

/** Writes the n-grams that are read of an ARPA file into a table. */
export class TableWriter implements NGramSink {
  readonly #memory: TextMemory;
  readonly #threadedNGrams: number;
  readonly #unigrams: Unigrams;
  readonly #ngrams: number[] = [];
  #announced: readonly number[] = [];
  #table: NGramTable | undefined;
  #rows: NGramRows | undefined;
  /** The n-grams of the order that were given to the table. */
  #written = 0;

  /** From `threadedNGrams` n-grams above order 1 on, another thread builds the table. */
  constructor(memory: SharedTextMemory, threadedNGrams = manyNGrams) {
    this.#memory = new TextMemory(memory);
    this.#threadedNGrams = threadedNGrams;
    this.#unigrams = new Unigrams(this.#memory.take);
  }

  announce(ngrams: readonly number[]): void {
    this.#announced = ngrams;
    const longer = ngrams.slice(1).reduce((sum, count) => sum + count, 0);
    this.#table =
      longer < this.#threadedNGrams
        ? new TableBuilder(this.#memory.take)
        : new TableThread(this.#memory, ngrams.length);
  }

  unigram(logProbability: number, bytes: Uint8Array, start: number, end: number, backoff: number): void {
    this.#unigrams.add(logProbability, bytes, start, end, backoff);
  }

  idOf(bytes: Uint8Array, start: number, end: number): TokenId {
    return this.#unigrams.idOf(bytes, start, end);
  }

  readonly findWords: FindWords = (bytes, starts, ends, ids, count) =>
    this.#unigrams.findAll(bytes, starts, ends, ids, count);

  rows(): NGramRows {
    const rows = this.#rows as NGramRows;
    return rows.size < rowsCapacity ? rows : this.#exchange(rows);
  }

  /** Throws `ArpaFault` for an n-gram that stands twice. */
  endOrder(order: number, lines: OrderLines): void {
    const table = this.#table as NGramTable;
    if (order === 1) {
      const highest = this.#announced.length;
      const { level, listed } = this.#unigrams.level(highest === 1);
      this.#ngrams.push(listed);
      table.begin(level, this.#announced);
      this.#memory.take(rowsBytes(highest));
      this.#rows = emptyRows(highest);
      return;
    }
    this.#exchange(this.#rows as NGramRows);
    this.#ngrams.push(this.#written);
    this.#written = 0;
    try {
      table.endOrder(lines);
    } catch (error) {
      throw this.#fault(error);
    }
  }

  /** Resolves when more n-grams can be written. Throws as `endOrder`, and the errors of `TextMemory.take`. */
  async ready(): Promise<void> {
    await this.#table?.ready().catch((error) => {
      throw this.#fault(error);
    });
  }

  /** Resolves when all n-grams are in the table. Throws as `ready`. */
  async settled(): Promise<void> {
    await this.#table?.settled().catch((error) => {
      throw this.#fault(error);
    });
  }

  /**
   * The table, when all n-grams have been read. Throws as `ready`, and `index-too-large` if it is too large to be
   * asked.
   */
  async finish(): Promise<WrittenTable> {
    await this.settled();
    const levels = await (this.#table as NGramTable).finish();
    const ngrams = this.#ngrams;
    const ranked = Uint32Array.BYTES_PER_ELEMENT * ngrams[0];
    const bytes = levels.reduce((sum, level) => sum + arrayBytes(level), ranked + this.#unigrams.bytes);
    const { limit } = this.#memory;
    if (bytes > limit) {
      throw new NgramdError(
        'index-too-large',
        `The model of this ARPA file takes ${bytes} bytes of memory when it is asked, and INDEX_MEMORY_BYTES allows ${limit}. Prune the model, or raise the limit.`,
      );
    }
    return { words: this.#unigrams.take(), levels, ngrams };
  }

  /** Stops the work. */
  async close(): Promise<void> {
    await this.#table?.close();
  }

  #exchange(rows: NGramRows): NGramRows {
    this.#written += rows.size;
    this.#rows = (this.#table as NGramTable).exchange(rows);
    return this.#rows;
  }

  #fault(error: unknown): unknown {
    if (!(error instanceof RepeatedNGram)) return error;
    const { ngram, number, lines } = error;
    const what = `the ${ngram.length}-gram ${JSON.stringify(this.#unigrams.textOf(ngram))}`;
    return lines.first === undefined
      ? new ArpaFault(`${what} stands twice before it`, lines.next)
      : new ArpaFault(`${what} stands for the second time`, lines.first + number);
  }
}
