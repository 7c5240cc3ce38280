import { clusterContract } from './open.ts';

// In a database that the store itself creates.
clusterContract('ClickHouse and PostgreSQL', { shards: 1, replicas: 1 }, async (address) => ({
  ...address,
  clickhouse: address.clickhouse.map((url) => `${url}_created`),
}));
