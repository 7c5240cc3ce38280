import type { ClickHouse } from './clickhouse.ts';
import { inList, wordColumns } from './sql.ts';

/**
 * The query for the adjusted counts of n-grams g of an order, as the columns w1 … and `total`. `conditions` makes the
 * conditions on g of the names of the columns that hold its words.
 *
 * A row (v, g) of `preceded` says that v stands before g, so that a(g) is the number of these rows. If they do not add up to
 * n(g), then g also begins a document. What begins with `<s>` keeps n(g).
 */
export function adjustedCounts(
  clickhouse: ClickHouse,
  runs: readonly number[],
  order: number,
  sequenceStart: number | undefined,
  conditions: (columns: readonly string[]) => readonly string[],
): string {
  const columns = wordColumns(order);
  const [first, ...following] = wordColumns(order + 1);
  const named = columns.map((_, i) => `g${i + 1}`);
  const where = (columns: readonly string[]) =>
    [`run IN ${inList(runs)}`, ...conditions(columns)].join(' AND ');
  const inPlace = (columns: readonly string[]) => columns.map((column, i) => `${column} AS ${named[i]}`);
  const precededRows = `SELECT ${[first, ...following]}, sum(n) AS occurrences
    FROM ${clickhouse.table(`preceded_${order + 1}`)} WHERE ${where(following)}
    GROUP BY ${[first, ...following]} HAVING occurrences != 0`;
  const preceded = `SELECT ${inPlace(following)}, toInt64(count()) AS before, sum(occurrences) AS after, toInt64(0) AS all
    FROM (${precededRows}) GROUP BY ${following}`;
  const counted = `SELECT ${inPlace(columns)}, toInt64(0) AS before, toInt64(0) AS after, sum(n) AS all
    FROM ${clickhouse.table(`ngrams_${order}`)} WHERE ${where(columns)} GROUP BY ${columns} HAVING all != 0`;
  const adjusted = 'sum(before) + toInt64(sum(all) > sum(after))';
  const total = sequenceStart === undefined ? adjusted : `if(g1 = ${sequenceStart}, sum(all), ${adjusted})`;
  return `SELECT ${named.map((name, i) => `${name} AS ${columns[i]}`)}, ${total} AS total
    FROM (${preceded} UNION ALL ${counted}) GROUP BY ${named}`;
}
