/** How many n-grams rows have room for. */
export const rowsCapacity = 2 ** 14;

/** N-grams of one order, in columns in memory that threads share. */
export interface NGramRows {
  size: number;
  /** The words as ids, a column for each place in the n-gram. */
  readonly words: readonly Int32Array[];
  /** To base 10. */
  readonly logProbabilities: Float32Array;
  /** To base 10; 0 where there is none. */
  readonly backoffs: Float32Array;
}

/** The bytes of memory of rows for n-grams up to an order. */
export function rowsBytes(order: number): number {
  return 4 * (order + 2) * rowsCapacity;
}

/** Rows without n-grams, for those up to an order. */
export function emptyRows(order: number): NGramRows {
  const memory = new SharedArrayBuffer(rowsBytes(order));
  const at = (column: number) => 4 * column * rowsCapacity;
  return {
    size: 0,
    words: Array.from({ length: order }, (_, k) => new Int32Array(memory, at(k), rowsCapacity)),
    logProbabilities: new Float32Array(memory, at(order), rowsCapacity),
    backoffs: new Float32Array(memory, at(order + 1), rowsCapacity),
  };
}
