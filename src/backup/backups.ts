import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Corpora } from '../index/corpora.ts';
import type { DiskSpace } from '../platform/disk-space.ts';
import { WorkerPool } from '../platform/worker-pool.ts';
import type { CorpusCopy } from '../store/sqlite/copy.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';

/** A copy of a corpus in the folder of backups. */
export interface Backup extends CorpusCopy {
  /** Its path below the data folder. */
  file: string;
  createdAt: string;
}

/** Makes backups of corpora in a thread of its own, one after the other. */
export class Backups {
  readonly #directory: CorpusDirectory;
  readonly #corpora: Corpora;
  readonly #disk: DiskSpace;
  readonly #pool: WorkerPool;

  /** `onError` is told where the thread dies without a backup to make. */
  constructor(
    directory: CorpusDirectory,
    corpora: Corpora,
    disk: DiskSpace,
    onError: (error: unknown) => void,
  ) {
    this.#directory = directory;
    this.#corpora = corpora;
    this.#disk = disk;
    this.#pool = new WorkerPool(
      new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: 1, idleTimeout: 10_000 },
      onError,
    );
  }

  /**
   * Backs a corpus up as it is at one version, whatever is committed meanwhile.
   * Throws `corpus-not-found`, `disk-full`, and what opening its file can throw.
   */
  async create(name: string): Promise<Backup> {
    const path = this.#corpora.read(name, (corpus) => corpus.path);
    const target = this.#directory.temporaryPath();
    const space = this.#disk.reserve();
    try {
      await space.growTo(statSync(path).size);
      const copy = await this.#pool.run<CorpusCopy>('default', { path, target });
      const createdAt = new Date().toISOString();
      const file = await this.#directory.keepBackup(
        target,
        `${name}-${copy.version}-${createdAt.replaceAll(/[-:.]/g, '')}`,
      );
      return { ...copy, file, createdAt };
    } catch (error) {
      throw this.#corpora.settle(error);
    } finally {
      this.#directory.discard(target);
      space.release();
    }
  }

  /** Finishes what is under way and stops the thread. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}
