import type { Test } from 'tap';
import { Cluster, type ClusterSize } from '../../scripts/cluster/cluster.ts';
import { findPrograms } from '../../scripts/cluster/programs.ts';

const found = findPrograms();

/** Why tests with real servers are skipped where their programs are missing: options of a test. */
export const skipWithoutCluster: { skip?: string } =
  'install' in found ? { skip: `ClickHouse, PostgreSQL or ZooKeeper is missing: ${found.install}` } : {};

/** Starts a cluster, which is stopped when the test ends. */
export async function startCluster(
  t: Test,
  size: ClusterSize,
  prepare?: (cluster: Cluster) => void,
): Promise<Cluster> {
  const cluster = await Cluster.start(size, prepare);
  t.teardown(() => cluster.stop());
  return cluster;
}
