import { constants, existsSync, readdirSync } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NgramdError } from '../../errors.ts';
import { flush, makeFolder } from '../../platform/durable-files.ts';
import type { Backup, BackupEntry } from '../store.ts';
import type { CorpusCopy } from './copy.ts';

/** A backup's file: the corpus, the version, the time in UTC, and a mark if the schedule made it. */
const pattern =
  /^(?<corpus>.+)-(?<name>(?<version>\d{1,16})-(?<time>\d{8}T\d{9}Z)(?<mark>-scheduled)?)\.sqlite$/;

const folderName = 'backups';

/**
 * The folder `backups/` of a data folder. Beside each file is one with its hash, as `sha256sum -c` reads it. What is not
 * a regular file, such as a link to another place, is no backup.
 */
export class BackupFiles {
  readonly #folder: string;

  /** `folder` is the data folder. */
  constructor(folder: string) {
    this.#folder = join(folder, folderName);
    makeFolder(this.#folder);
  }

  /** The backups of a corpus, or of all corpora, newest first. */
  async list(corpus?: string): Promise<BackupEntry[]> {
    const files = await readdir(this.#folder, { withFileTypes: true });
    const entries = files.flatMap((file) => {
      const entry = file.isFile() ? entryOf(file.name) : undefined;
      return entry === undefined || (corpus !== undefined && entry.corpus !== corpus) ? [] : [entry];
    });
    return entries.sort(newestFirst);
  }

  /** Throws `backup-not-found`. */
  async describe(corpus: string, name: string): Promise<Backup> {
    const file = this.#file(corpus, name);
    const entry = entryOf(file) as BackupEntry;
    try {
      const stats = await lstat(join(this.#folder, file));
      if (!stats.isFile()) throw notFound(corpus, name);
      return {
        ...entry,
        bytes: stats.size,
        sha256: await this.#hashOf(file),
        file: join(folderName, file),
      };
    } catch (error) {
      throw isMissing(error) ? notFound(corpus, name) : error;
    }
  }

  /** Opens a backup for reading. Throws `backup-not-found`. */
  async open(corpus: string, name: string): Promise<FileHandle> {
    const path = join(this.#folder, this.#file(corpus, name));
    try {
      return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      // ELOOP: the file is a link.
      throw isMissing(error) || codeOf(error) === 'ELOOP' ? notFound(corpus, name) : error;
    }
  }

  /** Adds the finished copy at `path`, which the caller deletes. */
  async add(corpus: string, copy: CorpusCopy, path: string, isScheduled: boolean): Promise<Backup> {
    // Another process may have taken the name in this millisecond.
    for (;;) {
      const createdAt = new Date().toISOString();
      const time = createdAt.replaceAll(/[-:.]/g, '');
      const name = `${copy.version}-${time}${isScheduled ? '-scheduled' : ''}`;
      const file = `${corpus}-${name}.sqlite`;
      const target = join(this.#folder, file);
      if (!(await isMade(() => this.#writeHash(target, copy.sha256)))) continue;
      if (!(await isMade(() => link(path, target)))) {
        await rm(hashPath(target), { force: true });
        continue;
      }
      await flush(this.#folder);
      return { ...copy, corpus, name, createdAt, isScheduled, file: join(folderName, file) };
    }
  }

  /** Deletes a backup. Readers that have it open read it to its end. Throws `backup-not-found`. */
  async remove(corpus: string, name: string): Promise<void> {
    const { file } = await this.describe(corpus, name);
    const path = join(this.#folder, file.slice(folderName.length + 1));
    await rm(path, { force: true });
    await rm(hashPath(path), { force: true });
    await flush(this.#folder);
  }

  /** The file of a backup, which need not exist. Throws `backup-not-found` if no backup can have the name. */
  #file(corpus: string, name: string): string {
    const file = `${corpus}-${name}.sqlite`;
    const entry = entryOf(file);
    const isName = entry?.corpus === corpus && entry.name === name && !file.includes('/');
    if (!isName) throw notFound(corpus, name);
    return file;
  }

  async #writeHash(path: string, sha256: string): Promise<void> {
    await writeFile(hashPath(path), `${sha256}  ${basename(path)}\n`, { flag: 'wx', flush: true });
  }

  async #hashOf(file: string): Promise<string | undefined> {
    try {
      const text = await readFile(hashPath(join(this.#folder, file)), 'latin1');
      return /^([0-9a-f]{64}) /.exec(text)?.[1];
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** The name of the newest backup of a corpus; undefined if there is none. Blocks the thread: for errors. */
export function lastBackupOf(folder: string, corpus: string): string | undefined {
  const path = join(folder, folderName);
  if (!existsSync(path)) return undefined;
  const entries = readdirSync(path).flatMap((file) => entryOf(file) ?? []);
  return entries.filter((entry) => entry.corpus === corpus).sort(newestFirst)[0]?.name;
}

/** What the name of a file says; undefined if it is not that of a backup. */
function entryOf(file: string): BackupEntry | undefined {
  const groups = pattern.exec(file)?.groups;
  if (groups === undefined) return undefined;
  const { corpus, name, version, time, mark } = groups;
  const createdAt = time.replace(
    /^(....)(..)(..)T(..)(..)(..)(...)Z$/,
    (_, year, month, day, hour, minute, second, millisecond) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`,
  );
  if (Number.isNaN(Date.parse(createdAt))) return undefined;
  return { corpus, name, version: Number(version), createdAt, isScheduled: mark !== undefined };
}

function newestFirst(a: BackupEntry, b: BackupEntry): number {
  const placeOf = ({ createdAt, corpus, name }: BackupEntry) => `${createdAt} ${corpus} ${name}`;
  return placeOf(a) < placeOf(b) ? 1 : -1;
}

function hashPath(path: string): string {
  return `${path}.sha256`;
}

/** Makes a file; false if there is one of its name. */
async function isMade(make: () => Promise<void>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function notFound(corpus: string, name: string): NgramdError {
  return new NgramdError('backup-not-found', `The corpus ${corpus} has no backup ${JSON.stringify(name)}.`);
}
