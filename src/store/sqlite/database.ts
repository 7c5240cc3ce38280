import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { asNgramdError, NgramdError } from '../../errors.ts';
import { isBusy } from '../../platform/process-lock.ts';

export type Connection = Database.Database;
export type Statement = Database.Statement<unknown[], unknown>;

const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * How long a connection waits for another that holds the file's lock, in milliseconds. The main thread has others to
 * serve.
 */
const lockTimeout = isMainThread ? 50 : 10_000;

/** How long one waits that is to try again: its thread has others to serve. */
export const writerTimeout = 100;

/** A file as it stood under its path. */
export interface CorpusFile {
  path: string;
  inode: number;
}

/** Which file each connection has open: the path alone does not tell after a corpus was deleted and made anew. */
const files = new WeakMap<Connection, CorpusFile>();

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
      if (schema === 0) throw notACorpus(path, inode);
      files.set(connection, { path, inode });
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

/** From how many bytes on a log is long, which is read whole when nobody has its file open. */
const longLog = 2 ** 23;

/** Where a SQLite file has its `user_version`, as four bytes, big-endian. */
const userVersionAt = 60;

/**
 * Whether it takes long to open a corpus file: it has to be migrated, or its log is long. False where there is none; what
 * stands only in the log yet is not seen.
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
  return version.readUInt32BE() < latestSchema(migrationsIn(migrationsFolder));
}

/** The inode of a file, undefined where there is none: as long as a connection has the file open, no other gets it. */
export function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** The file that a connection of `openCorpusFile` has open. */
export function fileOf(connection: Connection): CorpusFile {
  return files.get(connection) as CorpusFile;
}

/** Whether the file that a connection of `openCorpusFile` has open still stands under its path. */
export function isInPlace(connection: Connection): boolean {
  const file = files.get(connection);
  return file === undefined || inodeOf(file.path) === file.inode;
}

/** Does something with an open corpus file. Throws what that throws, or `corpus-damaged` or `corpus-busy` for it. */
export function onCorpusFile<T>(connection: Connection, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileProblem(connection, error);
  }
}

/** `corpus-damaged` or `corpus-busy`, where an error of SQLite says so of an open corpus file; else the error itself. */
export function fileProblem(connection: Connection, error: unknown): unknown {
  return problemOf(files.get(connection), error);
}

function problemOf(file: CorpusFile | undefined, error: unknown): unknown {
  if (file === undefined || !(error instanceof Database.SqliteError)) return error;
  const name = basename(file.path);
  if (isDamage(error)) return damageOf(file, error.message);
  if (isBusy(error)) {
    return new NgramdError('corpus-busy', `Another process is writing to ${name}. Try again.`);
  }
  return error;
}

/** `corpus-damaged` for a corpus file. */
export function damageOf(file: CorpusFile, reason: string): NgramdError {
  const corpus = { name: basename(file.path, '.sqlite'), id: String(file.inode) };
  return new NgramdError('corpus-damaged', `${basename(file.path)} is damaged: ${reason}.`, [], corpus);
}

/** Whether an error of SQLite says that the file's content is none. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Schema 0 is that of an empty file and of databases of others. */
function notACorpus(path: string, inode: number): Error {
  if (statSync(path).size > 0) return new Error('it is a database, but not of a corpus');
  return damageOf({ path, inode }, 'it is empty');
}

/**
 * Makes an empty corpus file for one writer to fill: nothing is promised to be on disk before `sealCorpusFile`.
 */
export function createCorpusFile(path: string): Connection {
  const connection = new Database(path);
  try {
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

/**
 * Runs the numbered `.sql` files of `folder` that the database has not seen, each in a transaction of its own;
 * `user_version` is the number of the last. Throws `schema-too-new` where the database is ahead of the folder.
 */
export function migrate(connection: Connection, folder: string): void {
  const files = migrationsIn(folder);
  const latest = latestSchema(files);
  const schema = schemaOf(connection);
  if (schema > latest) {
    throw new NgramdError(
      'schema-too-new',
      `${basename(connection.name)} has schema ${schema}, and this ngramd knows schemas up to ${latest}: upgrade ngramd`,
    );
  }
  for (const file of files) {
    if (migrationNumber(file) <= schemaOf(connection)) continue;
    connection
      .transaction(() => {
        if (migrationNumber(file) <= schemaOf(connection)) return;
        connection.exec(readFileSync(join(folder, file), 'utf8'));
        connection.pragma(`user_version = ${migrationNumber(file)}`);
      })
      .immediate();
  }
}

function migrationsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
}

function latestSchema(migrations: readonly string[]): number {
  return Math.max(...migrations.map(migrationNumber));
}

function schemaOf(connection: Connection): number {
  return connection.pragma('user_version', { simple: true }) as number;
}

function migrationNumber(file: string): number {
  return Number.parseInt(file, 10);
}
