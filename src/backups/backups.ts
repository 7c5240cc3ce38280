import { NgramdError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { DiskSpace } from '../platform/disk-space.ts';
import type { Stage } from '../platform/stage.ts';
import type { Backup, RestoreSource, Store, StoreBackups } from '../store/store.ts';

/** Where a backup is restored to. */
export interface RestoreTarget {
  /** The name of the restored corpus. */
  readonly name: string;
  /** Whether a corpus of this name is replaced. */
  readonly replace: boolean;
}

/** Backups of the corpora of a store, as far as there is room for them on the disk. */
export class Backups {
  readonly #store: Store;
  readonly #ingest: Ingest;
  readonly #maxCorpora: number;
  readonly #disk: DiskSpace;
  readonly #stage: Stage;

  /** `stage` runs the stages `backup.create` and `backup.restore`. */
  constructor(store: Store, ingest: Ingest, maxCorpora: number, disk: DiskSpace, stage: Stage) {
    this.#store = store;
    this.#ingest = ingest;
    this.#maxCorpora = maxCorpora;
    this.#disk = disk;
    this.#stage = stage;
  }

  /** The backups that the store keeps. Throws `not-supported` if it makes none itself. */
  get stored(): StoreBackups {
    const { backups } = this.#store;
    if (backups !== undefined) return backups;
    throw new NgramdError(
      'not-supported',
      'The corpora are in a database that has backups of its own: make and restore them there.',
    );
  }

  /** Backs a corpus up. Throws the errors of `Store.open`, and `disk-full` if there is too little space. */
  async create(corpus: string): Promise<Backup> {
    return this.#withSpace('backup.create', (reserve) =>
      this.stored.create(corpus, { isScheduled: false, reserve }),
    );
  }

  /**
   * Makes a corpus of a backup. If it replaces one, this happens after the changes of that one that were asked for before,
   * and uploads to it that are in progress end with `corpus-not-found`: they were meant for another corpus. Throws the
   * errors of `StoreBackups.restore` and, at once, `corpus-exists`; and `disk-full`.
   */
  async restore(source: RestoreSource, { name, replace }: RestoreTarget): Promise<'created' | 'replaced'> {
    const { stored } = this;
    if (!replace && (await this.#store.has(name))) throw corpusExists(name);
    return this.#withSpace('backup.restore', (reserve) =>
      stored.restore(source, {
        name,
        replace,
        maxCorpora: this.#maxCorpora,
        reserve,
        inTurn: (change) => this.#ingest.exchange(name, change),
      }),
    );
  }

  /** Runs a stage that reserves disk space as it needs it. */
  async #withSpace<T>(
    stage: string,
    work: (reserve: (bytes: number) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const space = this.#disk.reserve();
    try {
      return await this.#stage(stage, () => work((bytes) => space.growTo(bytes)));
    } catch (error) {
      throw await this.#store.settle(error);
    } finally {
      space.release();
    }
  }
}

function corpusExists(name: string): NgramdError {
  return new NgramdError(
    'corpus-exists',
    `There is a corpus named ${JSON.stringify(name)}. Restore the backup under another name, or ask to replace it with replace=true.`,
  );
}
