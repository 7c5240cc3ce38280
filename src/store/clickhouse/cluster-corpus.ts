import { setTimeout } from 'node:timers/promises';
import { NgramdError } from '../../errors.ts';
import { runsToMerge } from '../compaction.ts';
import type { CorpusSettings } from '../corpus.ts';
import type { ChangeOptions, CorpusChange, CorpusRef, Snapshot, StoredCorpus } from '../store.ts';
import { ClusterChange } from './change.ts';
import { CorpusCache } from './corpus-cache.ts';
import type { Databases } from './databases.ts';
import { type Head, readHead, updateHead } from './head.ts';
import { abandon, type Owner } from './owners.ts';
import { CommitUnknown, isLockTimeout, type Queries } from './postgres.ts';
import { beginRun, makeLive, writeSum } from './runs.ts';
import { ClusterSnapshot } from './snapshot.ts';
import { isStoreUnavailable, storeUnavailable } from './unavailable.ts';

/**
 * How long a change waits for those of other processes, and how long it waits before it looks whether it is cancelled.
 */
const patience = 60_000;
const lockTimeout = 500;

/** The class of the locks that are held while runs of a corpus are merged. */
const mergeLocks = 7301;

/** What a store works with. */
export interface Parts extends Databases {
  readonly owner: Owner;
}

/** A corpus in PostgreSQL and ClickHouse. */
export class ClusterCorpus implements StoredCorpus {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly #parts: Parts;
  readonly #cache: CorpusCache;
  readonly #id: number;
  /** The newest head, which is read once for all that asks in one turn of the event loop. */
  #head: Head | undefined;

  /** A corpus whose head was just read. */
  constructor(parts: Parts, name: string, head: Head) {
    this.ref = { name, id: String(head.id) };
    this.settings = head.settings;
    this.#id = head.id;
    this.#parts = parts;
    this.#cache = new CorpusCache(parts, head.id);
    this.keepHead(head);
  }

  /** Keeps a head that was just read until the end of this turn of the event loop. */
  keepHead(head: Head): void {
    this.#head = head;
    setImmediate(() => {
      if (this.#head === head) this.#head = undefined;
    });
  }

  async version(): Promise<number> {
    return (await this.#newest()).version;
  }

  /** Another process may have changed it. */
  versionNow(): undefined {}

  expectChange(): void {
    this.#head = undefined;
  }

  async read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const { owner } = this.#parts;
    await owner.registered();
    const head = await this.#newest();
    const reading = owner.begin(head.since);
    try {
      return await question(new ClusterSnapshot(this.#parts, this.ref, head, this.#cache, reading));
    } finally {
      owner.end(reading);
    }
  }

  async change<T>(work: (change: CorpusChange) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    const result = await inTransaction(this.#parts, this.#id, async (queries, run) => {
      const head = await this.#lock(queries, options);
      return makeChange({ queries, ...this.#parts, run }, this.ref, head, work, options, (after) =>
        updateHead(queries, after),
      );
    });
    this.#head = undefined;
    return result;
  }

  async needsMaintenance(): Promise<boolean> {
    return (await this.#runsToMerge()).length > 0;
  }

  /** Merges runs, of like size. Does nothing while another process merges those of this corpus. */
  async maintain(): Promise<void> {
    await this.#parts.postgres.transaction(async (queries) => {
      const lock = await queries.row<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1, $2) AS held', [
        mergeLocks,
        this.#id,
      ]);
      if (lock?.held !== true) return;
      for (let runs = await this.#runsToMerge(); runs.length > 0; runs = await this.#runsToMerge())
        await this.#merge(runs);
    });
  }

