import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../../src/store/sqlite/corpus-file.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { temporaryFolder } from '../http/harness.ts';

t.test('a database of an older schema is migrated step by step, each once', async (t) => {
  const folder = temporaryFolder(t);
  const migrations = join(folder, 'migrations');
  mkdirSync(migrations);
  const database = new Database(join(folder, 'x.sqlite'));
  writeFileSync(join(migrations, '0001-first.sql'), 'CREATE TABLE a (x); INSERT INTO a VALUES (1);');
  migrate(database, migrations);
  t.equal(database.pragma('user_version', { simple: true }), 1);
  writeFileSync(join(migrations, '0002-second.sql'), 'ALTER TABLE a ADD COLUMN y DEFAULT 7;');
  migrate(database, migrations);
  migrate(database, migrations);
  t.equal(database.pragma('user_version', { simple: true }), 2);
  t.same(database.prepare('SELECT * FROM a').all(), [{ x: 1, y: 7 }]);
  database.close();
});

t.test('a migration that fails leaves the database as it was', async (t) => {
  const folder = temporaryFolder(t);
  const database = new Database(join(folder, 'x.sqlite'));
  writeFileSync(join(folder, '0001-broken.sql'), 'CREATE TABLE a (x); CREATE TABLE a (x);');
  t.throws(() => migrate(database, folder));
  t.equal(database.pragma('user_version', { simple: true }), 0);
  t.same(database.prepare('SELECT name FROM sqlite_schema').all(), []);
  database.close();
});

t.test('a corpus file of a newer ngramd is refused, and says so', async (t) => {
  const path = join(temporaryFolder(t), 'new.sqlite');
  const connection = createCorpusFile(path, 4096);
  connection.pragma('user_version = 99');
  sealCorpusFile(connection);
  connection.close();
  t.throws(() => openCorpusFile(path), {
    code: 'schema-too-new',
    message: /new\.sqlite has schema 99.*upgrade/,
  });
});

t.test('a file that is no database is refused, and says so', async (t) => {
  const path = join(temporaryFolder(t), 'junk.sqlite');
  writeFileSync(path, 'this is not a database, however long it is made to be');
  t.throws(() => openCorpusFile(path), { code: 'corpus-damaged', message: /junk\.sqlite/ });
});
