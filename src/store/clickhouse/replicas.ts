import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type ClickHouseServer, promptly } from './clickhouse-server.ts';
import { cityHash64, Placement } from './placement.ts';
import { longAt, wordsOf } from './rows.ts';
import { remoteTable } from './sql.ts';
import { isStoreUnavailable, storeUnavailable } from './unavailable.ts';

/** For how long it is known that a replica has a run, in milliseconds: it could be replaced by an empty one. */
const knownFor = 1000;

/** For how long a replica that did not answer, or lacked a run, is asked after the others, in milliseconds. */
const demotedFor = 10_000;

/** How long a new run is waited for at the other replicas, and at any at all, in milliseconds. */
const patience = { others: 3000, first: 10_000 };

/** The pauses in which a new run is waited for, in milliseconds. */
const pauses = { first: 5, last: 100 };

/** How many runs are remembered with their numbers of rows. */
const maxRuns = 10_000;

/** How much was written under the id of a run: rows of the tables whose partitions are runs, and pages of tokens. */
export interface Written {
  readonly rows: number;
  readonly pages: number;
}

/** The number of rows of a run on each shard, in all tables together; undefined if it is not known. */
export type RowsOfRun = readonly number[] | undefined;

/** The place of a server in the cluster. */
export interface Place {
  readonly shard: number;
  /** Its address for other servers. */
  readonly host: string;
  readonly port: number;
}

/** What is known of a server. */
interface Replica {
  readonly server: ClickHouseServer;
  place: Place | undefined;
  /** When each run was seen to be there as a whole. */
  readonly whole: Map<number, number>;
  demotedUntil: number;
}

/** A server that is asked; its place is needed where there are others. */
export interface Chosen {
  readonly server: ClickHouseServer;
  readonly place?: Place | undefined;
}

/**
 * The replicas of the shards, and which of them have which runs as a whole. A replica that was away comes back without
 * what it missed, and answers nevertheless. Rows of a run are only added until it is live, and stay until nobody reads
 * it: a replica that has as many as were committed has the run.
 */
export class Replicas {
  readonly #cluster: string;
  readonly #replicas: readonly Replica[];
  readonly #readRows: (runs: readonly number[]) => Promise<ReadonlyMap<number, RowsOfRun>>;
  readonly #rows = new LRUCache<number, { rows: RowsOfRun }>({ max: maxRuns });
  /** The number of shards; 0 until a server has answered. */
  #shards = 0;
  #placement: Placement | undefined;
  #placing: Promise<void> | undefined;

