import type { ClusterAddress } from '../store.ts';
import { ClickHouseServer, Insert, promptly } from './clickhouse-server.ts';
import { Placement } from './placement.ts';
import {
  type Chosen,
  type Place,
  Replicas,
  type RowsOfRun,
  rowsOn,
  shardsOn,
  type Written,
} from './replicas.ts';
import { wordsOf } from './rows.ts';
import { remoteTable } from './sql.ts';
import { isStoreUnavailable, storeUnavailable } from './unavailable.ts';

/** Where and how tables are made. */
export interface Layout {
  readonly database: string;
  /** The cluster's name; undefined if there is one server. */
  readonly cluster: string | undefined;
  readonly replicated: boolean;
}

/** How the servers are. */
export interface Health {
  /** Why questions cannot be answered; undefined if they can. */
  readonly noQuestions: string | undefined;
  /** Why nothing can be changed; undefined if it can. */
  readonly noChanges: string | undefined;
  /** What is wrong with servers whose work others do. */
  readonly remarks: readonly string[];
}

/** A query for what one shard has, from 0: it names the shard's own tables. */
export interface OnShard {
  readonly shard: number;
  readonly query: string;
}

/** The placement of one server. */
const onOneServer = new Placement(1);

/** What a server can do now. */
interface State {
  readonly server: ClickHouseServer;
  readonly canAnswer: boolean;
  readonly canChange: boolean;
  /** What is wrong with it. */
  readonly problem?: string;
}

/** A table with the rows of all shards in a query: `ClickHouse.table` has written its name. */
const tableOfAll = /\ball_(\w+)/g;

/**
 * The servers of ClickHouse. Throws `store-unavailable` if none of those that are needed can answer, and `disk-full`.
 */
export class ClickHouse {
  readonly layout: Layout;
  readonly #servers: readonly ClickHouseServer[];
  /** Undefined if there is one server. */
  readonly #replicas: Replicas | undefined;
  /** The servers on which this thread has created the tables. */
  readonly #prepared = new Set<ClickHouseServer>();
  /** The server that is asked where tables are not replicated: the one that answered last. */
  #current = 0;

  /** `readRows` is as for `Replicas`. */
  constructor(
    { clickhouse, cluster, replicated }: ClusterAddress,
    readRows: (runs: readonly number[]) => Promise<ReadonlyMap<number, RowsOfRun>>,
  ) {
    this.#servers = clickhouse.map((url) => new ClickHouseServer(url));
    const [, database = ''] = new URL(clickhouse[0]).pathname.split('/');
    this.layout = {
      database: database === '' ? 'default' : database,
      cluster,
      replicated: replicated && cluster !== undefined,
    };
    this.#replicas = cluster === undefined ? undefined : new Replicas(this.#servers, cluster, readRows);
  }

  /** The name of a table with the rows of all shards. */
  table(name: string): string {
    return this.#replicas === undefined ? name : `all_${name}`;
  }

