/** The characters of JSON that rows are written with. */
const [opening, closing, comma] = Buffer.from('[],');

/** The four digits of each number below 10,000, with leading zeros. */
const digits = Buffer.from(Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0')).join(''));

/** How many bytes `writeRows` writes at most for ids that are not above `largest`. */
export function rowsBytes(ids: number, rows: number, largest: number): number {
  return ids * (String(largest).length + 1) + 2 * rows + 2;
}

/**
 * Writes ids as a JSON array of rows of `rowLength` numbers each to `target`, beginning at `at`; returns where it ends.
 * No string and no array is made on the way.
 */
export function writeRows(ids: Int32Array, rowLength: number, target: Uint8Array, at: number): number {
  let next = at;
  target[next++] = opening;
  for (let row = 0; row < ids.length; row += rowLength) {
    if (row > 0) target[next++] = comma;
    target[next++] = opening;
    for (let i = row; i < row + rowLength; i++) {
      if (i > row) target[next++] = comma;
      next = writeNumber(ids[i], target, next);
    }
    target[next++] = closing;
  }
  target[next++] = closing;
  return next;
}

function writeNumber(value: number, target: Uint8Array, at: number): number {
  let next = at;
  let low = value;
  if (value >= 10_000) {
    const high = Math.floor(value / 10_000);
    next = writeNumber(high, target, next);
    low = value - high * 10_000;
  }
  const from = 4 * low;
  if (value >= 1000) target[next++] = digits[from];
  if (value >= 100) target[next++] = digits[from + 1];
  if (value >= 10) target[next++] = digits[from + 2];
  target[next++] = digits[from + 3];
  return next;
}
