import { isMainThread } from 'node:worker_threads';
import pg from 'pg';
import { NgramdError } from '../../errors.ts';
import { isStoreUnavailable, storeUnavailable } from './unavailable.ts';

/**
 * How many connections are opened at most: by the main thread, which answers many questions at a time, and by each other
 * thread, which has one task at a time; a merge holds one while it uses another.
 */
const maxConnections = isMainThread ? 10 : 3;

/** How long a connection may take to open, and how long an idle one stays, in milliseconds. */
const connections = { max: maxConnections, connectionTimeoutMillis: 5000, idleTimeoutMillis: 10_000 };

/** The types whose numbers are integers below 2^53 here: int8 and numeric. */
const numberTypes = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

/**
 * The codes of PostgreSQL for a full disk, too many connections, a lock that was not obtained in time, and a key that
 * exists.
 */
const diskFull = '53100';
const tooManyConnections = '53300';
const lockNotAvailable = '55P03';
const uniqueViolation = '23505';

/**
 * The classes of codes of a server that cannot be reached or does not answer now: connection, resources, operator,
 * system.
 */
const unavailableClasses = /^(08|53|57P|58|E[A-Z]+$)/;

/** A statement; one with a name, which no other has, is parsed and planned once for each connection. */
export type Statement = string | { readonly name: string; readonly text: string };

/** What runs statements: a pool, or the connection of a transaction. */
export interface Queries {
  /** The rows that a statement returns. */
  rows<Row extends object>(sql: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row; undefined if there is none. */
  row<Row extends object>(sql: Statement, values?: readonly unknown[]): Promise<Row | undefined>;
}

/** PostgreSQL, with a pool of connections. Throws `store-unavailable` if it does not answer, and `disk-full`. */
export class Postgres implements Queries {
  readonly #pool: pg.Pool;
  /** Its address, as it is shown. */
  readonly #host: string;

  constructor(url: string) {
    this.#host = new URL(url).host;
    const types = {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        numberTypes.has(type) ? Number : pg.types.getTypeParser(type, format as 'text'),
    };
    this.#pool = new pg.Pool({
      connectionString: url,
      ...connections,
      allowExitOnIdle: true,
      types: types as pg.CustomTypesConfig,
    });
    // An idle connection that breaks is replaced; the next statement reports a server that does not answer.
    this.#pool.on('error', () => {});
  }

  rows<Row extends object>(sql: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#rowsOf<Row>(this.#pool, sql, values);
  }

  async row<Row extends object>(sql: Statement, values: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(sql, values))[0];
  }

  /**
   * Runs `work` in a transaction, all or nothing. If the connection breaks while it commits, nobody knows the outcome:
   * `CommitUnknown` is thrown.
   */
  async transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    const queries: Queries = {
      rows: (sql, values = []) => this.#rowsOf(connection, sql, values),
      row: async (sql, values = []) => (await this.#rowsOf(connection, sql, values))[0] as never,
    };
    let isBroken = false;
    try {
      await queries.rows('BEGIN');
      const result = await work(queries);
      await queries.rows('COMMIT').catch((error) => {
        throw isStoreUnavailable(error) ? new CommitUnknown(this.#host) : error;
      });
      return result;
    } catch (error) {
      await queries.rows('ROLLBACK').catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      connection.release(isBroken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const connection = await this.#pool.connect();
      // The statement in progress rejects with the same error.
      if (connection.listenerCount('error') === 0) connection.on('error', () => {});
      return connection;
    } catch (error) {
      throw problemOf(this.#host, error);
    }
  }

  async #rowsOf<Row extends object>(
    connection: pg.Pool | pg.PoolClient,
    sql: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      const statement = typeof sql === 'string' ? { text: sql } : sql;
      return (await connection.query<Row>({ ...statement, values: [...values] })).rows;
    } catch (error) {
      throw problemOf(this.#host, error);
    }
  }
}

/** The error of a transaction of which nobody knows whether it was committed. */
export class CommitUnknown extends NgramdError {
  constructor(host: string) {
    super(
      'store-unavailable',
      `The PostgreSQL server ${host} did not answer when this was committed: look whether it is there before trying again.`,
    );
  }
}

/** Whether an error says that a lock was not obtained in the time allowed. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === lockNotAvailable;
}

/** Whether an error says that a unique key exists. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === uniqueViolation;
}

/** `store-unavailable`, `disk-full`, or the error itself. */
function problemOf(host: string, error: unknown): unknown {
  const code = codeOf(error);
  const { message } = error as Error;
  if (code === diskFull) {
    return new NgramdError('disk-full', 'The disk of the PostgreSQL server is full; nothing was changed.');
  }
  const isAway =
    code === undefined ? /connect|terminated|timeout/i.test(message) : unavailableClasses.test(code);
  if (!isAway) return error;
  if (code === tooManyConnections) {
    return storeUnavailable(`The PostgreSQL server ${host} has too many connections (max_connections).`);
  }
  return storeUnavailable(`The PostgreSQL server ${host} does not answer.`);
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}
