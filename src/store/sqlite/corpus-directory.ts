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
import { join } from 'node:path';

const extension = '.sqlite';

/** The folder of corpus files: `corpora/<name>.sqlite`, and `tmp/` for what is not yet or no longer a corpus. */
export class CorpusDirectory {
  readonly #corpora: string;
  readonly #temporary: string;

  constructor(dataFolder: string) {
    this.#corpora = join(dataFolder, 'corpora');
    this.#temporary = join(dataFolder, 'tmp');
    mkdirSync(this.#corpora, { recursive: true });
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
