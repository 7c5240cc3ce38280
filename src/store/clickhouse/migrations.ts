import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NgramdError } from '../../errors.ts';
import type { ClickHouse, Layout } from './clickhouse.ts';
import type { Postgres, Queries } from './postgres.ts';

type Engine = 'postgres' | 'clickhouse';

/** The number of the lock that is held while tables are made. */
const migrationLock = 7_301_001;

/** The version of ClickHouse from which on columns have codecs. */
const firstWithCodecs = 20;

/**
 * Makes the tables that are missing: runs the numbered files of `migrations/postgres` and `migrations/clickhouse` that
 * the store has not seen. Those of ClickHouse are run on every server that was not seen since the start, since it may
 * be new; their statements do nothing to a table that exists. Call it again for servers that did not answer. Throws
 * `store-unavailable` if too few do, `schema-too-new` if a newer ngramd has been there, and an error if the number of
 * shards has changed.
 */
export async function migrate(postgres: Postgres, clickhouse: ClickHouse): Promise<void> {
  await postgres.transaction(async (queries) => {
    await queries.rows('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await queries.rows(
      'CREATE TABLE IF NOT EXISTS migrations (engine text NOT NULL, number integer NOT NULL, PRIMARY KEY (engine, number))',
    );
    for (const [number, sql] of await filesOf(queries, 'postgres')) {
      if (await begin(queries, 'postgres', number)) await queries.rows(sql);
    }
    const files = await filesOf(queries, 'clickhouse');
    await clickhouse.prepare((majorVersion) =>
      files.flatMap(([, sql]) => statementsOf(sql, clickhouse.layout, majorVersion >= firstWithCodecs)),
    );
    for (const [number] of files) await begin(queries, 'clickhouse', number);
    await checkShards(queries, clickhouse);
  });
}

/**
 * Notes the number of shards, which says where a row is, or throws an error if it is another than before: what is
 * removed is compared with the counts on each shard.
 */
async function checkShards(queries: Queries, clickhouse: ClickHouse): Promise<void> {
  const shards = await clickhouse.shards();
  await queries.rows(
    `INSERT INTO migrations (engine, number) SELECT 'shards', $1::integer
     WHERE NOT EXISTS (SELECT FROM migrations WHERE engine = 'shards')`,
    [shards],
  );
  const noted = await queries.row<{ number: number }>(
    `SELECT number FROM migrations WHERE engine = 'shards'`,
  );
  if (noted?.number === shards) return;
  const { database, cluster } = clickhouse.layout;
  throw new Error(
    `The database ${database} was created on ${noted?.number} shards, and the cluster ${cluster} (CLICKHOUSE_CLUSTER) has ${shards}. Give it the former number, and copy the corpora to another database with \`ngramd copy\`.`,
  );
}

/** The statements of a file of `migrations/clickhouse`, for the servers of a store. */
function statementsOf(sql: string, { database, cluster, replicated }: Layout, codecs: boolean): string[] {
  return sql
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && (cluster !== undefined || !statement.includes('Distributed')))
    .map((statement) => {
      const table = /EXISTS (?:all_)?(\w+)/.exec(statement)?.[1];
      const engine = `ReplicatedMergeTree('/clickhouse/tables/{shard}/${database}/${table}', '{replica}')`;
      return statement
        .replace('ENGINE = MergeTree', replicated ? `ENGINE = ${engine}` : '$&')
        .replace('Distributed(', `Distributed('${cluster}', '${database}', '${table}', `)
        .replace(/ CODEC\((?:\w+, )?\w+\(1\)\)/g, codecs ? '$&' : '');
    });
}

/** The numbered files of an engine. Throws `schema-too-new`. */
async function filesOf(queries: Queries, engine: Engine): Promise<[number: number, sql: string][]> {
  const folder = fileURLToPath(new URL(`../../../migrations/${engine}/`, import.meta.url));
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file): [number, string] => [Number.parseInt(file, 10), readFileSync(folder + file, 'utf8')]);
  const latest = files[files.length - 1][0];
  const found = await queries.row<{ last: number | null }>(
    'SELECT max(number) AS last FROM migrations WHERE engine = $1',
    [engine],
  );
  if ((found?.last ?? 0) <= latest) return files;
  throw new NgramdError(
    'schema-too-new',
    `The ${engine} store has schema ${found?.last}, and this ngramd knows schemas up to ${latest}: upgrade ngramd`,
  );
}

/** Notes that a file has been run; false if it was before. */
async function begin(queries: Queries, engine: Engine, number: number): Promise<boolean> {
  const added = await queries.rows(
    'INSERT INTO migrations (engine, number) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING number',
    [engine, number],
  );
  return added.length > 0;
}
