import { Cron } from 'croner';
import { isProblem, NgramdError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { BackupsMade, Job } from '../ingest/job.ts';
import type { DiskSpace } from '../platform/disk-space.ts';
import type { Stage } from '../platform/stage.ts';
import type { Backup, BackupEntry, RestoreSource, Store, StoreBackups } from '../store/store.ts';

/** What backups are made of, and where. */
export interface BackupParts {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly disk: DiskSpace;
  /** Runs the stages `backup.create` and `backup.restore`. */
  readonly stage: Stage;
  /** Called with the errors of backups for which no caller waits. */
  readonly onError: (error: unknown) => void;
}

/** When backups are made, and how many of those are kept. */
export interface BackupLimits {
  /** A cron expression; without one, there is no schedule. */
  readonly schedule: string | undefined;
  /** The number of backups of each corpus that the schedule keeps; 0 for all. */
  readonly keep: number;
  /** The maximum number of corpora. */
  readonly maxCorpora: number;
}

/** Where a backup is restored to. */
export interface RestoreTarget {
  /** The name of the restored corpus. */
  readonly name: string;
  /** Whether a corpus of this name is replaced. */
  readonly replace: boolean;
}

/** Backups of the corpora of a store, as far as there is room for them on the disk. */
export class Backups {
  readonly #parts: BackupParts;
  readonly #limits: BackupLimits;
  readonly #schedule: Cron | undefined;
  #isClosing = false;

  /** Throws `not-supported` if there is a schedule and the store makes no backups. */
  constructor(parts: BackupParts, limits: BackupLimits) {
    this.#parts = parts;
    this.#limits = limits;
    if (limits.schedule === undefined) return;
    // Fails now and not in the middle of the night.
    void this.stored;
    const options = { protect: true, unref: true, catch: parts.onError };
    this.#schedule = new Cron(limits.schedule, options, () => this.createScheduled());
  }

  /** The backups that the store keeps. Throws `not-supported` if it makes none itself. */
  get stored(): StoreBackups {
    const { backups } = this.#parts.store;
    if (backups !== undefined) return backups;
    throw new NgramdError(
      'not-supported',
      'The corpora are in ClickHouse and PostgreSQL, which have backups of their own: “Backups” in docs/cluster.md says how to make and restore them.',
    );
  }

  /** Backs a corpus up. Throws the errors of `Store.open`, and `disk-full` if there is too little space. */
  create(corpus: string): Promise<Backup> {
    return this.#create(corpus, false);
  }

  /** Begins to back corpora up, one after the other. If one fails, the others are backed up nevertheless. */
  async createAll(corpora: readonly string[], requestId: string): Promise<Job<BackupsMade>> {
    void this.stored;
    return this.#begin(corpora, requestId, (corpus) => this.#create(corpus, false));
  }

  /** Backs all corpora up, as the schedule does, and deletes the earlier scheduled backups that are not to be kept. */
  async createScheduled(): Promise<void> {
    const corpora = await this.#parts.store.names();
    const earlier = Map.groupBy(await this.stored.list(), ({ corpus }) => corpus);
    const job = await this.#begin(corpora, 'schedule', async (corpus) => {
      const made = await this.#create(corpus, true);
      await this.#keep([made, ...(earlier.get(corpus) ?? [])]);
      return made;
    });
    await job.over;
  }

  /**
   * Makes a corpus of a backup. If it replaces one, this happens after the changes of that one that were asked for
   * before, and uploads to it that are in progress end with `corpus-not-found`: they were meant for another corpus.
   * Throws the errors of `StoreBackups.restore` and, at once, `corpus-exists`; and `disk-full`.
   */
  async restore(source: RestoreSource, { name, replace }: RestoreTarget): Promise<'created' | 'replaced'> {
    const { stored } = this;
    const { store, ingest } = this.#parts;
    if (!replace && (await store.has(name))) throw corpusExists(name);
    return this.#withSpace('backup.restore', (reserve) =>
      stored.restore(source, {
        name,
        replace,
        maxCorpora: this.#limits.maxCorpora,
        reserve,
        inTurn: (change) => ingest.exchange(name, change),
      }),
    );
  }

  /**
   * When each corpus was last backed up, in milliseconds since 1970, the longest ago first. Corpora without a backup are
   * among them, with 0, if there is a schedule.
   */
  async lastTimes(): Promise<[corpus: string, time: number][]> {
    const { store } = this.#parts;
    if (store.backups === undefined) return [];
    const last = new Map<string, string>();
    for (const { corpus, createdAt } of await store.backups.list()) {
      if (!last.has(corpus)) last.set(corpus, createdAt);
    }
    const times = (await store.names()).flatMap((corpus): [string, number][] => {
      const time = last.get(corpus);
      if (time === undefined) return this.#schedule === undefined ? [] : [[corpus, 0]];
      return [[corpus, Date.parse(time)]];
    });
    return times.sort(([, a], [, b]) => a - b);
  }

  /** When the schedule makes backups next; undefined if there is no schedule. */
  get nextAt(): Date | undefined {
    return this.#schedule?.nextRun() ?? undefined;
  }

  /** Ends the schedule, and jobs after the backup that is being made. */
  close(): void {
    this.#isClosing = true;
    this.#schedule?.stop();
  }

  /** Begins a job that calls `make` for each of the corpora. */
  async #begin(
    corpora: readonly string[],
    requestId: string,
    make: (corpus: string) => Promise<Backup>,
  ): Promise<Job<BackupsMade>> {
    const { ingest, store } = this.#parts;
    const sizes = (await store.sizes()).corpora;
    const task = { operation: 'create-backups', corpora, requestId } as const;
    return ingest.jobs.start(task, (job: Job<BackupsMade>) => {
      job.totalBytes = corpora.reduce((sum, corpus) => sum + (sizes.get(corpus) ?? 0), 0);
      return this.#makeEach(job, make);
    });
  }

  async #makeEach(job: Job<BackupsMade>, make: (corpus: string) => Promise<Backup>): Promise<BackupsMade> {
    const failures: { corpus: string; error: unknown }[] = [];
    let backups = 0;
    for (const corpus of job.task.corpora) {
      job.signal.throwIfAborted();
      if (this.#isClosing)
        throw new NgramdError('unavailable', 'The service is stopping. The backups that were made are kept.');
      try {
        const { bytes } = await make(corpus);
        job.receive(bytes, 0);
        backups++;
      } catch (error) {
        // Deleted since the job began.
        if (!(await this.#parts.store.has(corpus)) && isNotFound(error)) continue;
        failures.push({ corpus, error });
        this.#parts.onError(error);
      }
    }
    return { backups, failed: failures.length, failures };
  }

  #create(corpus: string, isScheduled: boolean): Promise<Backup> {
    return this.#withSpace('backup.create', (reserve) =>
      this.stored.create(corpus, { isScheduled, reserve }),
    );
  }

  /** Deletes those of a corpus's backups, newest first, that the schedule made and are not to be kept. */
  async #keep(backups: readonly BackupEntry[]): Promise<void> {
    const { keep } = this.#limits;
    if (keep === 0) return;
    for (const { corpus, name } of backups.filter(({ isScheduled }) => isScheduled).slice(keep)) {
      try {
        await this.stored.remove(corpus, name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  /** Runs a stage that reserves disk space as it needs it. */
  async #withSpace<T>(
    stage: string,
    work: (reserve: (bytes: number) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { disk, store } = this.#parts;
    const space = disk.reserve();
    try {
      return await this.#parts.stage(stage, () => work((bytes) => space.growTo(bytes)));
    } catch (error) {
      throw await store.settle(error);
    } finally {
      space.release();
    }
  }
}

function isNotFound(error: unknown): boolean {
  return isProblem(error, 'corpus-not-found', 'backup-not-found');
}

function corpusExists(name: string): NgramdError {
  return new NgramdError(
    'corpus-exists',
    `There is a corpus named ${JSON.stringify(name)}. Restore the backup under another name, or ask to replace it with replace=true.`,
  );
}
