import { maxOrder } from '../corpus.ts';
import type { ClickHouse } from './clickhouse.ts';
import { forgetDead } from './owners.ts';
import type { Postgres, Queries } from './postgres.ts';
import { wordsOf } from './rows.ts';

/** The number of the lock that is held while runs are dropped. */
const sweepLock = 7_301_002;

/** For how long a run that nobody finishes may still be written to, in milliseconds. */
const abandonedFor = 60_000;

/** How many runs are dropped at a time that should not be there. */
const maxOrphans = 1000;

/** The tables whose partitions are runs. */
const tables = [
  ...Array.from({ length: maxOrder }, (_, i) => `ngrams_${i + 1}`),
  ...Array.from({ length: maxOrder - 1 }, (_, i) => `preceded_${i + 2}`),
  'ends',
];

/**
 * Drops the runs that no question can still read: those that were replaced before every open snapshot began, and those
 * that were given up, or whose owner is dead, some time ago. Does nothing while another process does this.
 */
export async function sweep(postgres: Postgres, clickhouse: ClickHouse): Promise<void> {
  await postgres.transaction(async (queries) => {
    const lock = await queries.row<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
      sweepLock,
    ]);
    if (lock?.held !== true) return;
    await forgetDead(postgres);
    await postgres.rows(
      `UPDATE runs SET state = 'abandoned' WHERE state = 'writing' AND owner NOT IN (SELECT id FROM owners)`,
    );
    // When this is written, every later snapshot sees that they are not live.
    await postgres.rows(
      `UPDATE runs SET settled_at = clock_timestamp() WHERE state IN ('replaced', 'abandoned') AND settled_at IS NULL`,
    );
    const dropped = await postgres.rows<{ id: number; corpus: number; state: string }>(
      `SELECT id, corpus, state FROM runs WHERE settled_at < CASE state
         WHEN 'replaced' THEN (SELECT coalesce(min(oldest_read), now()) FROM owners)
         ELSE now() - $1 * interval '1 millisecond' END`,
      [abandonedFor],
    );
    for (const { id, corpus, state } of dropped) {
      await dropRows(clickhouse, id);
      if (state === 'abandoned') await dropSegment(clickhouse, corpus, id);
      await postgres.rows('DELETE FROM runs WHERE id = $1', [id]);
    }
    await dropCorpora(postgres, clickhouse);
  });
}

/** Drops the rows of a run. */
async function dropRows(clickhouse: ClickHouse, run: number): Promise<void> {
  await Promise.all(
    tables.map((table) => clickhouse.onEachShard(`ALTER TABLE ${table} DROP PARTITION ${run}`)),
  );
}

/**
 * Drops the rows of runs that have been dropped, and of tokens that came with them: a server that hangs may go on with
 * an insert long after its run was given up. Does nothing while runs are dropped.
 */
export async function dropOrphans(postgres: Postgres, clickhouse: ClickHouse): Promise<void> {
  // What is written after this is known to PostgreSQL before.
  const [partitions, segments] = await Promise.all([
    clickhouse.selectFromEachServer(
      `SELECT DISTINCT toUInt32OrZero(partition) AS run FROM system.parts
       WHERE active AND database = currentDatabase() AND table IN (${tables.map((table) => `'${table}'`)})`,
    ),
    clickhouse.selectFromEachServer('SELECT DISTINCT corpus, segment FROM tokens'),
  ]);
  await postgres.transaction(async (queries) => {
    const lock = await queries.row<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
      sweepLock,
    ]);
    if (lock?.held !== true) return;
    const runs = partitions.answers.flatMap((answer) => [...wordsOf(answer)]);
    for (const { run } of await orphansOf(postgres, runs, 'SELECT id FROM runs'))
      await dropRows(clickhouse, run);
    const pairs = segments.answers.flatMap((answer) => [...wordsOf(answer)]);
    const corpusOf = new Map(pairs.flatMap((word, i) => (i % 2 === 0 ? [[pairs[i + 1], word]] : [])));
    const known = 'SELECT id FROM runs UNION ALL SELECT segment FROM documents';
    for (const { run } of await orphansOf(postgres, [...corpusOf.keys()], known))
      await dropSegment(clickhouse, corpusOf.get(run) as number, run);
  });
}

/**
 * Those of some runs that are not among the known ones. One that this catalogue has not numbered does not count: it
 * belongs to another.
 */
function orphansOf(queries: Queries, runs: readonly number[], known: string): Promise<{ run: number }[]> {
  return queries.rows(
    `SELECT DISTINCT run FROM unnest($1::bigint[]) AS written (run)
     WHERE run > 0 AND run <= (SELECT last_value FROM run_ids) AND run NOT IN (${known}) LIMIT $2`,
    [runs, maxOrphans],
  );
}

/** Drops the tokens that came with a run. */
async function dropSegment(clickhouse: ClickHouse, corpus: number, segment: number): Promise<void> {
  const { answers, problem } = await clickhouse.selectFromEachServer(
    `SELECT toUInt32(count()) AS pages FROM tokens WHERE corpus = ${corpus} AND segment = ${segment}`,
  );
  if (problem === undefined && answers.every((answer) => wordsOf(answer)[0] === 0)) return;
  await clickhouse.onEachShard(`ALTER TABLE tokens DELETE WHERE corpus = ${corpus} AND segment = ${segment}`);
}

/** Drops what is left of removed corpora, when their runs have gone. */
async function dropCorpora(postgres: Postgres, clickhouse: ClickHouse): Promise<void> {
  const removed = await postgres.rows<{ id: number }>(
    `SELECT id FROM corpora WHERE state = 'removed' AND NOT EXISTS (SELECT FROM runs WHERE corpus = corpora.id)`,
  );
  for (const { id } of removed) {
    await clickhouse.onEachShard(`ALTER TABLE tokens DROP PARTITION ${id}`);
    for (const table of ['documents', 'vocabulary', 'statistics', 'idempotency_keys', 'files'])
      await postgres.rows(`DELETE FROM ${table} WHERE corpus = $1`, [id]);
    await postgres.rows('DELETE FROM corpora WHERE id = $1', [id]);
  }
}
