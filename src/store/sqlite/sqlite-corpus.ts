import { NgramdError } from '../../errors.ts';
import { runsToMerge } from '../compaction.ts';
import type { CorpusSettings } from '../corpus.ts';
import type { ChangeOptions, CorpusChange, CorpusRef, Snapshot, StoredCorpus } from '../store.ts';
import { emptyLog, inWriteTransaction, SqliteChange } from './change.ts';
import { type Connection, fileOf, inodeOf, onCorpusFile } from './connection.ts';
import { openCorpusFile, writerTimeout } from './corpus-file.ts';
import { type CorpusRow, corpusId, inodeIn, readCorpusRow } from './corpus-row.ts';
import { ReadConnection } from './read-connection.ts';
import { Runs } from './runs.ts';

/** How often it is checked whether an open file is still in its place, in milliseconds. */
const placeInterval = 5;

/** The number of free pages, or their share of the file's pages (one in this many), from which they are released. */
const manyPages = 1024;
const fewPagesShare = 64;

/** How many connections stay open that answer no question. */
const maxIdle = 2;

/** A corpus file, with connections that answer questions. */
export class SqliteCorpus implements StoredCorpus {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly #path: string;
  readonly #idle: ReadConnection[] = [];
  #isClosed = false;
  #latest: number | undefined;
  #isInPlace = true;
  #checkedPlaceAt = performance.now();
  /** The last change that this thread has begun. */
  #changing: Promise<unknown> = Promise.resolve();

  /** Opens the file at `path`, of the corpus `name`. Throws what `openCorpusFile` throws. */
  constructor(path: string, name: string) {
    const connection = new ReadConnection(path, name);
    this.#path = path;
    this.#idle.push(connection);
    this.ref = connection.ref;
    this.settings = connection.settings;
  }

  /**
   * Whether this is still the corpus's file, and was not deleted, set aside or replaced. Looks at the file at most every
   * few milliseconds.
   */
  isInPlace(): boolean {
    const now = performance.now();
    if (now - this.#checkedPlaceAt >= placeInterval) {
      this.#isInPlace = inodeOf(this.#path) === inodeIn(this.ref.id);
      this.#checkedPlaceAt = now;
    }
    return this.#isInPlace;
  }

  /** The file is asked once for all requests that come in one turn of the event loop, unless a change is expected. */
  versionNow(): number {
    if (this.#latest === undefined) {
      this.#latest = this.#with((connection) => connection.version());
      setImmediate(() => {
        this.#latest = undefined;
      });
    }
    return this.#latest;
  }

  async version(): Promise<number> {
    return this.versionNow();
  }

  expectChange(): void {
    this.#latest = undefined;
  }

  async read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const connection = this.#take();
    try {
      return await connection.read(question);
    } finally {
      this.#giveBack(connection);
    }
  }

  async change<T>(work: (change: CorpusChange) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    return this.#inTurn(writerTimeout, async (connection) => {
      // On a full disk a log can only be cut off after a change that fails if nothing else is in it.
      if (options.isLarge === true) onCorpusFile(connection, () => emptyLog(connection));
      return inWriteTransaction(connection, () => {
        const row = readCorpusRow(connection) as CorpusRow;
        return work(new SqliteChange(connection, this.ref, row, options));
      });
    });
  }

  async needsMaintenance(): Promise<boolean> {
    return this.#with((connection) => runsToMerge(connection.runs()).length > 0);
  }

  async maintain(): Promise<void> {
    await this.#inTurn(undefined, async (connection) => {
      await inWriteTransaction(connection, async () => new Runs(connection, this.settings).merge());
      onCorpusFile(connection, () => {
        if (!hasManyFreePages(connection)) return;
        connection.pragma('incremental_vacuum');
        emptyLog(connection);
      });
    });
  }

  /** Closes the file, once the questions in progress are answered. Whatever is asked later opens it for a moment. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  /** Runs `work` with a connection that writes, after the changes that this thread has begun. */
  #inTurn<T>(timeout: number | undefined, work: (connection: Connection) => Promise<T>): Promise<T> {
    const turn = this.#changing.then(async () => {
      const connection = openCorpusFile(this.#path, timeout);
      try {
        const row = onCorpusFile(connection, () => readCorpusRow(connection));
        if (row === undefined || corpusId(fileOf(connection).inode, row.identity) !== this.ref.id)
          throw deleted();
        return await work(connection);
      } finally {
        connection.close();
      }
    });
    this.#changing = turn.catch(() => {});
    return turn;
  }

  #with<T>(work: (connection: ReadConnection) => T): T {
    const connection = this.#take();
    try {
      return work(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  #take(): ReadConnection {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const opened = new ReadConnection(this.#path, this.ref.name);
    if (opened.ref.id === this.ref.id) return opened;
    opened.close();
    throw deleted();
  }

  #giveBack(connection: ReadConnection): void {
    if (this.#isClosed || this.#idle.length === maxIdle) connection.close();
    else this.#idle.push(connection);
  }
}

/**
 * Whether enough pages are free that it is worth returning them to the file system, which takes several waits for the
 * disk. Those that small merges free are used again.
 */
function hasManyFreePages(connection: Connection): boolean {
  const free = connection.pragma('freelist_count', { simple: true }) as number;
  const pages = connection.pragma('page_count', { simple: true }) as number;
  return free >= manyPages || free * fewPagesShare > pages;
}

function deleted(): NgramdError {
  return new NgramdError('corpus-not-found', 'The corpus was deleted or replaced.');
}