  /**
   * The answer to a query, in RowBinary, by servers that have all of the runs that it reads. Others are asked where some
   * cannot answer.
   */
  async select(query: string, runs: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
    for (let tried = 1; ; tried++) {
      const chosen = await this.#chosen(runs);
      const [{ server }] = chosen;
      try {
        return await server.select(this.#placed(query, chosen));
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        await this.#doubt(chosen);
        if (tried >= this.#servers.length) throw await this.#explained(error);
      }
    }
  }

  /** Where the rows of n-grams are. */
  async placement(): Promise<Placement> {
    return this.#replicas === undefined ? onOneServer : this.#replicas.placement();
  }

  /** The answers to queries of single shards, in the way of `select`. */
  async lookUp(queries: readonly OnShard[], runs: readonly number[]): Promise<Uint8Array<ArrayBuffer>[]> {
    for (let tried = 1; ; tried++) {
      const servers = await this.#ofEachShard(runs);
      const asked = queries.map(({ shard }) => servers[shard]);
      const answers = await Promise.allSettled(queries.map(({ query }, i) => asked[i].lookUp(query)));
      const failed = answers.findIndex(({ status }) => status === 'rejected');
      if (failed < 0) return answers.map((answer) => (answer as PromiseFulfilledResult<never>).value);
      const { reason } = answers[failed] as PromiseRejectedResult;
      if (!isStoreUnavailable(reason)) throw reason;
      await this.#doubt([{ server: asked[failed] }]);
      if (tried >= this.#servers.length) throw await this.#explained(reason);
    }
  }

  /** The answers to a query by all servers that answer, and the error of one that does not. */
  async selectFromEachServer(
    query: string,
  ): Promise<{ answers: Uint8Array<ArrayBuffer>[]; problem: unknown }> {
    const results = await Promise.allSettled(this.#servers.map((server) => server.select(query)));
    const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    return { answers, problem: results.find((result) => result.status === 'rejected')?.reason };
  }

  /** The answers to a query by one server of each shard, in RowBinary. */
  async selectFromEachShard(query: string): Promise<Uint8Array<ArrayBuffer>[]> {
    return this.#onEachShard((server) => server.select(query));
  }

  /** Has one server of each shard run a statement on its own tables. */
  async onEachShard(statement: string): Promise<void> {
    await this.#onEachShard((server) => server.run(statement));
  }

  /**
   * Has one server of each shard run statements on its own tables, one after the other, which sum up runs: servers that
   * have all of these. Returns how many rows of the new run there are then.
   */
  async sumUp(statements: readonly string[], runs: readonly number[], sum: number): Promise<number> {
    const servers = await this.#ofEachShard(runs);
    const rows = await Promise.all(
      servers.map(async (server) => {
        for (const statement of statements) await server.run(statement);
        return (await rowsOn(server, [sum])).get(sum) ?? 0;
      }),
    );
    return rows.reduce((all, ofShard) => all + ofShard, 0);
  }

  /** Begins to insert rows, which are given in RowBinary, into columns of a table. */
  insert(table: string, columns: readonly string[]): Insert {
    return new Insert(async (rows) => {
      const { server, name } = await this.#placeToInsert(table);
      try {
        await server.insert(`INSERT INTO ${name} (${columns.join(', ')}) FORMAT RowBinary`, rows);
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        await this.#doubt([{ server }]);
        throw await this.#explained(error);
      }
    });
  }

  /** As `Replicas.settle`; undefined if tables are not replicated: a server that confirms an insert has the rows. */
  async settle(corpus: number, run: number, written: Written): Promise<RowsOfRun> {
    return this.layout.replicated ? this.#replicas?.settle(corpus, run, written) : undefined;
  }

  /** Whether every server has the tables. */
  get isPrepared(): boolean {
    return this.#prepared.size === this.#servers.length;
  }

  /**
   * Creates the database, which the URLs name, and what the statements create, on the servers that do not have it.
   * `statements` makes them for a version of ClickHouse. Throws if too few servers answer for anything to work.
   */
  async prepare(statements: (majorVersion: number) => readonly string[]): Promise<void> {
    const { database, replicated } = this.layout;
    const missing = this.#servers.filter((server) => !this.#prepared.has(server));
    const results = await Promise.allSettled(
      missing.map(async (server) => {
        await server.createDatabase(database);
        const version = "SELECT toUInt32(splitByChar('.', version())[1])";
        const [major] = wordsOf(await server.select(version));
        for (const statement of statements(major)) await server.run(statement);
        this.#prepared.add(server);
      }),
    );
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    const isEnough = replicated ? this.#prepared.size > 0 : failed.length === 0;
    const fatal = failed.find((error) => !isStoreUnavailable(error)) ?? (isEnough ? undefined : failed[0]);
    if (fatal !== undefined) throw fatal;
  }

  /** The number of shards. */
  async shards(): Promise<number> {
    return this.#replicas === undefined ? 1 : this.#replicas.shards();
  }

  /**
   * Throws if the number of shards has changed, which says where a row is. A server reads its configuration at any time.
   */
  async checkShards(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        const moved = await this.#movedOn(server).catch((error) => {
          // Others do its work, or say that it does not answer.
          if (!isStoreUnavailable(error)) throw error;
        });
        if (moved !== undefined) throw storeUnavailable(moved.problem);
      }),
    );
  }

  /** How the servers are. */
  async health(): Promise<Health> {
    const states = await Promise.all(this.#servers.map((server) => this.#stateOf(server)));
    const problems = states.flatMap(({ problem }) => problem ?? []);
    const canAnswer = (servers: readonly ClickHouseServer[]) =>
      states.some(({ server, canAnswer }) => canAnswer && servers.includes(server));
    const canChange = (servers: readonly ClickHouseServer[]) =>
      states.some(({ server, canChange }) => canChange && servers.includes(server));
    let shards: readonly (readonly ClickHouseServer[])[] = [];
    if (this.layout.replicated) shards = await this.#byShard().catch(() => []);
    else shards = this.#servers.map((server) => [server]);
    const all = problems.join(' ');
    return {
      noQuestions: shards.length > 0 && shards.every(canAnswer) ? undefined : all,
      noChanges: shards.length > 0 && shards.every(canChange) ? undefined : all,
      remarks: problems,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  async #stateOf(server: ClickHouseServer): Promise<State> {
    try {
      await server.ping();
      const moved = await this.#movedOn(server);
      if (moved !== undefined)
        return { server, canAnswer: !moved.isFewer, canChange: false, problem: moved.problem };
      if (!this.layout.replicated) return { server, canAnswer: true, canChange: true };
      const [readOnly] = wordsOf(
        await server.select(
          'SELECT toUInt32(count()) FROM system.replicas WHERE is_readonly AND database = currentDatabase()',
          promptly,
        ),
      );
      if (readOnly === 0) return { server, canAnswer: true, canChange: true };
      const problem = `The ClickHouse server ${server.host} does not reach ZooKeeper: its tables are read-only.`;
      return { server, canAnswer: true, canChange: false, problem };
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      const problem = `The ClickHouse server ${server.host} does not answer.`;
      return { server, canAnswer: false, canChange: false, problem };
    }
  }

  /** What is wrong with the number of shards that a server knows; undefined if it is the one that there was. */
  async #movedOn(server: ClickHouseServer): Promise<{ isFewer: boolean; problem: string } | undefined> {
    const { cluster } = this.layout;
    if (cluster === undefined || this.#replicas === undefined) return undefined;
    const [before, now] = await Promise.all([this.#replicas.shards(), shardsOn(server, cluster)]);
    if (now === before) return undefined;
    const problem = `The ClickHouse server ${server.host} has ${now} shards in the cluster ${cluster} (CLICKHOUSE_CLUSTER) instead of ${before}: give it the former number.`;
    return { isFewer: now < before, problem };
  }

  /** The servers to ask: one of each shard if tables are replicated. */
  async #chosen(runs: readonly number[]): Promise<readonly Chosen[]> {
    if (this.layout.replicated) return (this.#replicas as Replicas).choose(runs);
    return [{ server: this.#servers[this.#current] }];
  }

  /** One server of each shard, which has all of the runs. */
  async #ofEachShard(runs: readonly number[]): Promise<ClickHouseServer[]> {
    if (this.#replicas === undefined) return [this.#servers[this.#current]];
    if (this.layout.replicated) return (await this.#replicas.choose(runs)).map(({ server }) => server);
    return (await this.#replicas.byShard()).map(([server], i) => {
      if (server === undefined) throw storeUnavailable(`No ClickHouse server of shard ${i + 1} answers.`);
      return server;
    });
  }

  /** The query with the names of tables on the servers that were chosen. */
  #placed(query: string, chosen: readonly Chosen[]): string {
    const { database, replicated } = this.layout;
    if (!replicated) return query;
    if (chosen.length === 1) return query.replace(tableOfAll, '$1');
    const places = chosen.map(({ place }) => place as Place);
    const { credentials } = chosen[0].server;
    return query.replace(tableOfAll, (_, table: string) => remoteTable(places, database, table, credentials));
  }

  async #placeToInsert(table: string): Promise<{ server: ClickHouseServer; name: string }> {
    if (!this.layout.replicated) {
      return { server: this.#servers[this.#current], name: this.table(table) };
    }
    const shards = await this.#byShard();
    const [server] = shards.flat();
    return { server, name: shards.length === 1 ? table : this.table(table) };
  }

  async #doubt(chosen: readonly Chosen[]): Promise<void> {
    const servers = chosen.map(({ server }) => server);
    if (this.layout.replicated) await this.#replicas?.doubt(servers);
    else if (servers[0] === this.#servers[this.#current])
      this.#current = (this.#current + 1) % this.#servers.length;
  }

  /** The error that says which servers do not answer, if it is that. */
  async #explained(error: unknown): Promise<unknown> {
    const states = await Promise.all(this.#servers.map((server) => this.#stateOf(server)));
    const away = states.flatMap(({ server, canAnswer }) => (canAnswer ? [] : [server.host]));
    if (away.length === 0) return error;
    const hosts = away.length === 1 ? `server ${away[0]} does` : `servers ${away.join(', ')} do`;
    return storeUnavailable(`The ClickHouse ${hosts} not answer.`);
  }

  async #onEachShard<T>(work: (server: ClickHouseServer) => Promise<T>): Promise<T[]> {
    return Promise.all((await this.#byShard()).map((servers) => onFirst(servers, work)));
  }

  /** The servers of each shard, in the order in which they are to be asked. */
  async #byShard(): Promise<ClickHouseServer[][]> {
    return this.#replicas === undefined ? [[...this.#servers]] : this.#replicas.byShard();
  }
}

/** Does something on the first server that can. */
async function onFirst<T>(
  servers: readonly ClickHouseServer[],
  work: (server: ClickHouseServer) => Promise<T>,
): Promise<T> {
  for (const [i, server] of servers.entries()) {
    try {
      return await work(server);
    } catch (error) {
      if (!isStoreUnavailable(error) || i === servers.length - 1) throw error;
    }
  }
  throw storeUnavailable('The ClickHouse servers of a shard do not answer.');
}
