import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './durable-files.ts';
import { ExclusiveAccess } from './exclusive-access.ts';
import { ProcessLock } from './process-lock.ts';

const ownerLength = 36;

/** The lock that the names of corpora are changed under, too: it is the only one that all versions of ngramd know. */
export const sharedLock = 'names';

/**
 * The folder `tmp/` of a data folder, for the temporary files of its processes, and `locks/`, where each process holds a
 * lock for as long as it runs: the files of processes that have died are distinguished from those of others.
 */
export class ScratchFolder {
  readonly #temporary: string;
  readonly #locks: string;
  readonly #owner = randomUUID();
  readonly #alive: ProcessLock;
  readonly #access: ExclusiveAccess;

  /** Opens the folder for this process; `folder` is the data folder. */
  constructor(folder: string) {
    this.#temporary = join(folder, 'tmp');
    this.#locks = join(folder, 'locks');
    for (const made of [this.#temporary, this.#locks]) makeFolder(made);
    this.#access = new ExclusiveAccess(join(this.#locks, sharedLock), 'temporary files');
    // Without exclusive access, another process could delete the lock's file as a dead one's before it is locked.
    this.#alive = this.#access.runBlocking(() => {
      const alive = new ProcessLock(join(this.#locks, this.#owner), 0);
      alive.acquire();
      return alive;
    });
  }

  /** What the paths of all temporary files of this process begin with, for `scratchPath` in its threads. */
  get prefix(): string {
    return join(this.#temporary, `${this.#owner}-`);
  }

  /** A path for a temporary file of this process. */
  path(): string {
    return scratchPath(this.prefix);
  }

  /** Deletes the temporary files of processes that no longer run. Blocks the thread: for the start. */
  sweep(): void {
    this.#access.runBlocking(() => {
      const owners = readdirSync(this.#locks).filter((file) => file !== sharedLock && this.#isHeld(file));
      for (const file of readdirSync(this.#temporary)) {
        if (!owners.includes(file.slice(0, ownerLength)))
          rmSync(join(this.#temporary, file), { force: true });
      }
    });
  }

  /** Gives up the process's lock. Its temporary files must be gone. */
  async close(): Promise<void> {
    await this.#access.run(async () => {
      this.#alive.close();
      rmSync(join(this.#locks, this.#owner));
    });
    this.#access.close();
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
}

/** A path for a temporary file, of the process that has this prefix. */
export function scratchPath(prefix: string): string {
  return `${prefix}${randomUUID()}`;
}
