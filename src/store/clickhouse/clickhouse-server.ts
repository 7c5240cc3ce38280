import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { NgramdError } from '../../errors.ts';
import { storeUnavailable } from './unavailable.ts';

/** How long a server may take until it sends anything, in milliseconds: a count of all n-grams is one answer. */
const requestTimeout = 300_000;

/** How long a server may take to answer what it always knows, in milliseconds. */
export const promptly = 2000;

/** For how long a request waits for more rows, in milliseconds. */
const longestPause = 5000;

/** A change writes to more than a dozen tables at the same time. */
const maxConnections = 100;

/**
 * How many look-ups of a thread run at the same time: a question has several, and a server refuses more than 100
 * queries.
 */
const maxLookUps = 16;

/** Errors are in the body if a query fails after its answer has begun, unless the server waits for the end. */
const selectSettings: ClickHouseSettings = {
  wait_end_of_query: 1,
  // The keys of a question are part of its text.
  max_query_size: String(2 ** 30),
  max_ast_elements: String(2 ** 30),
  max_expanded_ast_elements: String(2 ** 30),
  distributed_product_mode: 'local',
};

/**
 * Replicated tables drop a block that is equal to one that they were sent before. No block is sent twice here, and a
 * run can have two that are equal.
 */
const insertSettings = { insert_distributed_sync: 1, insert_deduplicate: 0 } as ClickHouseSettings;

/** Why a server cannot answer now, by ClickHouse's code of the error. */
const unavailableCodes = new Map<number, string>([
  [32, 'a connection broke'],
  [60, 'its tables have not been created yet'],
  [81, 'its database has not been created yet'],
  [159, 'it took too long'],
  [198, 'it cannot find the address of another server'],
  [202, 'it has too many queries'],
  [209, 'another server did not answer it in time'],
  [210, 'another server does not answer it'],
  [225, 'it does not reach ZooKeeper'],
  [241, 'it has no memory left'],
  [242, 'its tables are read-only while it does not reach ZooKeeper'],
  [252, 'it has too many parts to merge'],
  [279, 'another server does not answer it'],
  [285, 'there are too few replicas'],
  [286, 'too few replicas answered'],
  [289, 'its replica is too far behind'],
  [319, 'an insert was not confirmed'],
  [999, 'it does not reach ZooKeeper'],
]);

/** The code of ClickHouse for a full disk, and what the system says of one. */
const notEnoughSpace = 243;
const noSpace = /errno: 28|No space left/;

/** How a statement is run: `patience` is in milliseconds. */
interface Execution {
  readonly client?: ClickHouseClient;
  readonly settings?: ClickHouseSettings;
  readonly values?: PassThrough;
  readonly patience?: number | undefined;
}

/** A server of ClickHouse. Its calls throw `store-unavailable` if it cannot answer now, and `disk-full`. */
export class ClickHouseServer {
  /** Its address, as it is shown. */
  readonly host: string;
  readonly #url: string;
  readonly #client: ClickHouseClient;
  readonly #lookUps: ClickHouseClient;

  constructor(url: string) {
    this.host = new URL(url).host;
    this.#url = url;
    this.#client = clientOf(url, maxConnections);
    this.#lookUps = clientOf(url, maxLookUps);
  }

