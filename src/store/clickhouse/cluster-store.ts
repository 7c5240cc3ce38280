import { isMainThread } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { NgramdError } from '../../errors.ts';
import { initialTokens } from '../../text/reserved.ts';
import type {
  ChangeOptions,
  ClusterAddress,
  CorpusChange,
  NewCorpus,
  Store,
  StoredCorpus,
  StoreOptions,
  StoreSizes,
} from '../store.ts';
import { ClickHouse, type Health } from './clickhouse.ts';
import {
  againWhileUnavailable,
  ClusterCorpus,
  inTransaction,
  makeChange,
  type Parts,
} from './cluster-corpus.ts';
import { addHead, headOfNew, readHead } from './head.ts';
import { ClusterJobs } from './jobs.ts';
import { migrate } from './migrations.ts';
import { Owner } from './owners.ts';
import { isDuplicate, isLockTimeout, Postgres, type Queries } from './postgres.ts';
import { readRows } from './runs.ts';
import { runSizes } from './sizes.ts';
import { dropOrphans, sweep } from './sweep.ts';
import { isStoreUnavailable, storeUnavailable } from './unavailable.ts';
import { Vocabulary } from './vocabulary.ts';

/** How many corpora are kept open. */
const defaultMaxOpen = isMainThread ? 100 : 8;

/** The number of the lock that is held while names are given. */
const namesLock = 7_301_003;

/** How often runs that nobody reads any more are dropped, in milliseconds. */
const sweepInterval = 10_000;

/**
 * How often rows that should not be there are looked for, in milliseconds: servers are asked for all that they have.
 */
const orphansInterval = 3_600_000;

/** For how long it is known whether changes can be made, in milliseconds. */
const checkedFor = 1000;

/** Corpora whose counts are in ClickHouse and whose catalogue is in PostgreSQL. */
export class ClusterStore implements Store {
  readonly address: ClusterAddress;
  readonly hasAdjustedCounts = true;
  readonly jobs: ClusterJobs;
  readonly #parts: Parts;
  readonly #open: LRUCache<string, ClusterCorpus>;
  readonly #onDamage: (message: string) => void;
  #sweeping: NodeJS.Timeout | undefined;
  /** When rows that should not be there were looked for. */
  #orphansAt = performance.now();
  /** What is done from time to time, while it is being done. */
  #keepingUp: Promise<void> | undefined;
  /** Whether there are tables, as far as this thread knows. */
  #isReady = false;
  #preparing: Promise<void> | undefined;
  #checked: { at: number; health: Promise<Health> } | undefined;

