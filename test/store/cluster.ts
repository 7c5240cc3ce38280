import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Test } from 'tap';
import type { ClusterAddress } from '../../src/store/store.ts';

/** The servers for tests, from the environment; undefined if there are none. */
export function testServers(): Pick<ClusterAddress, 'postgres' | 'clickhouse'> | undefined {
  const { POSTGRES_URL: postgres, CLICKHOUSE_URL: clickhouse } = process.env;
  if (postgres === undefined || clickhouse === undefined) return undefined;
  return { postgres, clickhouse: clickhouse.split(',') };
}

/** The address of a store of its own for a test, which is dropped when the test ends. */
export async function temporaryCluster(
  t: Test,
  { postgres, clickhouse }: Pick<ClusterAddress, 'postgres' | 'clickhouse'>,
): Promise<ClusterAddress> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string) => {
    const client = new pg.Client(postgres);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`CREATE SCHEMA ${name}`);
  t.teardown(async () => {
    await run(`DROP SCHEMA ${name} CASCADE`);
    for (const url of clickhouse)
      await fetch(url, { method: 'POST', body: `DROP DATABASE IF EXISTS ${name}` });
  });
  return {
    engine: 'clickhouse',
    postgres: `${postgres}?options=-csearch_path%3D${name}`,
    clickhouse: clickhouse.map((url) => new URL(name, url).href),
    replicated: false,
  };
}
