import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** How many files are measured concurrently. */
const statsAtATime = 64;

/** Creates a folder and its missing parents, durably. */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = resolve(path); made !== dirname(resolve(first)); made = dirname(made))
    flushBlocking(dirname(made));
}

/** Writes a file or a folder through to the disk. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As `flush`, but blocks the thread. */
export function flushBlocking(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** The files of a folder with their sizes in bytes, without those that disappear meanwhile. */
export async function* fileSizes(folder: string): AsyncGenerator<[file: string, bytes: number]> {
  const files = await readdir(folder);
  for (let from = 0; from < files.length; from += statsAtATime) {
    const some = files.slice(from, from + statsAtATime);
    const sizes = await Promise.all(some.map((file) => sizeOf(join(folder, file))));
    for (const [i, bytes] of sizes.entries()) if (bytes !== undefined) yield [some[i], bytes];
  }
}

/** In bytes; undefined where there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
