import type { ArpaLevel, ArpaLevels } from '../../index/arpa/arpa-table.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { NGramRows } from './ngram-rows.ts';

/** Takes the n-grams of an ARPA file above order 1, order by order, and builds the levels of its table. */
export interface NGramTable {
  /** Begins with the level of order 1, and the number of n-grams that the file announces of each order. */
  begin(unigrams: ArpaLevel, announced: readonly number[]): void;
  /** Takes n-grams of the order that is being read, and returns empty rows in exchange. */
  exchange(rows: NGramRows): NGramRows;
  /** All n-grams of an order above 1 were taken, and stand on these lines. */
  endOrder(lines: OrderLines): void;
  /** Resolves when more n-grams can be taken. Throws what went wrong: `RepeatedNGram`, or an error of memory. */
  ready(): Promise<void>;
  /** Resolves when all that was taken is in the table. Throws as `ready`. */
  settled(): Promise<void>;
  /** The levels of all orders, when everything was taken. Throws as `ready`. */
  finish(): Promise<ArpaLevels>;
  /** Stops the work. */
  close(): Promise<void>;
}

/** The lines of the n-grams of an order in the file. */
export interface OrderLines {
  /**
   * That of the first n-gram, if each other one stands on the line after the one before; undefined where lines are
   * blank.
   */
  readonly first: number | undefined;
  /** That of the title after them. */
  readonly next: number;
}

/** An n-gram stands twice among those of its order. */
export class RepeatedNGram extends Error {
  override readonly name = 'RepeatedNGram';
  readonly ngram: readonly TokenId[];
  /** Its number among them, from 0, where it stands for the second time. */
  readonly number: number;
  readonly lines: OrderLines;

  constructor(ngram: readonly TokenId[], number: number, lines: OrderLines) {
    super('an n-gram stands twice');
    this.ngram = ngram;
    this.number = number;
    this.lines = lines;
  }
}
