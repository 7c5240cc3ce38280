/** The statements that Debian's ClickHouse of 2018 reads, read by that of today. */
import t from 'tap';
import { clusterName } from '../../../scripts/cluster/clickhouse.ts';
import { skipWithoutChdb, startChdb } from '../../cluster/chdb/chdb.ts';
import { clusterContract } from './open.ts';

if (skipWithoutChdb.skip !== undefined) {
  t.test('ClickHouse 26.7: the contract of stores', skipWithoutChdb, async () => {});
} else {
  clusterContract('ClickHouse 26.7, one shard', { shards: 1, replicas: 1 }, async (address) => {
    const port = await startChdb(t);
    const { pathname } = new URL(address.clickhouse[0]);
    return { ...address, clickhouse: [`http://127.0.0.1:${port}${pathname}`], cluster: clusterName };
  });
}
