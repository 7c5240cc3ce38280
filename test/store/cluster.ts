import pg from 'pg';
import type { Test } from 'tap';
import { type ClusterAddress, openStore, type Store, type StoreOptions } from '../../src/store/store.ts';

/** Opens a store, to be closed when the test ends. */
export async function openCluster(t: Test, address: ClusterAddress, options?: StoreOptions): Promise<Store> {
  const store = await openStore(address, options);
  t.teardown(() => store.close());
  return store;
}

/** Removes everything that a store's catalogue has. What is in ClickHouse then belongs to no corpus. */
export async function emptyCluster({ postgres }: ClusterAddress): Promise<void> {
  const client = new pg.Client(postgres);
  await client.connect();
  const { rows } = await client.query(
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migrations'",
  );
  if (rows.length > 0) await client.query(`TRUNCATE ${rows.map(({ tablename }) => tablename).join(', ')}`);
  await client.end();
}
