/** Pieces of ClickHouse's SQL: what the oldest and the newest version read alike. */

/** The columns w1 … wk. */
export function wordColumns(order: number): string[] {
  return Array.from({ length: order }, (_, i) => `w${i + 1}`);
}

/** A list in parentheses. */
export function inList(values: Iterable<number>): string {
  return `(${[...values].join(',')})`;
}

/** From how many values on they are packed: ClickHouse parses each value of a list as an expression. */
const packedValues = 256;

/** The condition that the columns have one of these rows of values, given one after the other. */
export function isAmong(columns: readonly string[], values: ArrayLike<number>): string {
  const width = columns.length;
  const listed = width === 1 ? columns[0] : `(${columns.join(',')})`;
  if (values.length >= packedValues) return `${listed} IN (${unpacked(Uint32Array.from(values), width)})`;
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += width) {
    const row = Array.prototype.slice.call(values, at, at + width).join(',');
    rows.push(width === 1 ? row : `(${row})`);
  }
  return `${listed} IN (${rows.join(',')})`;
}

/** A query for rows of values, which are one literal of hexadecimal digits in it. */
function unpacked(values: Uint32Array<ArrayBuffer>, width: number): string {
  const columns = Array.from(
    { length: width },
    (_, i) => `reinterpretAsUInt32(substring(bytes, ${4 * width} * row + ${4 * i + 1}, 4))`,
  );
  return `SELECT ${columns} FROM (SELECT unhex('${Buffer.from(values.buffer).toString('hex')}') AS bytes,
    arrayJoin(range(${values.length / width})) AS row)`;
}

/** The condition that the columns are not before `from`, of which there may be fewer; or after it, if `isStrict`. */
export function notBefore(columns: readonly string[], from: readonly number[], isStrict = false): string {
  const conditionAt = (i: number): string => {
    if (i === from.length - 1) return `${columns[i]} ${isStrict ? '>' : '>='} ${from[i]}`;
    return `(${columns[i]} > ${from[i]} OR (${columns[i]} = ${from[i]} AND ${conditionAt(i + 1)}))`;
  };
  return from.length === 0 ? '1' : conditionAt(0);
}

/** A table with the rows that some servers have of it. */
export function remoteTable(
  servers: readonly { readonly host: string; readonly port: number }[],
  database: string,
  table: string,
  { user, password }: { user: string; password: string },
): string {
  const addresses = servers.map(({ host, port }) => `${host}:${port}`).join(',');
  const secrets = [user, password].map((text) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`).join(', ');
  return `remote('${addresses}', ${database}, ${table}, ${secrets})`;
}
