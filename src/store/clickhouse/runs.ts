import type { CorpusSettings } from '../corpus.ts';
import type { ClickHouse } from './clickhouse.ts';
import type { Owner } from './owners.ts';
import type { Postgres, Queries } from './postgres.ts';
import type { RowsOfRun } from './replicas.ts';
import { wordsOf } from './rows.ts';
import { inList, wordColumns } from './sql.ts';

/** The tables that hold the n-grams of a corpus's orders. */
function tablesOf({ order: highest }: CorpusSettings): { table: string; columns: string[] }[] {
  return Array.from({ length: highest }, (_, i) => wordColumns(i + 1)).flatMap((columns) => {
    const order = columns.length;
    const ofOrder = [{ table: `ngrams_${order}`, columns }];
    return order === 1 ? ofOrder : [...ofOrder, { table: `preceded_${order}`, columns }];
  });
}

/** Begins a run that nobody reads until it is live. Returns its id, which no other run has had. */
export async function beginRun(postgres: Postgres, owner: Owner, corpus: number): Promise<number> {
  await owner.registered();
  const row = await postgres.row<{ id: number }>(
    `INSERT INTO runs (id, corpus, state, owner) VALUES (nextval('run_ids'), $1, 'writing', $2) RETURNING id`,
    [corpus, owner.id],
  );
  return (row as { id: number }).id;
}

/** What is noted of a run. */
export interface RunContent {
  readonly ngrams: number;
  /** Whether it has each n-gram once, with a positive count. */
  readonly isPlain: boolean;
  readonly rows: RowsOfRun;
}

/** Makes a run part of its corpus, in the transaction that commits it; false if it was given up meanwhile. */
export async function makeLive(
  queries: Queries,
  run: number,
  { ngrams, isPlain, rows }: RunContent,
): Promise<boolean> {
  const made = await queries.rows(
    `UPDATE runs SET state = 'live', ngrams = $2, is_plain = $3, rows = $4
     WHERE id = $1 AND state = 'writing' RETURNING id`,
    [run, ngrams, isPlain, rows ?? null],
  );
  return made.length > 0;
}

/** Whether some n-grams of a run occur less than never in all runs together. */
export async function takesTooMuch(
  clickhouse: ClickHouse,
  run: number,
  runs: readonly number[],
  { order: highest }: CorpusSettings,
): Promise<boolean> {
  const queries = Array.from({ length: highest }, (_, i) => {
    const columns = wordColumns(i + 1);
    const table = clickhouse.table(`ngrams_${i + 1}`);
    return `SELECT toUInt32(count()) AS found FROM (SELECT ${columns}, sum(n) AS total FROM ${table}
      WHERE run IN ${inList(runs)} AND (${columns}) IN (SELECT ${columns} FROM ${table} WHERE run = ${run})
      GROUP BY ${columns} HAVING total < 0)`;
  });
  return wordsOf(await clickhouse.select(queries.join(' UNION ALL '), runs)).some((found) => found > 0);
}

/** The number of rows of each shard that live runs of a store with replicas have, as `Replicas` reads them. */
export async function readRows(
  queries: Queries,
  runs: readonly number[],
): Promise<ReadonlyMap<number, RowsOfRun>> {
  const found = await queries.rows<{ id: number; rows: number[] | null }>(
    'SELECT id, rows::float8[] AS rows FROM runs WHERE id = ANY ($1)',
    [runs],
  );
  return new Map(found.map(({ id, rows }) => [id, rows ?? undefined]));
}

/** Writes the sums of some runs of a corpus as a run. */
export async function writeSum(
  clickhouse: ClickHouse,
  corpus: number,
  runs: readonly number[],
  sum: number,
  settings: CorpusSettings,
): Promise<RunContent> {
  const ends = { table: 'ends', columns: ['k', 'w1', 'w2', 'w3', 'w4', 'w5'] };
  const statements = [...tablesOf(settings), ends].map(
    ({ table, columns }) =>
      `INSERT INTO ${table} (run, ${columns}, n) SELECT toUInt32(${sum}), ${columns}, sum(n) AS total FROM ${table}
       WHERE run IN ${inList(runs)} GROUP BY ${columns} HAVING total != 0`,
  );
  const written = await clickhouse.sumUp(statements, runs, sum);
  const rows = await clickhouse.settle(corpus, sum, { rows: written, pages: 0 });
  const counts = Array.from({ length: settings.order }, (_, i) => {
    return `SELECT toUInt32(count()) AS ngrams, toUInt32(countIf(n < 0)) AS taken FROM ${clickhouse.table(`ngrams_${i + 1}`)}
      WHERE run = ${sum}`;
  });
  const words = wordsOf(await clickhouse.select(counts.join(' UNION ALL '), [sum]));
  const sumOf = (every: 0 | 1) => words.reduce((sum, found, i) => sum + (i % 2 === every ? found : 0), 0);
  return { ngrams: sumOf(0), isPlain: sumOf(1) === 0, rows };
}
