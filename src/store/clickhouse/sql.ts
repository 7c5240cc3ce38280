/** Pieces of ClickHouse's SQL: what the oldest and the newest version read alike. */

/** The columns w1 … wk. */
export function wordColumns(order: number): string[] {
  return Array.from({ length: order }, (_, i) => `w${i + 1}`);
}

/** A list in parentheses. */
export function inList(values: Iterable<number>): string {
  return `(${[...values].join(',')})`;
}

/** The condition that the columns have one of these rows of values, given one after the other. */
export function isAmong(columns: readonly string[], values: ArrayLike<number>): string {
  const width = columns.length;
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += width) {
    const row = Array.prototype.slice.call(values, at, at + width).join(',');
    rows.push(width === 1 ? row : `(${row})`);
  }
  return `${width === 1 ? columns[0] : `(${columns.join(',')})`} IN (${rows.join(',')})`;
}

/** The condition that the columns are not before `from`, of which there may be fewer; or after it, if `isStrict`. */
export function notBefore(columns: readonly string[], from: readonly number[], isStrict = false): string {
  const conditionAt = (i: number): string => {
    if (i === from.length - 1) return `${columns[i]} ${isStrict ? '>' : '>='} ${from[i]}`;
    return `(${columns[i]} > ${from[i]} OR (${columns[i]} = ${from[i]} AND ${conditionAt(i + 1)}))`;
  };
  return from.length === 0 ? '1' : conditionAt(0);
}
