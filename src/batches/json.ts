/** The characters of JSON that rows are written with. */
const [opening, closing, comma] = Buffer.from('[],');
const zero = '0'.charCodeAt(0);

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
      let value = ids[i];
      let digits = 1;
      for (let power = 10; power <= value; power *= 10) digits++;
      for (let place = next + digits - 1; place >= next; place--) {
        const rest = Math.floor(value / 10);
        target[place] = zero + value - 10 * rest;
        value = rest;
      }
      next += digits;
    }
    target[next++] = closing;
  }
  target[next++] = closing;
  return next;
}
