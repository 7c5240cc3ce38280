import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { access, constants, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { NgramdError } from '../../errors.ts';
import { isBusy, ProcessLock } from '../../platform/process-lock.ts';
import { type CorpusFile, inodeOf, isDamage } from './database.ts';

const extension = '.sqlite';
const corpusFile = /^(?<name>.+)\.sqlite(-wal|-shm)?$/;
const logSuffixes = ['-wal', '-shm'];
const damagedFile = /^(.+)-(\d{8}T\d{9}Z)\.sqlite$/;
const ownerLength = 36;

/** How long is waited for another process that gives or takes away a name, and between two looks, in milliseconds. */
const namesTimeout = 10_000;
const namesPause = 10;

/** How many files are looked at side by side. */
const statsAtATime = 64;

/** What the files of a data folder take, in bytes. */
export interface CorpusSizes {
  /** Each corpus's file with its log, by name. */
  corpora: Map<string, number>;
  temporary: number;
}

/**
 * The folder of corpus files: `corpora/<name>.sqlite`; `backups/` for copies; `damaged/` for those that were set aside; `tmp/` for what is not
 * yet or no longer a corpus; `locks/`, where each process that uses the folder holds a file. Names are given and taken
 * away by one process at a time.
 */
export class CorpusDirectory {
  readonly #corpora: string;
  readonly #backups: string;
  readonly #damaged: string;
  readonly #temporary: string;
  readonly #locks: string;
  /** What the names of this process's temporary files begin with, and the name of its lock. */
  readonly #owner = randomUUID();
  readonly #alive: ProcessLock;
  readonly #names: ProcessLock;
  /** The last change of names that this process has begun. */
  #changing: Promise<unknown> = Promise.resolve();
  #isChanging = false;
  readonly #onDamage: (message: string) => void;
  readonly folder: string;

  /** `onDamage` is told of each file that is set aside. */
  constructor(folder: string, onDamage: (message: string) => void) {
    this.folder = folder;
    this.#corpora = join(folder, 'corpora');
    this.#backups = join(folder, 'backups');
    this.#damaged = join(folder, 'damaged');
    this.#temporary = join(folder, 'tmp');
    this.#locks = join(folder, 'locks');
    this.#onDamage = onDamage;
    for (const made of [this.#corpora, this.#backups, this.#temporary, this.#locks]) makeFolder(made);
    this.#names = new ProcessLock(join(this.#locks, 'names'), 0);
    // Nobody sweeps between the making of the lock's file and the lock.
    this.#alive = this.#atStart(() => {
      const alive = new ProcessLock(join(this.#locks, this.#owner), 0);
      alive.acquire();
      return alive;
    });
  }

  /** Where the corpus of this name is or would be. */
  path(name: string): string {
    return join(this.#corpora, name + extension);
  }

  /** The name of the corpus whose path this is. */
  nameOf(path: string): string {
    return basename(path, extension);
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

  /** The names of the corpora whose files were set aside and that were not made anew since, sorted. */
  damaged(): string[] {
    const names = new Set(this.#setAside().map(({ name }) => name));
    return [...names].filter((name) => !this.has(name)).sort();
  }

  /** The error for a corpus that is not there: `corpus-damaged` where its file was set aside, or `corpus-not-found`. */
  missing(name: string): NgramdError {
    const last = this.#setAside().findLast((file) => file.name === name);
    if (last === undefined) {
      return new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
    }
    return new NgramdError(
      'corpus-damaged',
      `The file of the corpus ${name} was damaged and has been set aside as damaged/${last.file} in the data folder; the log says what was wrong. Upload the corpus again, or copy a backup to corpora/${name}${extension}. DELETE the corpus to delete the damaged file.`,
    );
  }

  /** Measures all files, a few at a time. */
  async sizes(): Promise<CorpusSizes> {
    const corpora = new Map<string, number>();
    for await (const [file, bytes] of fileSizes(this.#corpora)) {
      const name = corpusFile.exec(file)?.groups?.name;
      if (name !== undefined) corpora.set(name, (corpora.get(name) ?? 0) + bytes);
    }
    let temporary = 0;
    for await (const [, bytes] of fileSizes(this.#temporary)) temporary += bytes;
    return { corpora, temporary };
  }

  /** Reads the folder and writes a temporary file. Throws what the system says where that cannot be done. */
  async probe(): Promise<void> {
    await access(this.#corpora, constants.R_OK | constants.W_OK | constants.X_OK);
    const path = this.temporaryPath();
    try {
      await writeFile(path, 'ngramd');
    } finally {
      await rm(path, { force: true });
    }
  }

  /** A path for a temporary file of this process. */
  temporaryPath(): string {
    return join(this.#temporary, `${this.#owner}-${randomUUID()}`);
  }

  /** Makes a finished temporary file the corpus of this name; false, and nothing is changed, where there is one. */
  async adopt(temporaryPath: string, name: string): Promise<boolean> {
    await flush(temporaryPath);
    return this.#exclusively(async () => {
      if (this.has(name)) return false;
      this.#removeLog(name);
      linkSync(temporaryPath, this.path(name));
      await flush(this.#corpora);
      return true;
    });
  }

  /** Moves a finished temporary file, which is on disk, to the backups; returns its path below the data folder. */
  async keepBackup(temporaryPath: string, name: string): Promise<string> {
    const file = name + extension;
    renameSync(temporaryPath, join(this.#backups, file));
    await flush(this.#backups);
    return join('backups', file);
  }

  /** Deletes a temporary corpus file, if it is still there, and what SQLite may have left beside it. */
  discard(temporaryPath: string): void {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(temporaryPath + suffix, { force: true });
  }

  /**
   * Deletes a corpus, at once for every reader to come, or the file of it that was set aside.
   * Throws `corpus-not-found`, and `corpus-busy` while another process writes to it.
   */
  async remove(name: string): Promise<void> {
    const damaged = this.#setAside().filter((file) => file.name === name);
    if (this.has(name)) await this.#removeFile(name);
    else if (damaged.length === 0) throw this.missing(name);
    for (const { file } of damaged) {
      for (const suffix of ['', ...logSuffixes])
        await rm(join(this.#damaged, file + suffix), { force: true });
      await flush(this.#damaged);
    }
  }

  async #removeFile(name: string): Promise<void> {
    const path = this.path(name);
    const grave = this.temporaryPath();
    const inode = inodeOf(path);
    if (inode === undefined) throw this.missing(name);
    const held = hold(path);
    try {
      await this.#exclusively(async () => {
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

  /**
   * Moves the file of a corpus to `damaged/`, if it is still in its place. Throws `corpus-busy`, without waiting, while
   * others change names.
   */
  setAside({ path, inode }: CorpusFile, reason: string): void {
    this.#atOnce(() => {
      if (inodeOf(path) !== inode) return;
      makeFolder(this.#damaged);
      const name = this.nameOf(path);
      const time = new Date().toISOString().replace(/[-:.]/g, '');
      const target = join(this.#damaged, `${name}-${time}${extension}`);
      for (const suffix of logSuffixes)
        if (existsSync(path + suffix)) linkSync(path + suffix, target + suffix);
      renameSync(path, target);
      sync(this.#damaged);
      sync(this.#corpora);
      this.#removeLog(name);
      this.#onDamage(`${reason} It has been set aside as ${target}.`);
    });
  }

  /**
   * Deletes what processes left that no longer run: temporary files, and logs of files that were moved away. Belongs to
   * the start, since nothing else is done meanwhile.
   */
  sweep(): void {
    this.#atStart(() => {
      const owners = readdirSync(this.#locks).filter((file) => file !== 'names' && this.#isHeld(file));
      for (const file of readdirSync(this.#temporary)) {
        if (!owners.includes(file.slice(0, ownerLength)))
          rmSync(join(this.#temporary, file), { force: true });
      }
      const names = new Set(this.names());
      for (const file of readdirSync(this.#corpora)) {
        const name = file.replace(/\.sqlite-(wal|shm)$/, '');
        if (name !== file && !names.has(name)) this.#removeLog(name);
      }
    });
  }

  /** Lets go of the folder; its temporary files are gone by now. */
  async close(): Promise<void> {
    await this.#exclusively(async () => {
      this.#alive.close();
      rmSync(join(this.#locks, this.#owner));
    });
    this.#names.close();
  }

  /** Whether the process of this lock runs. The lock of one that does not is deleted. */
  #isHeld(owner: string): boolean {
    const path = join(this.#locks, owner);
    const lock = new ProcessLock(path, 0);
    const isFree = lock.acquire();
    lock.close();
    if (isFree) rmSync(path);
    return !isFree;
  }

  /** The files that were set aside, for each name by time. */
  #setAside(): { file: string; name: string }[] {
    if (!existsSync(this.#damaged)) return [];
    return readdirSync(this.#damaged)
      .sort()
      .flatMap((file) => {
        const name = damagedFile.exec(file)?.[1];
        return name === undefined ? [] : [{ file, name }];
      });
  }

  /** Runs `change` while nobody else changes names. Throws `corpus-busy` where another process goes on to. */
  async #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#changing.then(async () => {
      const deadline = performance.now() + namesTimeout;
      while (!this.#names.acquire()) {
        if (performance.now() >= deadline) throw busy(this.#corpora);
        await setTimeout(namesPause);
      }
      this.#isChanging = true;
      try {
        return await change();
      } finally {
        this.#isChanging = false;
        this.#names.release();
      }
    });
    this.#changing = turn.catch(() => {});
    return turn;
  }

  /** As `#exclusively`, in this turn of the event loop. */
  #atOnce<T>(change: () => T): T {
    if (this.#isChanging || !this.#names.acquire()) throw busy(this.#corpora);
    try {
      return change();
    } finally {
      this.#names.release();
    }
  }

  /** As `#exclusively`, before anybody is served: the event loop waits. */
  #atStart<T>(change: () => T): T {
    const names = new ProcessLock(join(this.#locks, 'names'), namesTimeout);
    try {
      if (!names.acquire()) throw busy(this.#corpora);
      return change();
    } finally {
      names.close();
    }
  }

  #removeLog(name: string): void {
    for (const suffix of logSuffixes) rmSync(this.path(name) + suffix, { force: true });
  }
}

/**
 * Keeps others from writing to a file and from closing it: the last to close a file deletes its log, by name.
 * Undefined where it is so damaged that nobody can. Throws `corpus-busy`.
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
  return new NgramdError('corpus-busy', `Another process is changing ${basename(path)}. Ask again.`);
}

async function* fileSizes(folder: string): AsyncGenerator<[file: string, bytes: number]> {
  const files = await readdir(folder);
  for (let from = 0; from < files.length; from += statsAtATime) {
    const some = files.slice(from, from + statsAtATime);
    const sizes = await Promise.all(some.map((file) => sizeOf(join(folder, file))));
    for (const [i, bytes] of sizes.entries()) if (bytes !== undefined) yield [some[i], bytes];
  }
}

/** In bytes; undefined where the file has gone. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a folder, for good, and those above it that are not there. */
function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = resolve(path); made !== dirname(resolve(first)); made = dirname(made)) sync(dirname(made));
}

/** Has a file or a folder on disk before it comes back. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As `flush`, while the thread waits. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
