import { clusterContract } from './open.ts';

clusterContract('two replicas of one shard of ClickHouse', { shards: 1, replicas: 2 });
