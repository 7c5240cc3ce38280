/**
 * Migrates the database at the first argument with the files of the folder at the second, after a line on standard
 * output.
 */
import Database from 'better-sqlite3';
import { migrate } from '../../src/store/sqlite/migrations.ts';

const [path, folder] = process.argv.slice(2);
const connection = new Database(path);
process.stdout.write('migrating\n', () => {
  migrate(connection, folder);
  connection.close();
});
