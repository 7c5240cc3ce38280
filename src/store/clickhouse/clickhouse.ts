import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { NgramdError } from '../../errors.ts';
import type { ClusterAddress } from '../store.ts';

/** How long a server may take until it sends anything, in milliseconds: a count of all n-grams is one answer. */
const requestTimeout = 300_000;

/** A change writes to more than a dozen tables at the same time. */
const maxConnections = 100;

/** Errors are in the body if a query fails after its answer has begun, unless the server waits for the end. */
const selectSettings: ClickHouseSettings = {
  wait_end_of_query: 1,
  // The keys of a question are in its text.
  max_query_size: String(2 ** 30),
  max_ast_elements: String(2 ** 30),
  max_expanded_ast_elements: String(2 ** 30),
  distributed_product_mode: 'local',
};

const insertSettings = { insert_distributed_sync: 1 } as ClickHouseSettings;

/** The codes of ClickHouse for a server or a replica that cannot answer now, or has no memory left. */
const unavailableCodes = new Set([32, 159, 198, 202, 209, 210, 241, 242, 252, 279, 285, 286, 289, 319, 999]);

/** The code of ClickHouse for a full disk, and what the system says of one. */
const notEnoughSpace = 243;
const noSpace = /errno: 28|No space left/;

/** A server of the store. */
interface Server {
  readonly url: string;
  readonly client: ClickHouseClient;
  /** The number of its shard; undefined until it is known. */
  shard?: number;
}

/** Where and how tables are made. */
export interface Layout {
  readonly database: string;
  /** The cluster's name; undefined if there is one server. */
  readonly cluster: string | undefined;
  readonly replicated: boolean;
}

/** The servers of ClickHouse. Throws `unavailable` if none of those that are needed can be reached, and `disk-full`. */
export class ClickHouse {
  readonly layout: Layout;
  readonly #servers: readonly Server[];
  readonly #urls: readonly string[];
  /** The server that answered last. */
  #current = 0;