  async #newest(): Promise<Head> {
    if (this.#head !== undefined) return this.#head;
    const head = await readHead(this.#parts.postgres, 'id', this.#id);
    if (head === undefined) throw deleted();
    this.keepHead(head);
    return head;
  }

  /** Holds the corpus's row, so that no other change is made, and reads it. */
  async #lock(queries: Queries, { checkpoint = () => {} }: ChangeOptions): Promise<Head> {
    await queries.rows(`SET LOCAL lock_timeout = ${lockTimeout}`);
    for (const deadline = Date.now() + patience; ; ) {
      checkpoint();
      await queries.rows('SAVEPOINT before_lock');
      try {
        await queries.rows(`SELECT FROM corpora WHERE id = $1 AND state = 'live' FOR UPDATE`, [this.#id]);
        break;
      } catch (error) {
        if (!isLockTimeout(error)) throw error;
        if (Date.now() >= deadline) throw busy(this.ref.name);
        await queries.rows('ROLLBACK TO SAVEPOINT before_lock');
        await setTimeout(1);
      }
    }
    await queries.rows('SET LOCAL lock_timeout = 0');
    const head = await readHead(queries, 'id', this.#id);
    if (head === undefined) throw deleted();
    return head;
  }

  /** The live runs that are to be merged. */
  async #runsToMerge(): Promise<readonly number[]> {
    const runs = await this.#parts.postgres.rows<{ id: number; ngrams: number }>(
      `SELECT id, ngrams FROM runs WHERE corpus = $1 AND state = 'live' ORDER BY id`,
      [this.#id],
    );
    return runsToMerge(runs.map((run) => ({ ...run, sign: 1 }))).map(({ id }) => id);
  }

  /** Writes the sum of runs as a run, and puts it in their place. */
  async #merge(runs: readonly number[]): Promise<void> {
    const { postgres, clickhouse, owner } = this.#parts;
    const sum = await beginRun(postgres, owner, this.#id);
    try {
      const content = await writeSum(clickhouse, this.#id, runs, sum, this.settings);
      await postgres.transaction(async (queries) => {
        const replaced = await queries.rows(
          `UPDATE runs SET state = 'replaced' WHERE id = ANY ($1) AND state = 'live' RETURNING id`,
          [runs],
        );
        const isCurrent = replaced.length === runs.length && (await makeLive(queries, sum, content));
        if (!isCurrent) throw new NgramdError('unavailable', 'The runs that were merged have gone.');
      });
    } catch (error) {
      await owner.giveUp(sum);
      throw error;
    }
  }
}

/** How long a change waits before it is made again, each time that a server did not answer, in milliseconds. */
const pausesBeforeRetries = [100, 400, 1000, 2000, 4000];

/**
 * Runs `work` with a run of a corpus, in a transaction that makes it live. An insert that broke may have written some
 * of its rows: the run is then given up, and all of the work is done again with another.
 */
export async function inTransaction<T>(
  parts: Parts,
  corpus: number,
  work: (queries: Queries, run: number) => Promise<T>,
): Promise<T> {
  return againWhileUnavailable(
    () => tryTransaction(parts, corpus, work),
    (error) => !(error instanceof CommitUnknown),
  );
}

/** Does something that can be done again, for some seconds, until servers answer. */
export async function againWhileUnavailable<T>(
  work: () => Promise<T>,
  isAgain: (error: unknown) => boolean = () => true,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreUnavailable(error) || !isAgain(error) || tried === pausesBeforeRetries.length) throw error;
    }
    await setTimeout(pausesBeforeRetries[tried]);
  }
}

async function tryTransaction<T>(
  { postgres, owner }: Parts,
  corpus: number,
  work: (queries: Queries, run: number) => Promise<T>,
): Promise<T> {
  const run = await beginRun(postgres, owner, corpus);
  let result: { value: T } | undefined;
  try {
    return await postgres.transaction(async (queries) => {
      const value = await work(queries, run);
      result = { value };
      return value;
    });
  } catch (error) {
    if (!(error instanceof CommitUnknown)) {
      await owner.giveUp(run);
      throw error;
    }
    if (result === undefined || (await isUncommitted({ postgres, owner }, run, error))) {
      throw storeUnavailable('PostgreSQL did not answer when this was committed; nothing was changed.');
    }
    return result.value;
  }
}

/** For how long it is tried to learn whether a change was committed, and how often, in milliseconds. */
const outcomePatience = { total: 60_000, pause: 200 };

/**
 * Whether a run was not committed, after the connection broke; it is then given up, so that it never is. Throws `cause`
 * if PostgreSQL does not answer for long.
 */
async function isUncommitted(
  { postgres, owner }: Pick<Parts, 'postgres' | 'owner'>,
  run: number,
  cause: CommitUnknown,
): Promise<boolean> {
  for (const deadline = Date.now() + outcomePatience.total; ; ) {
    try {
      return (await abandon(postgres, [run])) > 0;
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      if (Date.now() > deadline) {
        await owner.giveUp(run);
        throw cause;
      }
    }
    await setTimeout(outcomePatience.pause);
  }
}

/** Makes a change in its transaction; `write` writes the corpus's row. */
export async function makeChange<T>(
  parts: Databases & { queries: Queries; run: number },
  ref: CorpusRef,
  before: Head,
  work: (change: CorpusChange) => Promise<T>,
  options: ChangeOptions,
  write: (after: Head) => Promise<void>,
): Promise<T> {
  const change = new ClusterChange(parts, ref, before, options);
  try {
    const result = await work(change);
    await write(await change.commit());
    return result;
  } catch (error) {
    await change.abort();
    throw error;
  }
}

function deleted(): NgramdError {
  return new NgramdError('corpus-not-found', 'The corpus was deleted.');
}

function busy(name: string): NgramdError {
  return new NgramdError('corpus-busy', `Another process is changing the corpus ${name}. Try again.`);
}
