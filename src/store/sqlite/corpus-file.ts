import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { asNgramdError, NgramdError } from '../../errors.ts';
import { type Connection, type CorpusFile, damageOf, inodeOf, noteFile, problemOf } from './connection.ts';
import { latestSchema, migrate, migrationsFolder, schemaOf } from './migrations.ts';

/**
 * How long a connection waits for another one that holds the file's lock, in milliseconds. The main thread has others to
 * serve.
 */
const lockTimeout = isMainThread ? 50 : 10_000;

/** How long a connection waits whose caller will try again: its thread has others to serve. */
export const writerTimeout = 100;

/**
 * Opens a corpus file that exists and brings it to the current schema. Waits `timeout` milliseconds for its lock.
 * Throws `corpus-not-found` where there is none, `corpus-damaged` where SQLite cannot make sense of it,
 * `corpus-unreadable` where it is no corpus file, `schema-too-new` where a later ngramd wrote it and `corpus-busy`.
 */
export function openCorpusFile(path: string, timeout = lockTimeout): Connection {
  for (;;) {
    const inode = inodeOf(path);
    if (inode === undefined) {
      throw new NgramdError('corpus-not-found', `There is no corpus file ${basename(path)}.`);
    }
    let connection: Connection | undefined;
    try {
      connection = new Database(path, { fileMustExist: true, timeout });
      const schema = schemaOf(connection);
      // The file and its log are opened by name, one after the other: both are the corpus's only if it stayed in place.
      if (inodeOf(path) !== inode) {
        connection.close();
        continue;
      }
      if (schema === 0) throw notACorpus({ path, inode });
      noteFile(connection, { path, inode });
      connection.pragma('synchronous = FULL');
      migrate(connection, migrationsFolder);
      return connection;
    } catch (error) {
      connection?.close();
      if (inodeOf(path) !== inode) continue;
      const problem = asNgramdError(problemOf({ path, inode }, error));
      if (problem !== undefined) throw problem;
      throw new NgramdError(
        'corpus-unreadable',
        `${basename(path)} cannot be read: ${(error as Error).message}`,
      );
    }
  }
}

/** The error for a file of schema 0, which empty files and databases of other programs have. */
function notACorpus(file: CorpusFile): Error {
  if (statSync(file.path).size > 0) return new Error('it is a database, but not of a corpus');
  return damageOf(file, 'it is empty');
}

/** A log is long from this many bytes on: it is read whole when nobody has its file open. */
const longLog = 2 ** 23;

/** Where a SQLite file has its `user_version`, as four bytes, big-endian. */
const userVersionAt = 60;

/**
 * Whether it takes long to open a corpus file: it has to be migrated, or its log is long. False where there is no file;
 * a schema that is only in the log is not seen.
 */
export function isLongToOpen(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size >= longLog) return true;
  if (inodeOf(path) === undefined) return false;
  const version = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, version, 0, version.length, userVersionAt);
  } finally {
    closeSync(file);
  }
  return version.readUInt32BE() < latestSchema();
}

/**
 * Creates an empty corpus file, with pages of this size, for one writer to fill: nothing is guaranteed to be on disk
 * before `sealCorpusFile`.
 */
export function createCorpusFile(path: string, pageBytes: number): Connection {
  const connection = new Database(path);
  try {
    connection.pragma(`page_size = ${pageBytes}`);
    connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = OFF');
    connection.pragma('synchronous = OFF');
    migrate(connection, migrationsFolder);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Turns a filled file into one that readers and a writer can share. */
export function sealCorpusFile(connection: Connection): void {
  connection.pragma('synchronous = FULL');
  connection.pragma('journal_mode = WAL');
}
