import { clusterContract } from './open.ts';

clusterContract('ClickHouse and PostgreSQL', { shards: 1, replicas: 1 });
