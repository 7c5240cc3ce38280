import { rmSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { isProblem, NgramdError } from '../../errors.ts';
import { fileSizes } from '../../platform/durable-files.ts';
import { scratchPath } from '../../platform/scratch-folder.ts';
import type {
  ChangeOptions,
  CorpusChange,
  NewCorpus,
  RestoreOptions,
  SqliteAddress,
  Store,
  StoredCorpus,
  StoreOptions,
  StoreSizes,
} from '../store.ts';
import { SqliteBackups } from './backups.ts';
import { inWriteTransaction, SqliteChange } from './change.ts';
import { inodeOf } from './connection.ts';
import { createCorpusFile, isLongToOpen, sealCorpusFile } from './corpus-file.ts';
import { CorpusFiles } from './corpus-files.ts';
import { addCorpusRow, corpusId, inodeIn, markCreated, newIdentity, writeHistory } from './corpus-row.ts';
import { SqliteCorpus } from './sqlite-corpus.ts';

/** The size of a page in bytes. ARPA files, which are pieces of a megabyte, are written faster in large pages. */
const usualPage = 2 ** 12;
const largePage = 2 ** 14;

/** How many corpora are kept open. */
const defaultMaxOpen = isMainThread ? 100 : 8;

/** How often deleted corpora are looked for among those that are open, in milliseconds. */
const closeInterval = 1000;

/** Corpora in files of SQLite, one each, in a data folder. */
export class SqliteStore implements Store {
  readonly address: SqliteAddress;
  readonly hasAdjustedCounts = false;
  readonly #files: CorpusFiles;
  readonly #onDamage: (message: string) => void;
  readonly #onError: (error: unknown) => void;
  readonly #open: LRUCache<string, SqliteCorpus>;
  #backups: SqliteBackups | undefined;
  readonly #closing: NodeJS.Timeout;

  constructor(
    address: SqliteAddress,
    { maxOpen = defaultMaxOpen, onDamage = () => {}, onError = () => {} }: StoreOptions,
  ) {
    this.address = address;
    this.#files = new CorpusFiles(address.folder);
    this.#onDamage = onDamage;
    this.#onError = onError;
    this.#open = new LRUCache({ max: maxOpen, dispose: (corpus) => corpus.close() });
    this.#closing = setInterval(() => this.#closeDeleted(), closeInterval).unref();
    if (isMainThread) this.#files.sweep();
  }

  async names(): Promise<string[]> {
    return this.#files.names();
  }

  async has(name: string): Promise<boolean> {
    return this.#files.has(name);
  }

  async damaged(): Promise<string[]> {
    return this.#files.damaged();
  }

  async open(name: string): Promise<StoredCorpus> {
    return this.#openNow(name);
  }

  opened(name: string): StoredCorpus | undefined {
    const known = this.#open.get(name);
    return known?.isInPlace() ? known : undefined;
  }

  async opensAtOnce(name: string): Promise<boolean> {
    if (this.#open.peek(name)?.isInPlace()) return true;
    try {
      if (isLongToOpen(this.#files.path(name))) return false;
      this.#openNow(name);
    } catch (error) {
      // Any other error is reported by `open`.
      return !isProblem(error, 'corpus-busy');
    }
    return true;
  }

  async create<T>(
    { name, settings, now, maxCorpora, copyOf }: NewCorpus,
    write: (change: CorpusChange) => Promise<T>,
    options: ChangeOptions = {},
  ): Promise<T | undefined> {
    if (this.#files.has(name)) return undefined;
    return this.#withScratch(async (path) => {
      const connection = createCorpusFile(path, settings.content?.kind === 'arpa' ? largePage : usualPage);
      let result: T;
      try {
        const identity = newIdentity();
        const ref = { name, id: corpusId(inodeOf(path) as number, identity) };
        result = await inWriteTransaction(connection, async () => {
          addCorpusRow(connection, settings, identity, now);
          const change = new SqliteChange(connection, ref, { settings, tokens: 0, version: 0 }, options);
          const result = await write(change);
          if (copyOf === undefined) markCreated(connection);
          else writeHistory(connection, copyOf);
          return result;
        });
        sealCorpusFile(connection);
      } finally {
        connection.close();
      }
      return (await this.#files.adopt(path, name, maxCorpora)) ? result : undefined;
    });
  }

  async remove(name: string): Promise<void> {
    await this.#files.remove(name, this.#scratchPath());
    this.#open.delete(name);
  }

  async settle(error: unknown): Promise<unknown> {
    if (!(error instanceof NgramdError) || error.corpus === undefined) return error;
    const { name, id } = error.corpus;
    const target = await this.#files.setAside(name, inodeIn(id));
    if (target !== undefined) {
      this.#onDamage(`${error.message} It has been set aside as ${target}.`);
      this.#open.delete(name);
    }
    return this.#files.damaged().includes(name) ? this.#files.missing(name) : error;
  }

  get backups(): SqliteBackups {
    this.#backups ??= new SqliteBackups(
      {
        folder: this.address.folder,
        open: (name) => {
          this.#openNow(name);
          return this.#files.path(name);
        },
        withScratch: (work) => this.#withScratch(work),
        adopt: (path, options) => this.#adopt(path, options),
      },
      this.#onError,
    );
    return this.#backups;
  }

  async sizes(): Promise<StoreSizes> {
    const corpora = await this.#files.sizes();
    let temporary = 0;
    for await (const [, bytes] of fileSizes(dirname(this.address.scratch))) temporary += bytes;
    const { bavail, blocks, bsize } = await statfs(this.address.folder);
    return { corpora, temporary, disk: { free: bavail * bsize, total: blocks * bsize } };
  }

  async probe(): Promise<undefined> {
    await this.#files.probe();
    const path = this.#scratchPath();
    try {
      await writeFile(path, 'ngramd');
    } finally {
      await rm(path, { force: true });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#closing);
    await this.#backups?.close();
    this.#open.clear();
    this.#files.close();
  }

  #openNow(name: string): SqliteCorpus {
    const known = this.#open.get(name);
    if (known?.isInPlace()) return known;
    this.#open.delete(name);
    if (!this.#files.has(name) && !this.#files.recover(name)) throw this.#files.missing(name);
    const corpus = new SqliteCorpus(this.#files.path(name), name);
    this.#open.set(name, corpus);
    return corpus;
  }

  /** Closes the files of corpora that others have deleted, so that their disk space is released. */
  #closeDeleted(): void {
    for (const [name, corpus] of [...this.#open.entries()]) if (!corpus.isInPlace()) this.#open.delete(name);
  }

  /** Gives the name of a corpus to a restored file. */
  async #adopt(path: string, { name, replace, maxCorpora }: RestoreOptions): Promise<'created' | 'replaced'> {
    if (replace && (await this.#files.replace(path, name))) {
      this.#open.delete(name);
      return 'replaced';
    }
    if (await this.#files.adopt(path, name, maxCorpora)) return 'created';
    throw new NgramdError(
      'corpus-exists',
      `There is a corpus named ${JSON.stringify(name)}, and it is not to be replaced.`,
    );
  }

  async #withScratch<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = this.#scratchPath();
    try {
      return await work(path);
    } finally {
      discard(path);
    }
  }

  #scratchPath(): string {
    return scratchPath(this.address.scratch);
  }
}

/** Deletes a temporary corpus file, if it is still there, and what SQLite may have left beside it. */
function discard(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}
