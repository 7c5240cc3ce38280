import Database from 'better-sqlite3';

/**
 * A lock between processes, held on a file: it is SQLite's lock, which the kernel releases when the process ends,
 * however it ends, and which does not depend on process ids.
 */
export class ProcessLock {
  readonly #connection: Database.Database;

  /** `timeout` is how long `acquire` waits for the lock, in milliseconds. */
  constructor(path: string, timeout: number) {
    this.#connection = new Database(path, { timeout });
  }

  /** Acquires the lock. False where another process still holds it after the timeout. */
  acquire(): boolean {
    try {
      // The file has no content; without this, SQLite keeps a journal beside it.
      this.#connection.pragma('journal_mode = MEMORY');
      this.#connection.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  release(): void {
    this.#connection.exec('ROLLBACK');
  }

  /** Closes the file, and releases the lock where it is held. */
  close(): void {
    this.#connection.close();
  }
}

/** Whether an error of SQLite says that another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}
