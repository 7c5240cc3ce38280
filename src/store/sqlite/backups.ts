import { renameSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { flush, makeFolder } from '../../platform/durable-files.ts';
import { WorkerPool } from '../../platform/worker-pool.ts';
import type { Backup } from '../store.ts';
import type { CorpusCopy } from './copy.ts';

/** Copies corpus files into the folder `backups/` of a data folder, in a thread of its own, one after the other. */
export class Backups {
  readonly #folder: string;
  readonly #pool: WorkerPool;

  /** `folder` is the data folder; `onError` is told where the thread dies without a backup to make. */
  constructor(folder: string, onError: (error: unknown) => void) {
    this.#folder = join(folder, 'backups');
    makeFolder(this.#folder);
    this.#pool = new WorkerPool(
      new URL(`./backup-worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: 1, idleTimeout: 10_000 },
      onError,
    );
  }

  /**
   * Copies the file at `path`, of the corpus `name`, by way of the temporary path `target`, which the caller deletes. See
   * `Store.backup`.
   */
  async create(
    name: string,
    path: string,
    target: string,
    reserve: (bytes: number) => Promise<void>,
  ): Promise<Backup> {
    await reserve(statSync(path).size);
    const copy = await this.#pool.run<CorpusCopy>('default', { path, target });
    const createdAt = new Date().toISOString();
    const file = `${name}-${copy.version}-${createdAt.replaceAll(/[-:.]/g, '')}.sqlite`;
    renameSync(target, join(this.#folder, file));
    await flush(this.#folder);
    return { ...copy, file: join('backups', file), createdAt };
  }

  /** Finishes what is under way and stops the thread. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}
