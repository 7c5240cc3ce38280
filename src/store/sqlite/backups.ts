import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { NgramdError } from '../../errors.ts';
import { WorkerPool } from '../../platform/worker-pool.ts';
import type {
  Backup,
  BackupEntry,
  BackupOptions,
  RestoreOptions,
  RestoreSource,
  StoreBackups,
} from '../store.ts';
import { BackupFiles } from './backup-files.ts';
import type { CorpusCopy } from './copy.ts';
import { isLongToOpen } from './corpus-file.ts';
import type { Restoration } from './restorable.ts';

/** What the backups need of their store. */
export interface BackupSource {
  /** The data folder. */
  readonly folder: string;
  /** The path of a corpus's file. Throws the errors of `Store.open`. */
  open(name: string): string;
  /** Runs `work` with a temporary path, and deletes what is there afterwards. */
  withScratch<T>(work: (path: string) => Promise<T>): Promise<T>;
  /** Gives the name of a corpus to the finished file at `path`. */
  adopt(path: string, options: RestoreOptions): Promise<'created' | 'replaced'>;
}

/** After how many received bytes the disk space is checked again. */
const reserveStep = 2 ** 24;

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

  async restore(source: RestoreSource, options: RestoreOptions): Promise<'created' | 'replaced'> {
    try {
      return await this.#restore(source, options);
    } catch (error) {
      // Throws another error if the backup was deleted while it was being restored.
      if ('backup' in source && !(error instanceof NgramdError)) {
        await this.#files.describe(source.corpus, source.backup);
      }
      throw error;
    }
  }

  /** Finishes what is in progress and stops the thread. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  #restore(source: RestoreSource, options: RestoreOptions): Promise<'created' | 'replaced'> {
    return this.#source.withScratch(async (path) => {
      const restoration =
        'file' in source ? await receive(source, path, options) : await this.#locate(source, path);
      const from = restoration.copyOf ?? path;
      const { size } = statSync(from);
      // A migration writes the blocks anew before it deletes the old ones.
      await options.reserve(isLongToOpen(from) ? 2 * size : size);
      await this.#pool.run('restorable', restoration);
      return options.inTurn(() => this.#source.adopt(path, options));
    });
  }

  async #locate({ corpus, backup }: { corpus: string; backup: string }, path: string): Promise<Restoration> {
    const { file, sha256 } = await this.#files.describe(corpus, backup);
    return { path, copyOf: join(this.#source.folder, file), sha256 };
  }
}

/** Writes a file that is being received to `path`. When it is over, also with an error, nothing is written any more. */
async function receive(
  { file, sha256 }: { file: AsyncIterable<Uint8Array>; sha256: string },
  path: string,
  { reserve }: RestoreOptions,
): Promise<Restoration> {
  let bytes = 0;
  let reserved = 0;
  const withRoom = async function* () {
    for await (const chunk of file) {
      bytes += chunk.length;
      if (bytes > reserved) {
        reserved = bytes + reserveStep;
        await reserve(reserved);
      }
      yield chunk;
    }
  };
  // A stream would be destroyed with an error before it has opened its file, and the file appear after it was deleted.
  await writeFile(path, withRoom());
  return { path, sha256 };
}
