import { clusterContract } from './open.ts';

clusterContract('three shards of ClickHouse', { shards: 3, replicas: 1 });
