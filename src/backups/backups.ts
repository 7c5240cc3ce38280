import { NgramdError } from '../errors.ts';
import type { DiskSpace } from '../platform/disk-space.ts';
import type { Stage } from '../platform/stage.ts';
import type { Backup, Store, StoreBackups } from '../store/store.ts';

/** Backups of the corpora of a store, as far as there is room for them on the disk. */
export class Backups {
  readonly #store: Store;
  readonly #disk: DiskSpace;
  readonly #stage: Stage;

  /** `stage` runs the stage `backup.create`. */
  constructor(store: Store, disk: DiskSpace, stage: Stage) {
    this.#store = store;
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
    const { stored } = this;
    const space = this.#disk.reserve();
    try {
      return await this.#stage('backup.create', () =>
        stored.create(corpus, { isScheduled: false, reserve: (bytes) => space.growTo(bytes) }),
      );
    } catch (error) {
      throw await this.#store.settle(error);
    } finally {
      space.release();
    }
  }
}
