import { questions } from '../contract.ts';
import { clusterContract } from './open.ts';

clusterContract('two shards of two replicas', { shards: 2, replicas: 2 }, undefined, questions);
