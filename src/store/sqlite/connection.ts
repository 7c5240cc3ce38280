import { statSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { NgramdError } from '../../errors.ts';
import { isBusy } from '../../platform/process-lock.ts';

export type Connection = Database.Database;
export type Statement = Database.Statement<unknown[], unknown>;

/** A file as it was found at its path. */
export interface CorpusFile {
  path: string;
  inode: number;
}

/**
 * The file that each connection has open: the path alone does not identify it after a corpus was deleted and created anew.
 */
const files = new WeakMap<Connection, CorpusFile>();

/** The inode of a file, undefined where there is none: while a connection has the file open, no other file gets it. */
export function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Notes which file a connection has open. */
export function noteFile(connection: Connection, file: CorpusFile): void {
  files.set(connection, file);
}

/** The file that a connection of `openCorpusFile` has open. */
export function fileOf(connection: Connection): CorpusFile {
  return files.get(connection) as CorpusFile;
}

/** Whether the file that a connection of `openCorpusFile` has open is still at its path. */
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

/**
 * `corpus-damaged` or `corpus-busy`, where an error of SQLite says so of an open corpus file; else the error itself.
 */
export function fileProblem(connection: Connection, error: unknown): unknown {
  const file = files.get(connection);
  return file === undefined ? error : problemOf(file, error);
}

/** As `fileProblem`, of a file that may not be open. */
export function problemOf(file: CorpusFile, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (isDamage(error)) return damageOf(file, error.message);
  if (!isBusy(error)) return error;
  return new NgramdError('corpus-busy', `Another process is writing to ${basename(file.path)}. Try again.`);
}

/** `corpus-damaged` for a corpus file. */
export function damageOf({ path, inode }: CorpusFile, reason: string): NgramdError {
  const corpus = { name: basename(path, '.sqlite'), id: String(inode) };
  return new NgramdError('corpus-damaged', `${basename(path)} is damaged: ${reason}.`, [], corpus);
}

/** Whether an error of SQLite says that the file is corrupt or not a database. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}
