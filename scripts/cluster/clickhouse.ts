import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from './server.ts';

/** The name of the cluster in the configuration of its servers. */
export const clusterName = 'ngramd';

/** The ports of a ClickHouse server. */
export interface ClickHousePorts {
  http: number;
  tcp: number;
  interserver: number;
}

/** A ClickHouse server and its place among the others. */
export interface ClickHousePlan {
  program: string;
  folder: string;
  /** From 1. */
  shard: number;
  /** From 1. */
  replica: number;
  ports: ClickHousePorts;
  /** For each shard, the ports of its replicas. */
  shards: readonly (readonly ClickHousePorts[])[];
  /** The port of ZooKeeper; undefined where no table is replicated. */
  zookeeper: number | undefined;
}

/** A ClickHouse server that is not yet started. */
export function clickhouseServer(plan: ClickHousePlan): Server {
  const { program, folder, shard, replica, ports, zookeeper } = plan;
  mkdirSync(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'config.xml');
  writeFileSync(file, configuration(plan));
  const isReplicated = zookeeper !== undefined;
  return new Server({
    name: `ClickHouse, shard ${shard}${isReplicated ? `, replica ${replica}` : ''}`,
    folder,
    port: ports.http,
    command: program,
    args: [`--config-file=${file}`],
    isReady: () => answersPing(ports.http),
  });
}

async function answersPing(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ping`, { headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
}

/**
 * One file for all settings: it is its own `users_config`. The name of the root element is one that every version
 * reads.
 */
function configuration({ folder, shard, replica, ports, shards, zookeeper }: ClickHousePlan): string {
  const replicated =
    zookeeper === undefined
      ? ''
      : `
  <macros><shard>${shard}</shard><replica>${replica}</replica></macros>
  <zookeeper>
    <node><host>127.0.0.1</host><port>${zookeeper}</port></node>
    <session_timeout_ms>5000</session_timeout_ms>
  </zookeeper>`;
  return `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${ports.http}</http_port>
  <tcp_port>${ports.tcp}</tcp_port>
  <interserver_http_port>${ports.interserver}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/data/tmp/</tmp_path>
  <mark_cache_size>67108864</mark_cache_size>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <profiles><default><background_pool_size>4</background_pool_size></default></profiles>
  <quotas><default></default></quotas>
  <users><default>
    <password></password>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
  </default></users>
  <remote_servers><${clusterName}>${shards.map(shardElement).join('')}
  </${clusterName}></remote_servers>${replicated}
</yandex>
`;
}

function shardElement(replicas: readonly ClickHousePorts[]): string {
  const elements = replicas.map(({ tcp }) => `<replica><host>127.0.0.1</host><port>${tcp}</port></replica>`);
  return `
    <shard><internal_replication>true</internal_replication>${elements.join('')}</shard>`;
}