  constructor({ clickhouse, cluster, replicated }: ClusterAddress) {
    this.#urls = clickhouse;
    this.#servers = clickhouse.map((url) => ({
      url: new URL(url).host,
      client: clientOf(url),
    }));
    const [, database = ''] = new URL(clickhouse[0]).pathname.split('/');
    this.layout = { database: database === '' ? 'default' : database, cluster, replicated };
  }

  /** Makes the database, which the URLs name, on every server. */
  async createDatabase(): Promise<void> {
    for (const url of this.#urls) {
      const server = {
        url: new URL(url).host,
        client: clientOf(Object.assign(new URL(url), { pathname: '' }).href),
      };
      await run(server, `CREATE DATABASE IF NOT EXISTS ${this.layout.database}`);
      await server.client.close();
    }
  }

  /** The name of a table with the rows of all shards. */
  table(name: string): string {
    return this.layout.cluster === undefined ? name : `all_${name}`;
  }

  /** The answer to a query, in RowBinary. Another server is asked where one is away. */
  async select(query: string): Promise<Uint8Array<ArrayBuffer>> {
    let problem: unknown;
    for (let tried = 0; tried < this.#servers.length; tried++) {
      const at = this.#current;
      try {
        return await selectFrom(this.#servers[at], query);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        problem = error;
        if (this.#current === at) this.#skipServer();
      }
    }
    throw problem;
  }

  /** Begins to insert rows, which are given in RowBinary, into columns of a table. */
  insert(table: string, columns: readonly string[]): Insert {
    const server = this.#servers[this.#current];
    const query = `INSERT INTO ${this.table(table)} (${columns.join(', ')}) FORMAT RowBinary`;
    return new Insert(server, query, () => {
      if (this.#servers[this.#current] === server) this.#skipServer();
    });
  }

  /** Has every server run a statement. */
  async onEachServer(statement: string): Promise<void> {
    await Promise.all(this.#servers.map((server) => run(server, statement)));
  }

  /** Has one server of each shard run a statement on its own tables. */
  async onEachShard(statement: string): Promise<void> {
    const shards = await this.#shards();
    await Promise.all([...shards.values()].map((servers) => runOnOne(servers, statement)));
  }

  /** The answers to a query by one server of each shard, in RowBinary. */
  async selectFromEachShard(query: string): Promise<Uint8Array<ArrayBuffer>[]> {
    const shards = await this.#shards();
    return Promise.all([...shards.values()].map(([server]) => selectFrom(server, query)));
  }

  /** Throws why a server cannot be used. */
  async probe(): Promise<void> {
    await this.onEachServer('SELECT 1');
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(({ client }) => client.close()));
  }

  #skipServer(): void {
    this.#current = (this.#current + 1) % this.#servers.length;
  }

  /** The servers of each shard. */
  async #shards(): Promise<Map<number, Server[]>> {
    const { cluster } = this.layout;
    if (cluster === undefined) return new Map([[1, [this.#servers[this.#current]]]]);
    const shards = new Map<number, Server[]>();
    for (const server of this.#servers) {
      server.shard ??= await shardOf(server, cluster);
      const known = shards.get(server.shard);
      if (known === undefined) shards.set(server.shard, [server]);
      else known.push(server);
    }
    return shards;
  }
}

/** Rows on their way into a table. */
export class Insert {
  readonly #rows = new PassThrough({ highWaterMark: 2 ** 20 });
  /** Rejects if the server refuses the rows or is away. */
  readonly #done: Promise<void>;

  /** `onAway` is called if the server is away. */
  constructor(server: Server, query: string, onAway: () => void) {
    this.#done = execute(server, query, this.#rows, insertSettings).catch((error) => {
      this.#rows.destroy();
      if (isUnavailable(error)) onAway();
      throw error;
    });
    this.#done.catch(() => {});
    this.#rows.on('error', () => {});
  }

  /** Sends rows; resolves when more can be sent. The memory must not be changed afterwards. */
  async write(rows: Uint8Array): Promise<void> {
    if (this.#rows.write(rows)) return;
    await Promise.race([once(this.#rows, 'drain'), this.#done]);
  }

  /** Ends the rows; resolves when the server has written them. */
  async end(): Promise<void> {
    this.#rows.end();
    await this.#done;
  }

  /** Gives up: some of the rows may have been written. */
  async abort(): Promise<void> {
    this.#rows.destroy(new Error('The insert was abandoned.'));
    await this.#done.catch(() => {});
  }
}

function clientOf(url: string): ClickHouseClient {
  return createClient({
    url,
    request_timeout: requestTimeout,
    max_open_connections: maxConnections,
    log: { level: ClickHouseLogLevel.OFF },
  });
}

async function selectFrom(server: Server, query: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { stream } = await server.client.exec({
      query: `${query} FORMAT RowBinary`,
      clickhouse_settings: selectSettings,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    // In memory of its own, where numbers of 32 bits are aligned.
    const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    throw problemOf(server, error);
  }
}

/** Runs a statement that returns nothing. */
function run(server: Server, statement: string): Promise<void> {
  return execute(server, statement, undefined, {});
}

/** Runs a statement on the first server that is not away. */
async function runOnOne(servers: readonly Server[], statement: string): Promise<void> {
  for (const [i, server] of servers.entries()) {
    try {
      return await run(server, statement);
    } catch (error) {
      if (!isUnavailable(error) || i === servers.length - 1) throw error;
    }
  }
}

async function execute(
  server: Server,
  query: string,
  values: PassThrough | undefined,
  settings: ClickHouseSettings,
): Promise<void> {
  try {
    const request = { query, clickhouse_settings: settings };
    const { stream } = await server.client.exec(values === undefined ? request : { ...request, values });
    for await (const _ of stream);
  } catch (error) {
    throw problemOf(server, error);
  }
}

async function shardOf(server: Server, cluster: string): Promise<number> {
  const name = cluster.replaceAll("'", "\\'");
  const query = `SELECT shard_num FROM system.clusters WHERE cluster = '${name}' AND is_local LIMIT 1`;
  const found = new Uint32Array((await selectFrom(server, query)).buffer);
  if (found.length === 1) return found[0];
  throw new Error(
    `The ClickHouse server ${server.url} is in no shard of the cluster ${JSON.stringify(cluster)} (CLICKHOUSE_CLUSTER); system.clusters says which it knows.`,
  );
}

/** `unavailable` for a server that is away, `disk-full`, or the error itself. */
function problemOf({ url }: Server, error: unknown): unknown {
  const { message, code: systemCode } = error as Error & { code?: string };
  const code = Number(/^Code: (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (code === notEnoughSpace || noSpace.test(message)) {
    return new NgramdError(
      'disk-full',
      `The disk of the ClickHouse server ${url} is full; nothing was changed.`,
    );
  }
  const isAnswer = Number.isInteger(code) || /^\d+$/.test(systemCode ?? '');
  const isAway = isAnswer
    ? unavailableCodes.has(code || Number(systemCode))
    : systemCode !== undefined || isBroken(message);
  if (!isAway) return error;
  const reason = Number.isInteger(code) ? message.slice(0, 300) : (systemCode ?? message);
  return new NgramdError('unavailable', `The ClickHouse server ${url} cannot answer (${reason}). Try again.`);
}

/** Whether an error without a code says that a connection broke or that nothing came in time. */
function isBroken(message: string): boolean {
  return /timeout|socket hang up|aborted|premature/i.test(message);
}

function isUnavailable(error: unknown): boolean {
  return error instanceof NgramdError && error.code === 'unavailable';
}
