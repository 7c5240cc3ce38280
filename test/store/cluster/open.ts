import pg from 'pg';
import t, { type Test } from 'tap';
import type { Cluster, ClusterSize } from '../../../scripts/cluster/cluster.ts';
import { type ClusterAddress, openStore, type Store, type StoreOptions } from '../../../src/store/store.ts';
import { skipWithoutCluster, startCluster } from '../../cluster/harness.ts';
import { type ContractParts, storeContract } from '../contract.ts';

/** The address of an empty store on a cluster. */
export async function addressOf(cluster: Cluster): Promise<ClusterAddress> {
  const settings = await cluster.freshSettings();
  return {
    engine: 'clickhouse',
    postgres: settings.POSTGRES_URL,
    clickhouse: settings.CLICKHOUSE_URL.split(','),
    cluster: settings.CLICKHOUSE_CLUSTER,
    replicated: settings.CLICKHOUSE_REPLICATED === 'true',
  };
}

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

/**
 * Registers the contract of stores, or some parts of it, for one on a cluster of this size, or on other servers of
 * ClickHouse: `replace` then returns their address.
 */
export function clusterContract(
  name: string,
  size: ClusterSize,
  replace = async (address: ClusterAddress): Promise<ClusterAddress> => address,
  parts?: ContractParts,
): void {
  t.setTimeout(900_000);
  if (skipWithoutCluster.skip !== undefined) {
    t.test(`${name}: the contract of stores`, skipWithoutCluster, async () => {});
    return;
  }
  const address = startCluster(t, size).then(addressOf).then(replace);
  const open = async (t: Test) => {
    await emptyCluster(await address);
    return { store: await openCluster(t, await address), again: async () => openCluster(t, await address) };
  };
  storeContract(name, open, parts);
}
