import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NgramdError } from '../../errors.ts';
import { type Connection, damageOf, fileOf } from './connection.ts';
import { blockPacker } from './varint-blocks.ts';

export const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * Runs the numbered `.sql` files of `folder` that the database has not seen, each in a transaction of its own;
 * `user_version` is the number of the last, which is at most `last`. Throws `schema-too-new` where the database is
 * ahead of the folder, and `corpus-damaged`.
 */
export function migrate(connection: Connection, folder: string, last = Number.POSITIVE_INFINITY): void {
  const files = migrationsIn(folder).filter((file) => numberOf(file) <= last);
  const latest = latestOf(files);
  const schema = schemaOf(connection);
  if (schema > latest) {
    throw new NgramdError(
      'schema-too-new',
      `${basename(connection.name)} has schema ${schema}, and this ngramd knows schemas up to ${latest}: upgrade ngramd`,
    );
  }
  if (schema < latest) {
    const damage = (reason: string) => damageOf(fileOf(connection), reason);
    connection.function('packed_block', { deterministic: true }, blockPacker(damage));
  }
  for (const file of files) {
    if (numberOf(file) <= schemaOf(connection)) continue;
    connection
      .transaction(() => {
        if (numberOf(file) <= schemaOf(connection)) return;
        connection.exec(readFileSync(join(folder, file), 'utf8'));
        connection.pragma(`user_version = ${numberOf(file)}`);
      })
      .immediate();
  }
}

/** The schema of a database: 0 where it is empty, or none of ngramd's. */
export function schemaOf(connection: Connection): number {
  return connection.pragma('user_version', { simple: true }) as number;
}

/** The schema that this version of ngramd writes. */
export function latestSchema(): number {
  return latestOf(migrationsIn(migrationsFolder));
}

function migrationsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
}

function latestOf(migrations: readonly string[]): number {
  return Math.max(...migrations.map(numberOf));
}

function numberOf(migration: string): number {
  return Number.parseInt(migration, 10);
}