  /** The user and the password of its URL. */
  get credentials(): { user: string; password: string } {
    const { username, password } = new URL(this.#url);
    return { user: decodeURIComponent(username) || 'default', password: decodeURIComponent(password) };
  }

  /** The answer to a query in RowBinary, in memory of its own. `patience` is in milliseconds. */
  select(query: string, patience?: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#rows(query, { patience });
  }

  /** As `select`, for the queries of questions, of which only some run at the same time. */
  lookUp(query: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#rows(query, { client: this.#lookUps });
  }

  /** Runs a statement that returns nothing. */
  run(statement: string): Promise<void> {
    return this.#exec(statement, {});
  }

  /** Inserts rows in RowBinary. */
  insert(query: string, rows: PassThrough): Promise<void> {
    return this.#exec(query, { settings: insertSettings, values: rows });
  }

  /** Throws why it does not answer. */
  async ping(): Promise<void> {
    await this.#exec('SELECT 1', { patience: promptly });
  }

  /** Creates the database, which its URL names: until then the server answers nothing that names it. */
  async createDatabase(name: string): Promise<void> {
    const server = new ClickHouseServer(Object.assign(new URL(this.#url), { pathname: '' }).href);
    try {
      await server.ping();
      await server.run(`CREATE DATABASE IF NOT EXISTS ${name}`);
    } finally {
      await server.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#lookUps.close()]);
  }

  async #rows(query: string, options: Execution): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Buffer[] = [];
    await this.#exec(`${query} FORMAT RowBinary`, { settings: selectSettings, ...options }, (chunk) => {
      chunks.push(chunk);
    });
    // Numbers of 32 bits are aligned in it.
    const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  async #exec(
    query: string,
    { settings = {}, values, patience, client = this.#client }: Execution,
    onChunk: (chunk: Buffer) => void = () => {},
  ): Promise<void> {
    const request = {
      query,
      clickhouse_settings: settings,
      ...(patience !== undefined && { abort_signal: AbortSignal.timeout(patience) }),
    };
    try {
      const { stream } = await client.exec(values === undefined ? request : { ...request, values });
      for await (const chunk of stream) onChunk(chunk as Buffer);
    } catch (error) {
      throw problemOf(this.host, error);
    }
  }
}

/** A request that inserts rows. */
interface Request {
  readonly rows: PassThrough;
  /** Rejects if the server refuses the rows or does not answer. */
  readonly done: Promise<void>;
}

/**
 * Rows on their way into a table, in one request, unless they pause: servers end a request that sends nothing for half a minute.
 */
export class Insert {
  readonly #send: (rows: PassThrough) => Promise<void>;
  readonly #requests: Request[] = [];
  /** The last request, if it has not been ended. */
  #open: Request | undefined;
  #ending: NodeJS.Timeout | undefined;

  /** `send` sends rows, and resolves when they have been written. */
  constructor(send: (rows: PassThrough) => Promise<void>) {
    this.#send = send;
  }

  /** Sends rows; resolves when more can be sent. The memory must not be changed afterwards. */
  async write(rows: Uint8Array): Promise<void> {
    clearTimeout(this.#ending);
    this.#open ??= this.#begin();
    const { rows: stream, done } = this.#open;
    if (!stream.write(rows)) await Promise.race([once(stream, 'drain'), done]);
    this.#ending = setTimeout(() => this.#endRequest(), longestPause).unref();
  }

  /** Ends the rows; resolves when the server has written them. */
  async end(): Promise<void> {
    this.#endRequest();
    await Promise.all(this.#requests.map(({ done }) => done));
  }

  /** Abandons the request: some of the rows may have been written. */
  async abort(): Promise<void> {
    clearTimeout(this.#ending);
    this.#open?.rows.destroy(new Error('The insert was abandoned.'));
    await Promise.allSettled(this.#requests.map(({ done }) => done));
  }

  #begin(): Request {
    const rows = new PassThrough({ highWaterMark: 2 ** 20 });
    const done = this.#send(rows).catch((error) => {
      rows.destroy();
      throw error;
    });
    done.catch(() => {});
    rows.on('error', () => {});
    const request = { rows, done };
    this.#requests.push(request);
    return request;
  }

  #endRequest(): void {
    clearTimeout(this.#ending);
    this.#open?.rows.end();
    this.#open = undefined;
  }
}

function clientOf(url: string, maxOpen: number): ClickHouseClient {
  return createClient({
    url,
    request_timeout: requestTimeout,
    max_open_connections: maxOpen,
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** `store-unavailable`, `disk-full`, or the error itself. */
function problemOf(host: string, error: unknown): unknown {
  const { message, code: systemCode } = error as Error & { code?: string };
  const code = Number(/^Code: (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (code === notEnoughSpace || noSpace.test(message)) {
    return new NgramdError(
      'disk-full',
      `The disk of the ClickHouse server ${host} is full; nothing was changed.`,
    );
  }
  const isAnswer = Number.isInteger(code) || /^\d+$/.test(systemCode ?? '');
  if (isAnswer) {
    const reason = unavailableCodes.get(code || Number(systemCode));
    return reason === undefined
      ? error
      : storeUnavailable(`The ClickHouse server ${host} cannot do this now: ${reason}.`);
  }
  const isAway = systemCode !== undefined || isBroken(message);
  return isAway ? storeUnavailable(`The ClickHouse server ${host} does not answer.`) : error;
}

/** Whether an error without a code says that a connection broke or that nothing came in time. */
function isBroken(message: string): boolean {
  return /timeout|socket hang up|aborted|premature/i.test(message);
}
