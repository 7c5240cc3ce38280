import t from 'tap';
import { openStore } from '../../src/store/store.ts';
import { temporaryCluster, testServers } from './cluster.ts';
import { storeContract } from './contract.ts';

const servers = testServers();
if (servers === undefined) {
  t.test('a store in ClickHouse and PostgreSQL', { skip: 'POSTGRES_URL and CLICKHOUSE_URL name no servers' });
} else {
  storeContract('a store in ClickHouse and PostgreSQL', async (t) => {
    const address = await temporaryCluster(t, servers);
    const open = async () => {
      const store = await openStore(address);
      t.teardown(() => store.close());
      return store;
    };
    return { store: await open(), again: open };
  });
}
