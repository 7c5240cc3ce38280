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
import { access, constants, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const extension = '.sqlite';
const corpusFile = /^(?<name>.+)\.sqlite(-wal|-shm)?$/;

/** How many files are looked at side by side. */
const statsAtATime = 64;

/** What the files of a data folder take, in bytes. */
export interface CorpusSizes {
  /** Each corpus's file with its log, by name. */
  corpora: Map<string, number>;
  temporary: number;
}

/**
 * The folder of corpus files: `corpora/<name>.sqlite`, `backups/` for copies, and `tmp/` for what is not yet or no longer
 * a corpus.
 */
export class CorpusDirectory {
  readonly #corpora: string;
  readonly #backups: string;
  readonly #temporary: string;

  constructor(readonly folder: string) {
    this.#corpora = join(folder, 'corpora');
    this.#backups = join(folder, 'backups');
    this.#temporary = join(folder, 'tmp');
    mkdirSync(this.#corpora, { recursive: true });
    mkdirSync(this.#backups, { recursive: true });
    mkdirSync(this.#temporary, { recursive: true });
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
    return join(this.#temporary, `${process.pid}-${randomUUID()}`);
  }

  /** Makes a finished temporary file the corpus of this name; false, and nothing is changed, where there is one. */
  adopt(temporaryPath: string, name: string): boolean {
    if (this.has(name)) return false;
    sync(temporaryPath);
    this.#removeLog(name);
    try {
      linkSync(temporaryPath, this.path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    sync(this.#corpora);
    return true;
  }

  /** Moves a finished temporary file, which is on disk, to the backups; returns its path below the data folder. */
  keepBackup(temporaryPath: string, name: string): string {
    const file = name + extension;
    renameSync(temporaryPath, join(this.#backups, file));
    sync(this.#backups);
    return join('backups', file);
  }

  /** Deletes a temporary corpus file, if it is still there, and what SQLite may have left beside it. */
  discard(temporaryPath: string): void {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(temporaryPath + suffix, { force: true });
  }

  /** Deletes a corpus, at once for every reader to come. */
  remove(name: string): void {
    const grave = this.temporaryPath();
    renameSync(this.path(name), grave);
    this.#removeLog(name);
    sync(this.#corpora);
    rmSync(grave);
  }

  /** Deletes the temporary files that processes left which no longer run. */
  sweep(): void {
    for (const file of readdirSync(this.#temporary)) {
      if (!isRunning(Number.parseInt(file, 10))) rmSync(join(this.#temporary, file), { force: true });
    }
  }

  #removeLog(name: string): void {
    for (const suffix of ['-wal', '-shm']) rmSync(this.path(name) + suffix, { force: true });
  }
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

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
