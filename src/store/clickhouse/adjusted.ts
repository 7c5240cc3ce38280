import { inList, wordColumns } from './sql.ts';
import { others, type SummedRuns } from './summed-runs.ts';

/** The name of a table in a query: on one shard, or with the rows of all. */
export type TableName = (table: string) => string;

/** Makes the conditions on n-grams of the names of the columns that hold their words. */
export type Conditions = (columns: readonly string[]) => readonly string[];

/**
 * The query for the adjusted counts of n-grams g of an order, as the columns w1 … and `total`. `conditions` makes the
 * conditions on g.
 *
 * A row (v, g) of `preceded` says that v stands before g, so that a(g) is the number of these rows. If they do not add
 * up to n(g), then g also begins a document. What begins with `<s>` keeps n(g).
 */
export function adjustedCounts(
  table: TableName,
  summed: SummedRuns,
  order: number,
  sequenceStart: number | undefined,
  conditions: Conditions,
): string {
  const columns = wordColumns(order);
  const named = columns.map((_, i) => `g${i + 1}`);
  const inPlace = columns.map((column, i) => `${column} AS ${named[i]}`);
  const where = [`run IN ${inList(summed.runs)}`, ...conditions(columns)].join(' AND ');
  const counted = `SELECT ${inPlace}, toInt64(0) AS before, toInt64(0) AS after, sum(n) AS all
    FROM ${table(`ngrams_${order}`)} WHERE ${where} GROUP BY ${columns} HAVING all != 0`;
  const adjusted = 'sum(before) + toInt64(sum(all) > sum(after))';
  const total = sequenceStart === undefined ? adjusted : `if(g1 = ${sequenceStart}, sum(all), ${adjusted})`;
  const preceded = precededBy(table, summed, order, conditions).map(
    (query) => `SELECT ${named}, before, after, toInt64(0) AS all FROM (${query})`,
  );
  return `SELECT ${named.map((name, i) => `${name} AS ${columns[i]}`)}, ${total} AS total
    FROM (${[...preceded, counted].join(' UNION ALL ')}) GROUP BY ${named} HAVING total != 0`;
}

/**
 * The queries for how many tokens stand before n-grams g of an order, and how often they do: the columns g1 …, `before`
 * and `after`, which are to be added up over the queries. Each row of the base is one token before g, so that they are
 * counted where they stand; only the rows (v, g) that another run has as well must be summed one by one.
 */
export function precededBy(
  tableName: TableName,
  { runs, base }: SummedRuns,
  order: number,
  conditions: Conditions,
): string[] {
  const all = wordColumns(order + 1);
  const following = all.slice(1);
  const named = following.map((column, i) => `${column} AS g${i + 1}`);
  const table = tableName(`preceded_${order + 1}`);
  const where = (some: readonly number[]) =>
    [`run IN ${inList(some)}`, ...conditions(following)].join(' AND ');
  const summed = (what: readonly string[], condition: string) =>
    `SELECT ${all}, sum(n) AS occurrences${what.map((column) => `, ${column}`).join('')} FROM ${table}
     WHERE ${condition} GROUP BY ${all}`;
  if (base === undefined) {
    return [
      `SELECT ${named}, toInt64(count()) AS before, sum(occurrences) AS after
       FROM (${summed([], where(runs))} HAVING occurrences != 0) GROUP BY ${following}`,
    ];
  }
  const ofBase = `SELECT ${named}, toInt64(count()) AS before, sum(n) AS after
    FROM ${table} WHERE ${where([base])} GROUP BY ${following}`;
  const changing = others({ runs, base });
  if (changing.length === 0) return [ofBase];
  const isChanged = `${where(runs)} AND (${all}) IN (SELECT ${all} FROM ${table} WHERE ${where(changing)})`;
  const columns = [`toInt64(countIf(run = ${base})) AS rows`, `sumIf(n, run = ${base}) AS counted`];
  const changes = `SELECT ${named}, sum(toInt64(occurrences != 0) - rows) AS before, sum(occurrences - counted) AS after
    FROM (${summed(columns, isChanged)}) GROUP BY ${following}`;
  return [ofBase, changes];
}
