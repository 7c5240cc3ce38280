/**
 * A throw-away cluster on loopback: ClickHouse servers, PostgreSQL and, where tables are replicated, ZooKeeper, in a
 * temporary folder. It is for trying and for tests: it has no passwords, and all of it goes when it is stopped or its
 * owner ends.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHousePorts, clickhouseServer, clusterName } from './clickhouse.ts';
import { freePorts } from './ports.ts';
import { createDatabase, postgresServer } from './postgres.ts';
import { findPrograms, type Programs } from './programs.ts';
import { pidFile, type Server } from './server.ts';
import { zookeeperServer } from './zookeeper.ts';

/** How many ClickHouse servers there are. */
export interface ClusterSize {
  shards: number;
  /** Of each shard. With more than one, tables are replicated, by way of ZooKeeper. */
  replicas: number;
}

/** The settings of a service on the cluster, as environment variables. */
export interface ClusterSettings extends Record<string, string> {
  STORE: string;
  POSTGRES_URL: string;
  CLICKHOUSE_URL: string;
}

/** How often a cluster is laid out anew whose ports others have taken. */
const maxTries = 3;

export class Cluster {
  readonly size: ClusterSize;
  readonly folder: string;
  /** Shard by shard: replica r of shard s, both from 0, is at s · replicas + r. */
  readonly clickhouse: readonly Server[];
  readonly postgres: Server;
  readonly zookeeper: Server | undefined;
  readonly #programs: Programs;
  #databases = 0;

  private constructor(
    size: ClusterSize,
    folder: string,
    programs: Programs,
    servers: Pick<Cluster, 'clickhouse' | 'postgres' | 'zookeeper'>,
  ) {
    this.size = size;
    this.folder = folder;
    this.#programs = programs;
    this.clickhouse = servers.clickhouse;
    this.postgres = servers.postgres;
    this.zookeeper = servers.zookeeper;
  }

  /**
   * Lays out a cluster and starts it, unless `prepare` throws, which is called before with the cluster. Throws an error
   * with the command that installs what is missing, and errors of servers that do not start.
   */
  static async start(size: ClusterSize, prepare?: (cluster: Cluster) => void): Promise<Cluster> {
    const found = findPrograms();
    if ('install' in found) throw new Error(`Programs are missing: ${found.install}`);
    for (let tries = 1; ; tries++) {
      const cluster = await Cluster.#layOut(size, found.programs);
      try {
        prepare?.(cluster);
        await cluster.#startAll();
        return cluster;
      } catch (error) {
        await cluster.stop();
        // Another cluster has taken a port since it was found free.
        const isPortTaken = /address already in use/i.test((error as Error).message);
        if (!isPortTaken || tries === maxTries) throw error;
      }
    }
  }

  static async #layOut(size: ClusterSize, programs: Programs): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'ngramd-cluster-'));
    // PostgreSQL, as another user, has its own folder in it.
    chmodSync(folder, 0o711);
    cleanUpBehind(folder);
    return new Cluster(size, folder, programs, await layOut(size, folder, programs));
  }

  get servers(): Server[] {
    const { zookeeper, postgres, clickhouse } = this;
    return [...(zookeeper === undefined ? [] : [zookeeper]), postgres, ...clickhouse];
  }

  /** The settings of services that share an empty database of a name that no other call gets, at every server. */
  async freshSettings(): Promise<ClusterSettings> {
    this.#databases++;
    return await this.settings(`ngramd${this.#databases}`);
  }

  /** The settings of services in a database of this name, which is created at every server. */
  async settings(database: string): Promise<ClusterSettings> {
    const created = this.clickhouse.map(({ port }) => queryClickHouse(port, `CREATE DATABASE ${database}`));
    const postgres = { programs: this.#programs.postgres, port: this.postgres.port };
    const [POSTGRES_URL] = await Promise.all([createDatabase(postgres, database), ...created]);
    const { shards, replicas } = this.size;
    return {
      STORE: 'clickhouse',
      POSTGRES_URL,
      CLICKHOUSE_URL: this.clickhouse.map(({ port }) => `http://127.0.0.1:${port}/${database}`).join(','),
      ...(shards * replicas === 1 ? {} : { CLICKHOUSE_CLUSTER: clusterName }),
      ...(replicas === 1 ? {} : { CLICKHOUSE_REPLICATED: 'true' }),
    };
  }

  /** Ends all servers and deletes everything. */
  async stop(): Promise<void> {
    // Nothing is kept, so that nothing need be written in good order.
    await Promise.all(this.servers.map((server) => server.kill()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async #startAll(): Promise<void> {
    const { zookeeper, postgres, clickhouse } = this;
    const results = await Promise.allSettled([
      postgres.start(),
      zookeeper?.start().then(() => startEach(clickhouse)) ?? startEach(clickhouse),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

async function startEach(servers: readonly Server[]): Promise<void> {
  const results = await Promise.allSettled(servers.map((server) => server.start()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function layOut({ shards, replicas }: ClusterSize, folder: string, programs: Programs) {
  const [postgresPort, zookeeperPort, ...ports] = await freePorts(2 + 3 * shards * replicas);
  const take = (): ClickHousePorts => {
    const [http, tcp, interserver] = ports.splice(0, 3);
    return { http, tcp, interserver };
  };
  const places = Array.from({ length: shards }, () => Array.from({ length: replicas }, take));
  const folderOf = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const isReplicated = replicas > 1;
  const clickhouse = places.flatMap((place, shard) =>
    place.map((ports, replica) =>
      clickhouseServer({
        program: programs.clickhouse,
        folder: folderOf(`clickhouse-${shard + 1}-${replica + 1}`),
        shard: shard + 1,
        replica: replica + 1,
        ports,
        shards: places,
        zookeeper: isReplicated ? zookeeperPort : undefined,
      }),
    ),
  );
  const zookeeper = isReplicated
    ? zookeeperServer({
        java: programs.java,
        archive: programs.zookeeper,
        folder: folderOf('zookeeper'),
        port: zookeeperPort,
      })
    : undefined;
  const postgres = await postgresServer({
    programs: programs.postgres,
    folder: folderOf('postgres'),
    port: postgresPort,
  });
  return { clickhouse, zookeeper, postgres };
}

/** Runs a statement at a ClickHouse server and returns its answer. */
export async function queryClickHouse(port: number, statement: string): Promise<string> {
  // A connection that is kept may be closed by the server just when it is used again.
  const headers = { connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: statement, headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/**
 * Kills the servers of a folder and deletes it when this process has ended, however it ended: by then the input of this
 * shell ends. Processes of PostgreSQL can write a file while they end, so that the folder is deleted again.
 */
function cleanUpBehind(folder: string): void {
  const script = `cat; for file in "$1"/*/${pidFile}; do [ -e "$file" ] && kill -9 "$(cat "$file")"; done; for again in 1 2 3 4 5 6 7 8 9; do sleep 0.2; rm -rf "$1" && break; done`;
  const child = spawn('sh', ['-c', script, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
}
