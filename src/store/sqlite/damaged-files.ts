import { existsSync, linkSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { flush, makeFolder } from '../../platform/durable-files.ts';

const damagedFile = /^(.+)-(\d{8}T\d{9}Z)\.sqlite$/;
const logSuffixes = ['-wal', '-shm'];

/**
 * The folder `damaged/` of a data folder: the files of corpora that were found damaged, under their names and a time.
 */
export class DamagedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names of the corpora whose files are here, each once, sorted. */
  names(): string[] {
    return [...new Set(this.#all().map(({ name }) => name))].sort();
  }

  /** The last file that was set aside for a corpus. */
  lastOf(name: string): string | undefined {
    return this.#all().findLast((file) => file.name === name)?.file;
  }

  /** Moves the corpus file at `path` here, with copies of what is in its log; returns where it is. */
  async add(path: string, name: string): Promise<string> {
    makeFolder(this.#folder);
    const time = new Date().toISOString().replace(/[-:.]/g, '');
    const target = join(this.#folder, `${name}-${time}.sqlite`);
    for (const suffix of logSuffixes) if (existsSync(path + suffix)) linkSync(path + suffix, target + suffix);
    renameSync(path, target);
    await flush(this.#folder);
    return target;
  }

  /** Deletes all files of a corpus; false where there are none. */
  async remove(name: string): Promise<boolean> {
    const files = this.#all().filter((file) => file.name === name);
    for (const { file } of files) {
      for (const suffix of ['', ...logSuffixes]) await rm(join(this.#folder, file + suffix), { force: true });
    }
    if (files.length > 0) await flush(this.#folder);
    return files.length > 0;
  }

  /** The files, for each name by time. */
  #all(): { file: string; name: string }[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .sort()
      .flatMap((file) => {
        const name = damagedFile.exec(file)?.[1];
        return name === undefined ? [] : [{ file, name }];
      });
  }
}