  private constructor(
    address: ClusterAddress,
    { maxOpen = defaultMaxOpen, onDamage = () => {} }: StoreOptions,
  ) {
    const postgres = new Postgres(address.postgres);
    const clickhouse = new ClickHouse(address, (runs) => readRows(postgres, runs));
    this.address = address;
    this.#parts = { postgres, clickhouse, owner: new Owner(postgres) };
    this.jobs = new ClusterJobs(postgres, this.#parts.owner);
    this.#open = new LRUCache({ max: maxOpen });
    this.#onDamage = onDamage;
  }

  /**
   * Opens the store, also if servers do not answer. The main thread makes its tables and drops what is left of dead
   * processes. Throws `schema-too-new`.
   */
  static async open(address: ClusterAddress, options: StoreOptions): Promise<ClusterStore> {
    const store = new ClusterStore(address, options);
    if (!isMainThread) return store;
    const { onError = () => {} } = options;
    try {
      await store.#ready();
    } catch (error) {
      if (!isStoreUnavailable(error)) {
        await store.close();
        throw error;
      }
    }
    store.#sweeping = setInterval(() => {
      store.#keepingUp ??= store
        .#keepUp()
        .catch(onError)
        .finally(() => {
          store.#keepingUp = undefined;
        });
    }, sweepInterval).unref();
    return store;
  }

  async names(): Promise<string[]> {
    return this.#names('live');
  }

  async has(name: string): Promise<boolean> {
    await this.#ready();
    const found = await this.#parts.postgres.rows(`SELECT FROM corpora WHERE name = $1 AND state = 'live'`, [
      name,
    ]);
    return found.length > 0;
  }

  async damaged(): Promise<string[]> {
    const live = new Set(await this.names());
    return (await this.#names('damaged')).filter((name) => !live.has(name));
  }

  async open(name: string): Promise<StoredCorpus> {
    await this.#ready();
    const head = await readHead(this.#parts.postgres, 'name', name);
    if (head === undefined) {
      this.#open.delete(name);
      throw await this.#missing(name);
    }
    const known = this.#open.get(name);
    if (known?.ref.id === String(head.id)) {
      known.keepHead(head);
      return known;
    }
    const corpus = new ClusterCorpus(this.#parts, name, head);
    this.#open.set(name, corpus);
    return corpus;
  }

  /** Another process may have removed it. */
  opened(): undefined {}

  async opensAtOnce(): Promise<boolean> {
    return true;
  }

  async create<T>(
    { name, settings, now, maxCorpora, copyOf }: NewCorpus,
    write: (change: CorpusChange) => Promise<T>,
    options: ChangeOptions = {},
  ): Promise<T | undefined> {
    if (await this.has(name)) return undefined;
    const id = await this.#newId();
    try {
      return await inTransaction(this.#parts, id, async (queries, run) => {
        await new Vocabulary(queries, id).add(initialTokens(settings).entries());
        const ref = { name, id: String(id) };
        const before = headOfNew(id, settings, now);
        return makeChange({ queries, ...this.#parts, run }, ref, before, write, options, async (after) => {
          await this.#checkName(queries, name, maxCorpora);
          const history = copyOf ?? { version: 1, createdDocuments: after.documents };
          await addHead(queries, name, { ...after, ...history });
        });
      });
    } catch (error) {
      if (error instanceof NameTaken || isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.#ready();
    const { postgres } = this.#parts;
    const found = await postgres.rows<{ id: number }>(
      `SELECT id FROM corpora WHERE name = $1 AND state <> 'removed'`,
      [name],
    );
    this.#open.delete(name);
    if (found.length === 0) throw await this.#missing(name);
    const ids = found.map(({ id }) => id);
    // It may be done again where nobody knows whether it was done: an id is that of one corpus for all time.
    await againWhileUnavailable(() => removeCorpora(postgres, name, ids));
    this.#open.delete(name);
  }

  async settle(error: unknown): Promise<unknown> {
    if (!(error instanceof NgramdError) || error.corpus === undefined) return error;
    const { name, id } = error.corpus;
    const set = await this.#parts.postgres.rows(
      `UPDATE corpora SET state = 'damaged' WHERE id = $1 AND state = 'live' RETURNING id`,
      [Number(id)],
    );
    if (set.length > 0) {
      this.#onDamage(`${error.message} It has been set aside.`);
      this.#open.delete(name);
    }
    return (await this.damaged()).includes(name) ? this.#missing(name) : error;
  }

  async sizes(): Promise<StoreSizes> {
    await this.#ready();
    return { corpora: await runSizes(this.#parts), temporary: 0 };
  }

  async probe(): Promise<string | undefined> {
    await this.#ready();
    const { noQuestions, remarks } = await this.#health();
    if (noQuestions !== undefined) throw storeUnavailable(noQuestions);
    return remarks.length === 0 ? undefined : remarks.join(' ');
  }

  async checkWritable(): Promise<void> {
    await this.#ready();
    if (this.#checked === undefined || performance.now() - this.#checked.at > checkedFor) {
      this.#checked = { at: performance.now(), health: this.#health() };
    }
    const { noChanges } = await this.#checked.health;
    if (noChanges !== undefined) throw storeUnavailable(noChanges);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#keepingUp;
    const { postgres, clickhouse, owner } = this.#parts;
    await owner.close();
    await Promise.all([postgres.close(), clickhouse.close()]);
  }

  /** How the servers of ClickHouse are. Throws if PostgreSQL does not answer. */
  async #health(): Promise<Health> {
    const { postgres, clickhouse } = this.#parts;
    const [health] = await Promise.all([clickhouse.health(), postgres.rows('SELECT 1')]);
    return health;
  }

  /** Resolves when there are tables, which are made if they could not be made before. */
  async #ready(): Promise<void> {
    if (this.#isReady) return;
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = undefined;
    });
    await this.#preparing;
  }

  async #prepare(): Promise<void> {
    if (isMainThread) await migrate(this.#parts.postgres, this.#parts.clickhouse);
    this.#isReady = true;
  }

  /** What is done from time to time. Servers that do not answer are tried again. */
  async #keepUp(): Promise<void> {
    const { postgres, clickhouse } = this.#parts;
    try {
      await this.#ready();
      if (!clickhouse.isPrepared) await migrate(postgres, clickhouse);
      await sweep(postgres, clickhouse);
      if (performance.now() - this.#orphansAt > orphansInterval) {
        this.#orphansAt = performance.now();
        await dropOrphans(postgres, clickhouse);
      }
    } catch (error) {
      // `probe` and the requests themselves say so.
      if (!isStoreUnavailable(error)) throw error;
    }
  }

  async #names(state: 'live' | 'damaged'): Promise<string[]> {
    await this.#ready();
    const rows = await this.#parts.postgres.rows<{ name: string }>(
      'SELECT DISTINCT name FROM corpora WHERE state = $1',
      [state],
    );
    return rows.map(({ name }) => name).sort();
  }

  async #newId(): Promise<number> {
    const row = await this.#parts.postgres.row<{ id: number }>(`SELECT nextval('corpus_ids') AS id`);
    return (row as { id: number }).id;
  }

  /**
   * Holds the names, and throws `too-many-corpora` if there are as many as there may be, `NameTaken` if this is one.
   */
  async #checkName(queries: Queries, name: string, maxCorpora: number): Promise<void> {
    await queries.rows('SELECT pg_advisory_xact_lock($1)', [namesLock]);
    const names = await queries.rows<{ name: string }>(`SELECT name FROM corpora WHERE state = 'live'`);
    if (names.some((other) => other.name === name)) throw new NameTaken();
    if (names.length < maxCorpora) return;
    throw new NgramdError(
      'too-many-corpora',
      `There are ${maxCorpora} corpora, the maximum of this server (MAX_CORPORA). Delete one first.`,
    );
  }

  /** The error for a corpus that does not exist. */
  async #missing(name: string): Promise<NgramdError> {
    if (!(await this.damaged()).includes(name)) {
      return new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
    }
    return new NgramdError(
      'corpus-damaged',
      `The corpus ${name} was found damaged and has been set aside; the log says what was wrong. Upload the corpus again. DELETE the corpus to delete what is left of it.`,
    );
  }
}

/** Removes corpora, all of which had a name. */
async function removeCorpora(postgres: Postgres, name: string, ids: readonly number[]): Promise<void> {
  try {
    await postgres.transaction(async (queries) => {
      await queries.rows('SET LOCAL lock_timeout = 1000');
      await queries.rows(`UPDATE corpora SET state = 'removed' WHERE id = ANY ($1)`, [ids]);
      await queries.rows(`UPDATE runs SET state = 'replaced' WHERE corpus = ANY ($1) AND state = 'live'`, [
        ids,
      ]);
    });
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new NgramdError('corpus-busy', `Another process is changing the corpus ${name}. Try again.`);
  }
}

/** Thrown if the name of a corpus that is being created is that of another. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';
}
