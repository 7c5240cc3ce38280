import { existsSync, linkSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { access, constants, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { NgramdError } from '../../errors.ts';
import { fileSizes, flush, flushBlocking, makeFolder } from '../../platform/durable-files.ts';
import { ExclusiveAccess } from '../../platform/exclusive-access.ts';
import { isBusy } from '../../platform/process-lock.ts';
import { sharedLock } from '../../platform/scratch-folder.ts';
import { lastBackupOf } from './backup-files.ts';
import { inodeOf, isDamage } from './connection.ts';
import { DamagedFiles } from './damaged-files.ts';

const extension = '.sqlite';
const corpusFile = /^(?<name>.+)\.sqlite(-wal|-shm)?$/;
const logSuffixes = ['-wal', '-shm'];

/** Ends the name of a file that is being replaced. */
const replacedSuffix = '.sqlite.replaced';
const replacedFile = /^(?<name>.+)\.sqlite\.replaced(-wal|-shm)?$/;

/**
 * The corpus files of a data folder: `corpora/<name>.sqlite`, and those that were set aside in `damaged/`. Names are added and removed by one process at a time.
 */
export class CorpusFiles {
  /** The data folder. */
  readonly #folder: string;
  readonly #corpora: string;
  readonly #damaged: DamagedFiles;
  readonly #access: ExclusiveAccess;

  constructor(folder: string) {
    this.#folder = folder;
    this.#corpora = join(folder, 'corpora');
    this.#damaged = new DamagedFiles(join(folder, 'damaged'));
    for (const made of [this.#corpora, join(folder, 'locks')]) makeFolder(made);
    this.#access = new ExclusiveAccess(join(folder, 'locks', sharedLock), 'the names of corpora');
  }

  /** Where the corpus of this name is or would be. */
  path(name: string): string {
    return join(this.#corpora, name + extension);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** The names of all corpora, sorted. */
  names(): string[] {
    return readdirSync(this.#corpora)
      .filter((file) => file.endsWith(extension))
      .map((file) => file.slice(0, -extension.length))
      .sort();
  }

  /** The names of the corpora whose files were set aside and that were not created again since, sorted. */
  damaged(): string[] {
    return this.#damaged.names().filter((name) => !this.has(name));
  }

  /**
   * Takes back a replacement that was begun and not completed, since its process was killed, or waits until it is
   * complete. Returns whether the corpus exists then. Blocks the thread.
   */
  recover(name: string): boolean {
    if (existsSync(this.#replacedPath(name))) {
      this.#access.runBlocking(() => this.#takeBackReplacement(name));
    }
    return this.has(name);
  }

  /**
   * The error for a corpus that does not exist: `corpus-damaged` where its file was set aside, or `corpus-not-found`.
   */
  missing(name: string): NgramdError {
    const last = this.#damaged.lastOf(name);
    if (last === undefined) {
      return new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
    }
    return new NgramdError(
      'corpus-damaged',
      `The file of the corpus ${name} was damaged and has been set aside as damaged/${last} in the data folder; the log says what was wrong. ${this.#waysOut(name)}, or DELETE the corpus to delete the damaged file.`,
    );
  }

  /** What to do about a damaged corpus. */
  #waysOut(name: string): string {
    const backup = lastBackupOf(this.#folder, name);
    if (backup === undefined)
      return 'There is no backup of it here. Upload the corpus again, or restore a backup';
    return `Restore its last backup with POST /v1/corpora/${name}/backups/${backup}/restore, upload the corpus again`;
  }

  /** The size of each corpus's file with its log, by name, in bytes. */
  async sizes(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    for await (const [file, bytes] of fileSizes(this.#corpora)) {
      const name = corpusFile.exec(file)?.groups?.name;
      if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + bytes);
    }
    return sizes;
  }

  /** Throws why the folder cannot be used. */
  async probe(): Promise<void> {
    await access(this.#corpora, constants.R_OK | constants.W_OK | constants.X_OK);
  }

  /**
   * Gives a finished temporary file the name of a corpus; false, and nothing is changed, where there is one of that
   * name. Throws `too-many-corpora` where there are as many as there may be.
   */
  async adopt(temporaryPath: string, name: string, maxCorpora: number): Promise<boolean> {
    await flush(temporaryPath);
    return this.#access.run(async () => {
      this.#takeBackReplacement(name);
      if (this.has(name)) return false;
      if (this.names().length >= maxCorpora) throw tooMany(maxCorpora);
      this.#removeLog(name);
      linkSync(temporaryPath, this.path(name));
      await flush(this.#corpora);
      return true;
    });
  }

  /**
   * Gives a finished temporary file the name of a corpus that exists, in place of its file: there is one or the other
   * at every moment, and after every crash. False, and nothing is changed, if the corpus does not exist. Throws
   * `corpus-busy` if another process writes to it.
   */
  async replace(temporaryPath: string, name: string): Promise<boolean> {
    await flush(temporaryPath);
    this.recover(name);
    const path = this.path(name);
    const inode = inodeOf(path);
    if (inode === undefined) return false;
    const held = hold(path);
    try {
      await this.#access.run(async () => {
        if (inodeOf(path) !== inode) throw busy(path);
        this.#exchange(temporaryPath, name);
        await flush(this.#corpora);
        this.#removeReplaced(name);
      });
    } finally {
      held?.close();
    }
    return true;
  }

  /**
   * Deletes a corpus, at once for every question to come, and the files of it that were set aside; the space is
   * released by way of `grave`, a temporary path. Throws `corpus-not-found`, and `corpus-busy` while another process
   * writes to it.
   */
  async remove(name: string, grave: string): Promise<void> {
    this.recover(name);
    const exists = this.has(name);
    if (exists) await this.#removeFile(name, grave);
    const wasDamaged = await this.#damaged.remove(name);
    if (!exists && !wasDamaged) throw this.missing(name);
  }

  /**
   * Sets the file of a corpus aside, if it still has this inode; returns where it is now. Undefined, and nothing is
   * changed, where it has not.
   */
  async setAside(name: string, inode: number): Promise<string | undefined> {
    const path = this.path(name);
    if (inodeOf(path) !== inode) return undefined;
    return this.#access.run(async () => {
      if (inodeOf(path) !== inode) return undefined;
      const target = await this.#damaged.add(path, name);
      await flush(this.#corpora);
      this.#removeLog(name);
      return target;
    });
  }

  /**
   * Takes back replacements that were begun, and deletes the logs of files that were moved away. Blocks the thread: for
   * the start.
   */
  sweep(): void {
    this.#access.runBlocking(() => {
      for (const file of readdirSync(this.#corpora)) {
        const name = replacedFile.exec(file)?.groups?.name;
        if (name !== undefined) this.#takeBackReplacement(name);
      }
      const names = new Set(this.names());
      for (const file of readdirSync(this.#corpora)) {
        const name = file.replace(/\.sqlite-(wal|shm)$/, '');
        if (name !== file && !names.has(name)) this.#removeLog(name);
      }
    });
  }

  close(): void {
    this.#access.close();
  }

  /**
   * Moves the file of a corpus and its log out of the way, and puts another file in its place. SQLite finds a log by
   * the name of its file, so that there must be no log of the old file when the new one gets the name. In one turn of
   * the event loop: the rest of this thread sees no gap.
   */
  #exchange(temporaryPath: string, name: string): void {
    const [path, replaced] = [this.path(name), this.#replacedPath(name)];
    this.#removeReplaced(name);
    for (const suffix of logSuffixes) {
      if (existsSync(path + suffix)) linkSync(path + suffix, replaced + suffix);
    }
    renameSync(path, replaced);
    try {
      this.#removeLog(name);
      linkSync(temporaryPath, path);
    } catch (error) {
      this.#takeBackReplacement(name);
      throw error;
    }
  }

  /** Completes a replacement that was begun, if the new file is in its place; otherwise puts the old one back. */
  #takeBackReplacement(name: string): void {
    const [path, replaced] = [this.path(name), this.#replacedPath(name)];
    if (existsSync(replaced) && !this.has(name)) {
      this.#removeLog(name);
      for (const suffix of logSuffixes) {
        if (existsSync(replaced + suffix)) linkSync(replaced + suffix, path + suffix);
      }
      renameSync(replaced, path);
      flushBlocking(this.#corpora);
    }
    this.#removeReplaced(name);
  }

  #removeReplaced(name: string): void {
    for (const suffix of ['', ...logSuffixes]) rmSync(this.#replacedPath(name) + suffix, { force: true });
  }

  #replacedPath(name: string): string {
    return join(this.#corpora, name + replacedSuffix);
  }

  async #removeFile(name: string, grave: string): Promise<void> {
    const path = this.path(name);
    const inode = inodeOf(path);
    if (inode === undefined) throw this.missing(name);
    const held = hold(path);
    try {
      await this.#access.run(async () => {
        if (inodeOf(path) !== inode) throw busy(path);
        renameSync(path, grave);
        await flush(this.#corpora);
        this.#removeLog(name);
      });
    } finally {
      held?.close();
    }
    await rm(grave);
  }

  #removeLog(name: string): void {
    for (const suffix of logSuffixes) rmSync(this.path(name) + suffix, { force: true });
  }
}

/**
 * Keeps others from writing to a file and from closing it: the last to close a file deletes its log, by name. Undefined
 * where it is so damaged that nobody can. Throws `corpus-busy`.
 */
function hold(path: string): Database.Database | undefined {
  const connection = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    connection.exec('BEGIN IMMEDIATE');
    return connection;
  } catch (error) {
    connection.close();
    if (isDamage(error)) return undefined;
    throw isBusy(error) ? busy(path) : error;
  }
}

function busy(path: string): NgramdError {
  return new NgramdError('corpus-busy', `Another process is changing ${basename(path)}. Try again.`);
}

function tooMany(maxCorpora: number): NgramdError {
  return new NgramdError(
    'too-many-corpora',
    `There are ${maxCorpora} corpora, the maximum of this server (MAX_CORPORA). Delete one first.`,
  );
}
