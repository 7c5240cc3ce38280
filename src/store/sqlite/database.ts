import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { asNgramdError, NgramdError } from '../../errors.ts';

export type Connection = Database.Database;
export type Statement = Database.Statement<unknown[], unknown>;

const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** How long a connection waits for another process that holds the file's lock, in milliseconds. */
const lockTimeout = 10_000;

/**
 * Opens a corpus file that exists and brings it to the current schema.
 * Throws `corpus-unreadable` where it is no corpus file and `schema-too-new` where a later ngramd wrote it.
 */
export function openCorpusFile(path: string): Connection {
  let connection: Connection | undefined;
  try {
    connection = new Database(path, { fileMustExist: true, timeout: lockTimeout });
    migrate(connection, migrationsFolder);
    connection.pragma('synchronous = FULL');
    return connection;
  } catch (error) {
    connection?.close();
    const known = asNgramdError(error);
    if (known !== undefined) throw known;
    throw new NgramdError(
      'corpus-unreadable',
      `${basename(path)} cannot be read: ${(error as Error).message}`,
    );
  }
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
  const version = () => connection.pragma('user_version', { simple: true }) as number;
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const latest = Math.max(...files.map(migrationNumber));
  if (version() > latest) {
    throw new NgramdError(
      'schema-too-new',
      `${basename(connection.name)} has schema ${version()}, and this ngramd knows schemas up to ${latest}: upgrade ngramd`,
    );
  }
  for (const file of files) {
    if (migrationNumber(file) <= version()) continue;
    connection
      .transaction(() => {
        if (migrationNumber(file) <= version()) return;
        connection.exec(readFileSync(join(folder, file), 'utf8'));
        connection.pragma(`user_version = ${migrationNumber(file)}`);
      })
      .immediate();
  }
}

function migrationNumber(file: string): number {
  return Number.parseInt(file, 10);
}
