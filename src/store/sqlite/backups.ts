import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { WorkerPool } from '../../platform/worker-pool.ts';
import type { Backup, BackupEntry, BackupOptions, StoreBackups } from '../store.ts';
import { BackupFiles } from './backup-files.ts';
import type { CorpusCopy } from './copy.ts';

/** What the backups need of their store. */
export interface BackupSource {
  /** The data folder. */
  readonly folder: string;
  /** The path of a corpus's file. Throws the errors of `Store.open`. */
  open(name: string): string;
  /** Runs `work` with a temporary path, and deletes what is there afterwards. */
  withScratch<T>(work: (path: string) => Promise<T>): Promise<T>;
}

/** The size of the pieces in which a backup is read. */
const pieceBytes = 2 ** 18;

/** Copies of corpus files in a folder, made in a thread, one after the other. */
export class SqliteBackups implements StoreBackups {
  readonly #source: BackupSource;
  readonly #files: BackupFiles;
  readonly #pool: WorkerPool;

  /** `onError` is called if the thread dies without a task. */
  constructor(source: BackupSource, onError: (error: unknown) => void) {
    this.#source = source;
    this.#files = new BackupFiles(source.folder);
    this.#pool = new WorkerPool(
      new URL(`./backup-worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: 1, idleTimeout: 10_000 },
      onError,
    );
  }

  async create(corpus: string, { isScheduled, reserve }: BackupOptions): Promise<Backup> {
    const path = this.#source.open(corpus);
    await reserve(statSync(path).size);
    return this.#source.withScratch(async (target) => {
      const copy = await this.#pool.run<CorpusCopy>('copy', { path, target });
      return this.#files.add(corpus, copy, target, isScheduled);
    });
  }

  list(corpus?: string): Promise<BackupEntry[]> {
    return this.#files.list(corpus);
  }

  describe(corpus: string, name: string): Promise<Backup> {
    return this.#files.describe(corpus, name);
  }

  async read(corpus: string, name: string, start: number, end: number): Promise<Readable> {
    const file = await this.#files.open(corpus, name);
    return file.createReadStream({ start, end, highWaterMark: pieceBytes });
  }

  remove(corpus: string, name: string): Promise<void> {
    return this.#files.remove(corpus, name);
  }

  /** Finishes what is in progress and stops the thread. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}
