/** The tokens between two reads that bring a row into the processor's cache, whose lines have 64 bytes. */
const lineTokens = 16;

/** How many rows are brought into the cache before they are copied. */
const rowsAhead = 64;

/** The shape of minibatches: `batchSize` rows of `numSteps` tokens. */
export interface BatchShape {
  readonly batchSize: number;
  readonly numSteps: number;
}

/** A token stream in memory, and where the rows of x of some minibatches begin in it, batch by batch. */
export interface PlacedRows {
  readonly tokens: Int32Array;
  readonly firsts: Float64Array;
}

/**
 * Copies rows of minibatches to byte `at` of `target`; returns their end. A minibatch has the rows of x and then those
 * of y, which are the same shifted by one token; the rows of all minibatches are numbered in this order, and those from
 * `from` to `to` (not included) are copied.
 *
 * Rows in random order wait for memory. So a token of each of their cache lines is read for some rows, which the
 * processor overlaps, before these are copied. Two ids are copied at a time, as the bytes of a double; no id is so
 * large that they could be those of a NaN. If all rows of y of a minibatch are copied after those of x, they are made
 * from these.
 */
export function copyRows(
  rows: PlacedRows,
  { batchSize, numSteps }: BatchShape,
  { from, to }: { from: number; to: number },
  target: DataView,
  at: number,
): number {
  const { tokens, firsts } = rows;
  const source = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  const rowBytes = 4 * numSteps;
  let position = at;
  /** The place of the row within its minibatch, and its row of x among all. */
  let place = from % (2 * batchSize);
  let x = ((from - place) / 2) | 0;
  x += place % batchSize;
  /** The rows of x before this one are in the cache. */
  let ahead = x;
  for (let row = from; row < to; row++) {
    if (place === batchSize && row - batchSize >= from && row + batchSize <= to) {
      position = copyShifted(rows, { batchSize, numSteps }, x, target, position);
      row += batchSize - 1;
      x += batchSize;
      place = 0;
      continue;
    }
    if (x >= ahead) {
      const read = readAhead(tokens, firsts, x, numSteps);
      // The row overwrites it; but what is not used would not be read.
      target.setInt32(position, read);
      ahead = x + rowsAhead;
    }
    const first = place < batchSize ? firsts[x] : firsts[x] + 1;
    copyRow(source, 4 * first, target, position, rowBytes);
    position += rowBytes;
    x++;
    place++;
    if (place === batchSize) x -= batchSize;
    else if (place === 2 * batchSize) place = 0;
  }
  return position;
}

/**
 * Writes the rows of y of a minibatch, whose rows of x begin with row `x` and are the bytes before `at`: these bytes
 * moved by one token, and the last token of each row. Returns their end.
 */
function copyShifted(
  { tokens, firsts }: PlacedRows,
  { batchSize, numSteps }: BatchShape,
  x: number,
  target: DataView,
  at: number,
): number {
  const half = 4 * batchSize * numSteps;
  new Uint8Array(target.buffer, target.byteOffset, at + half).copyWithin(at, at - half + 4, at);
  let last = at + 4 * (numSteps - 1);
  for (let row = x; row < x + batchSize; row++) {
    target.setInt32(last, tokens[firsts[row] + numSteps], true);
    last += 4 * numSteps;
  }
  return at + half;
}

/** Reads a token of each cache line of the rows of x from `x` on. */
function readAhead(tokens: Int32Array, firsts: Float64Array, x: number, numSteps: number): number {
  const end = Math.min(x + rowsAhead, firsts.length);
  let read = 0;
  for (let i = x; i < end; i++) {
    const first = firsts[i];
    for (let step = 0; step < numSteps; step += lineTokens) read ^= tokens[first + step];
  }
  return read;
}

function copyRow(source: DataView, start: number, target: DataView, at: number, bytes: number): void {
  let i = 0;
  for (; i + 8 <= bytes; i += 8) target.setFloat64(at + i, source.getFloat64(start + i, true), true);
  if (i < bytes) target.setInt32(at + i, source.getInt32(start + i, true), true);
}
