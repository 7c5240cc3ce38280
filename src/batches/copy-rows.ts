/** The tokens between two reads that bring a row into the processor's cache: its lines have 64 bytes. */
const lineTokens = 16;

/** How many rows are brought into the cache before they are copied. */
const rowsAhead = 64;

/** The shape of minibatches: rows of `numSteps` tokens. */
export interface BatchShape {
  readonly batchSize: number;
  readonly numSteps: number;
}

/**
 * Copies rows of minibatches from a token stream in memory to byte `at` of `target`; returns their end. A minibatch has
 * the rows of x and then those of y, which are the same shifted by one token: row r of all is from `from` to `to` (not
 * included), and row i of all x begins at token `firsts[i]`.
 *
 * Rows in random order wait for memory, so the first token of each of their cache lines is read for some rows, which the
 * processor overlaps, before these are copied. Two ids are copied at a time, as the bytes of a double, of which no id is
 * large enough to make a NaN.
 */
export function copyRows(
  { tokens, firsts }: { tokens: Int32Array; firsts: Float64Array },
  { batchSize, numSteps }: BatchShape,
  { from, to }: { from: number; to: number },
  target: DataView,
  at: number,
): number {
  const source = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  const rowBytes = 4 * numSteps;
  const end = at + (to - from) * rowBytes;
  let position = at;
  for (let begin = from; begin < to; begin += rowsAhead) {
    const next = Math.min(begin + rowsAhead, to);
    let read = 0;
    for (let row = begin; row < next; row++) {
      const first = firsts[rowOfX(row, batchSize)];
      for (let i = 0; i < numSteps; i += lineTokens) read ^= tokens[first + i];
    }
    // It is overwritten; but what is not used would not be read.
    target.setInt32(end - 4, read);
    for (let row = begin; row < next; row++) {
      const isOfY = row % (2 * batchSize) >= batchSize;
      copyRow(source, 4 * (firsts[rowOfX(row, batchSize)] + (isOfY ? 1 : 0)), target, position, rowBytes);
      position += rowBytes;
    }
  }
  return end;
}

/** The index among the rows of x of a row of x or y. */
function rowOfX(row: number, batchSize: number): number {
  return Math.floor(row / (2 * batchSize)) * batchSize + (row % batchSize);
}

function copyRow(source: DataView, start: number, target: DataView, at: number, bytes: number): void {
  let i = 0;
  for (; i + 8 <= bytes; i += 8) target.setFloat64(at + i, source.getFloat64(start + i, true), true);
  if (i < bytes) target.setInt32(at + i, source.getInt32(start + i, true), true);
}
