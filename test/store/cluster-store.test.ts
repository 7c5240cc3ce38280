import t from 'tap';
import type { ClusterAddress } from '../../src/store/store.ts';
import { emptyCluster, openCluster } from './cluster.ts';
import { storeContract } from './contract.ts';

const { POSTGRES_URL, CLICKHOUSE_URL, CLICKHOUSE_CLUSTER, CLICKHOUSE_REPLICATED } = process.env;
t.setTimeout(600_000);
if (POSTGRES_URL !== undefined && CLICKHOUSE_URL !== undefined) {
  const address: ClusterAddress = {
    engine: 'clickhouse',
    postgres: POSTGRES_URL,
    clickhouse: CLICKHOUSE_URL.split(','),
    cluster: CLICKHOUSE_CLUSTER,
    replicated: CLICKHOUSE_REPLICATED === 'true',
  };
  storeContract('a store in ClickHouse and PostgreSQL', async (t) => {
    await emptyCluster(address);
    return { store: await openCluster(t, address), again: () => openCluster(t, address) };
  });
} else {
  const skip = 'POSTGRES_URL and CLICKHOUSE_URL name no servers; npm run cluster starts some';
  t.test('a store in ClickHouse and PostgreSQL passes the contract', { skip }, async () => {});
}