  /** `readRows` reads what `settle` returned of runs that are or were live. */
  constructor(
    servers: readonly ClickHouseServer[],
    cluster: string,
    readRows: (runs: readonly number[]) => Promise<ReadonlyMap<number, RowsOfRun>>,
  ) {
    this.#cluster = cluster;
    this.#readRows = readRows;
    const first = Math.floor(Math.random() * servers.length);
    // Threads prefer different servers.
    this.#replicas = [...servers.slice(first), ...servers.slice(0, first)].map((server) => ({
      server,
      place: undefined,
      whole: new Map(),
      demotedUntil: 0,
    }));
  }

  /** The number of shards. */
  async shards(): Promise<number> {
    await this.#placed();
    return this.#shards;
  }

  /** Where the rows of n-grams are. */
  async placement(): Promise<Placement> {
    await this.#placed();
    return this.#placement as Placement;
  }

  /** One replica of each shard that has all of these runs. Throws `store-unavailable`. */
  async choose(runs: readonly number[]): Promise<Chosen[]> {
    const shards = await this.shards();
    const rows = await this.#rowsOf(runs);
    return Promise.all(Array.from({ length: shards }, async (_, i) => this.#wholeReplica(i + 1, runs, rows)));
  }

  /** The replicas of each shard in the order in which they are to be asked. */
  async byShard(): Promise<ClickHouseServer[][]> {
    const shards = await this.shards();
    return Array.from({ length: shards }, (_, i) => this.#ofShard(i + 1).map(({ server }) => server));
  }

  /** Forgets what was known of servers one of which did not answer, and asks that one after the others. */
  async doubt(servers: readonly ClickHouseServer[]): Promise<void> {
    const doubted = this.#replicas.filter(({ server }) => servers.includes(server));
    await Promise.all(
      doubted.map(async (replica) => {
        replica.whole.clear();
        if (doubted.length === 1 || !(await answers(replica.server))) demote(replica);
      }),
    );
  }

  /**
   * Waits until what was written of a run is there: on a replica of each shard and, for some seconds, on the others that
   * answer, so that the run outlives any of them. Returns the number of its rows on each shard.
   */
  async settle(corpus: number, run: number, written: Written): Promise<readonly number[]> {
    const shards = await this.shards();
    const begun = Date.now();
    for (let pause = pauses.first; ; pause = Math.min(2 * pause, pauses.last)) {
      const asked = this.#replicas.filter(({ place }) => place !== undefined);
      const found = await Promise.all(asked.map((replica) => writtenOn(replica, corpus, run)));
      const most = Array.from({ length: shards }, (_, i) => {
        const ofShard = found.filter((_, j) => asked[j].place?.shard === i + 1);
        return {
          rows: Math.max(0, ...ofShard.map((there) => there?.rows ?? 0)),
          pages: Math.max(0, ...ofShard.map((there) => there?.pages ?? 0)),
        };
      });
      const lacks = asked.filter((replica, i) => {
        const { rows, pages } = most[(replica.place as Place).shard - 1];
        return found[i] !== undefined && (found[i].rows < rows || found[i].pages < pages);
      });
      const isThere = sum(most, 'rows') === written.rows && sum(most, 'pages') === written.pages;
      const waited = Date.now() - begun;
      if (isThere && (waited >= patience.others || lacks.every(isDemoted))) {
        for (const replica of lacks) demote(replica);
        const rows = most.map(({ rows }) => rows);
        this.#rows.set(run, { rows });
        return rows;
      }
      if (!isThere && waited >= patience.first) {
        throw storeUnavailable('A ClickHouse server that was written to does not answer.');
      }
      await setTimeout(pause);
    }
  }

  async #wholeReplica(
    shard: number,
    runs: readonly number[],
    rows: ReadonlyMap<number, RowsOfRun>,
  ): Promise<Chosen> {
    const reasons: string[] = [];
    for (const replica of this.#ofShard(shard)) {
      try {
        if (await hasAll(replica, shard, runs, rows)) {
          return replica;
        }
        reasons.push(`${replica.server.host} does not have everything yet`);
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        replica.whole.clear();
        reasons.push(`${replica.server.host} does not answer`);
      }
      demote(replica);
    }
    const away = this.#replicas.filter(({ place }) => place === undefined);
    reasons.push(...away.map(({ server }) => `${server.host} does not answer`));
    throw storeUnavailable(`No ClickHouse server of shard ${shard} can answer: ${reasons.join(', ')}.`);
  }

  /** The replicas of a shard; those that did not answer lately come last, and last of all the one that just failed. */
  #ofShard(shard: number): Replica[] {
    const rank = (replica: Replica) => (isDemoted(replica) ? replica.demotedUntil : 0);
    return this.#replicas
      .filter(({ place }) => place?.shard === shard)
      .sort((one, other) => rank(one) - rank(other));
  }

  /** Resolves when the places of the servers that answer are known. */
  async #placed(): Promise<void> {
    const isComplete = this.#replicas.every(({ place }) => place !== undefined);
    if (isComplete) return;
    this.#placing ??= this.#readPlaces().finally(() => {
      this.#placing = undefined;
    });
    await this.#placing;
  }

  /** Reads the places that are not known. Those of servers that did not answer are read again after a while. */
  async #readPlaces(): Promise<void> {
    const unknown = this.#replicas.filter((replica) => replica.place === undefined);
    const due = this.#shards === 0 ? unknown : unknown.filter((replica) => !isDemoted(replica));
    await Promise.all(
      due.map(async (replica) => {
        try {
          const found = await placeOf(replica.server, this.#cluster);
          replica.place = found.place;
          this.#shards = found.shards;
          this.#placement ??= new Placement(found.shards);
        } catch (error) {
          if (!isStoreUnavailable(error)) throw error;
          demote(replica);
        }
      }),
    );
    if (this.#shards > 0) return;
    const hosts = unknown.map(({ server }) => server.host).join(', ');
    throw storeUnavailable(`No ClickHouse server answers: ${hosts}.`);
  }

  async #rowsOf(runs: readonly number[]): Promise<ReadonlyMap<number, RowsOfRun>> {
    const missing = runs.filter((run) => !this.#rows.has(run));
    if (missing.length > 0) {
      for (const [run, rows] of await this.#readRows(missing)) this.#rows.set(run, { rows });
    }
    return new Map(runs.map((run) => [run, this.#rows.get(run)?.rows]));
  }
}

/** Whether a replica has all rows of some runs; only those that were not seen lately are asked for. */
async function hasAll(
  replica: Replica,
  shard: number,
  runs: readonly number[],
  rows: ReadonlyMap<number, RowsOfRun>,
): Promise<boolean> {
  const { server, whole } = replica;
  const now = performance.now();
  const isKnown = (run: number) => now - (whole.get(run) ?? Number.NEGATIVE_INFINITY) < knownFor;
  const unknown = runs.filter((run) => !isKnown(run));
  if (unknown.length === 0) return true;
  const found = await rowsOn(server, unknown);
  const isWhole = (run: number) => (found.get(run) ?? 0) >= (rows.get(run)?.[shard - 1] ?? 0);
  if (whole.size > maxRuns) whole.clear();
  for (const run of unknown) if (isWhole(run)) whole.set(run, now);
  return unknown.every(isWhole);
}

/** The number of rows of runs on a server, by run. */
export async function rowsOn(
  server: ClickHouseServer,
  runs: readonly number[],
): Promise<Map<number, number>> {
  const partitions = runs.map((run) => `'${run}'`).join(',');
  const words = wordsOf(
    await server.select(
      `SELECT toUInt32OrZero(partition) AS run, toUInt64(sum(rows)) AS found FROM system.parts
       WHERE active AND database = currentDatabase() AND table != 'tokens' AND partition IN (${partitions}) GROUP BY run`,
      promptly,
    ),
  );
  const rows = new Map<number, number>();
  for (let at = 0; at < words.length; at += 3) rows.set(words[at], longAt(words, at + 1));
  return rows;
}

/** What a replica has of a run; undefined if it does not answer. */
async function writtenOn(replica: Replica, corpus: number, run: number): Promise<Written | undefined> {
  const { server } = replica;
  try {
    const [rows, answer] = await Promise.all([
      rowsOn(server, [run]),
      server.select(
        `SELECT toUInt32(count()) AS pages FROM tokens WHERE corpus = ${corpus} AND segment = ${run}`,
        promptly,
      ),
    ]);
    return { rows: rows.get(run) ?? 0, pages: wordsOf(answer)[0] };
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    replica.whole.clear();
    demote(replica);
    return undefined;
  }
}

/** The number of shards, as a server reports it. */
export async function shardsOn(server: ClickHouseServer, cluster: string): Promise<number> {
  const answer = await server.select(
    `SELECT toUInt32(max(shard_num)) FROM system.clusters WHERE cluster = '${quoted(cluster)}'`,
    promptly,
  );
  return wordsOf(answer)[0];
}

/** Values whose hashes show that a server places rows as `Placement` does. */
const hashed = [2 ** 32 - 1, 7];

/** The place of a server, as it reports it itself, and the number of shards. */
async function placeOf(server: ClickHouseServer, cluster: string): Promise<{ place: Place; shards: number }> {
  const ofThis = `FROM system.clusters WHERE cluster = '${quoted(cluster)}'`;
  const [numbers, local] = await Promise.all([
    server.select(
      `SELECT toUInt32(max(shard_num)), toUInt32(max(shard_weight)),
         cityHash64(${hashed.map((value) => `toUInt32(${value})`)}) ${ofThis}`,
      promptly,
    ),
    server.select(`SELECT toUInt32(shard_num), toUInt32(port), host_name ${ofThis} AND is_local`, promptly),
  ]);
  const [shards, weight, low, high] = wordsOf(numbers);
  const places = placesIn(local);
  const refuse = (reason: string) => new Error(`The ClickHouse server ${server.host} ${reason}.`);
  const name = `the cluster ${JSON.stringify(cluster)} (CLICKHOUSE_CLUSTER)`;
  if (places.length === 0) throw refuse(`is in no shard of ${name}; system.clusters says which it knows`);
  if (weight !== 1) throw refuse(`gives a shard of ${name} the weight ${weight}: all must have 1`);
  const [expectedHigh, expectedLow] = cityHash64(hashed);
  if (high !== expectedHigh || low !== expectedLow)
    throw refuse('computes cityHash64 in another way than this service');
  return { place: places.length === 1 ? places[0] : await ownAmong(server, places), shards };
}

/** Which of some places is that of a server: old versions call all replicas of their own shard local. */
async function ownAmong(server: ClickHouseServer, places: readonly Place[]): Promise<Place> {
  const replicaIn = async (table: string) => {
    const query = `SELECT substitution FROM ${table} WHERE macro = 'replica'`;
    return Buffer.from(await server.select(query, promptly)).toString();
  };
  const own = await replicaIn('system.macros');
  for (const place of places) {
    try {
      if ((await replicaIn(remoteTable([place], 'system', 'macros', server.credentials))) === own)
        return place;
    } catch (error) {
      // It is another, which does not answer.
      if (!isStoreUnavailable(error)) throw error;
    }
  }
  throw storeUnavailable(`The ClickHouse server ${server.host} does not reach itself.`);
}

/**
 * The places in an answer: a shard, a port, and a host as its length and its characters, of which there are fewer than
 * 256.
 */
function placesIn(answer: Uint8Array<ArrayBuffer>): Place[] {
  const view = new DataView(answer.buffer);
  const places: Place[] = [];
  for (let at = 0; at < answer.length; ) {
    const low = view.getUint8(at + 8);
    const isLong = low >= 128;
    const length = isLong ? (low & 127) | (view.getUint8(at + 9) << 7) : low;
    const start = at + (isLong ? 10 : 9);
    const host = Buffer.from(answer.subarray(start, start + length)).toString();
    places.push({ shard: view.getUint32(at, true), port: view.getUint32(at + 4, true), host });
    at = start + length;
  }
  return places;
}

async function answers(server: ClickHouseServer): Promise<boolean> {
  try {
    await server.ping();
    return true;
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return false;
  }
}

function quoted(name: string): string {
  return name.replaceAll("'", "\\'");
}

function demote(replica: Replica): void {
  replica.demotedUntil = performance.now() + demotedFor;
}

function isDemoted({ demotedUntil }: Replica): boolean {
  return performance.now() < demotedUntil;
}

function sum(all: readonly Written[], what: keyof Written): number {
  return all.reduce((total, written) => total + written[what], 0);
}
