import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { openCorpusFile } from '../../src/store/store.ts';
import { random, rounds, seed } from '../crash-rounds.ts';
import { temporaryFolder } from '../http/harness.ts';
import { root } from '../http/processes.ts';
import {
  countByForce,
  countsIn,
  countsOfCountsByForce,
  countsOfCountsIn,
  sequencesOf,
} from '../ingest/oracle.ts';
import { addDocument, takeBackDocument } from '../ingest/stored-corpus.ts';

const migrations = join(root, 'migrations');

/** A corpus file that ngramd 0.1 wrote at schema 1, of five documents; and their texts. */
const oldFile = fileURLToPath(new URL('./schema-1.sqlite', import.meta.url));
const texts = Array.from({ length: 5 }, (_, document) =>
  Array.from({ length: 400 }, (_, i) => `w${(i * i + document) % 199}`).join(' '),
);

/** Holds a corpus file against the texts. */
async function isWhole(t: Test, path: string): Promise<void> {
  const corpus = await openCorpusFile(path);
  const counts = countByForce(sequencesOf(texts, 'document'), 3);
  t.same(await corpus.read(countsIn), counts);
  t.same(await corpus.read(countsOfCountsIn), countsOfCountsByForce(counts));
  const summary = await corpus.read((snapshot) => snapshot.summary());
  t.match(summary, { documents: 5, tokens: 2000, version: 6 });
  corpus.close();
}

t.test('a file of schema 1 is opened with all that is in it', async (t) => {
  const path = join(temporaryFolder(t), 'old.sqlite');
  copyFileSync(oldFile, path);
  await isWhole(t, path);
});

t.test('documents of a file of schema 1 can be taken back, and others added', async (t) => {
  const path = join(temporaryFolder(t), 'old.sqlite');
  copyFileSync(oldFile, path);
  const corpus = await openCorpusFile(path);
  await takeBackDocument(corpus, '2');
  t.equal(await addDocument(corpus, 'x w1'), '6');
  const left = [...texts.filter((_, document) => document !== 1), 'x w1'];
  t.same(await corpus.read(countsIn), countByForce(sequencesOf(left, 'document'), 3));
  corpus.close();
});

t.test('a file of schema 1 with a damaged block is refused and stays as it is', async (t) => {
  const path = join(temporaryFolder(t), 'old.sqlite');
  copyFileSync(oldFile, path);
  const read = () => {
    const connection = new Database(path);
    const schema = connection.pragma('user_version', { simple: true });
    const blocks = connection.prepare('SELECT * FROM blocks').all();
    connection.close();
    return { schema, blocks };
  };
  const connection = new Database(path);
  connection.exec("UPDATE blocks SET data = CAST(data || x'00ffffffff0f' AS BLOB) WHERE n = 1");
  connection.close();
  const { blocks } = read();
  await t.rejects(openCorpusFile(path), {
    code: 'corpus-damaged',
    message: 'old.sqlite is damaged: the n-grams of a block contradict each other.',
  });
  t.same(read(), { schema: 4, blocks });
});

t.setTimeout(300_000 + 20_000 * rounds);
t.test(
  `kill -9 at ${rounds} random moments of a migration (CRASH_SEED=${seed}): each file of it is done whole or not at all`,
  async (t) => {
    const folder = temporaryFolder(t);
    const slowMigrations = join(folder, 'migrations');
    cpSync(migrations, slowMigrations, { recursive: true });
    const padding = 300_000;
    writeFileSync(
      join(slowMigrations, '9998-slow.sql'),
      `CREATE TABLE padding AS WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${padding})
     SELECT i, hex(randomblob(20)) AS x FROM numbers;
     UPDATE blocks SET peak = peak + 1000;`,
    );
    writeFileSync(
      join(slowMigrations, '9999-slow-too.sql'),
      'CREATE INDEX padding_by_x ON padding (x); UPDATE blocks SET peak = peak - 1000;',
    );
    const path = join(folder, 'old.sqlite');
    copyFileSync(oldFile, path);
    const peaks = peaksOf(path);

    let reach = 1000;
    const killed: Record<number, number> = {};
    for (let round = 0; round < rounds; round++) {
      const child = spawn(process.execPath, [join(root, 'test/store/migrating.ts'), path, slowMigrations], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      await setTimeout(random(reach));
      child.kill('SIGKILL');
      await exited;

      const connection = new Database(path);
      t.equal(connection.pragma('integrity_check', { simple: true }), 'ok');
      const schema = connection.pragma('user_version', { simple: true }) as number;
      killed[schema] = (killed[schema] ?? 0) + 1;
      const has = (name: string) =>
        connection.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;
      t.equal(has('padding'), schema >= 9998, `padding at schema ${schema}`);
      t.equal(has('padding_by_x'), schema >= 9999, `its index at schema ${schema}`);
      if (has('padding')) {
        t.equal(connection.prepare('SELECT count(*) FROM padding').pluck().get(), padding);
      }
      connection.close();
      const raised = schema === 9998 ? 1000 : 0;
      t.same(
        peaksOf(path),
        peaks.map((peak) => peak + raised),
      );

      // Goes on from where it was killed until it has come through.
      reach *= schema === 9999 ? 0.8 : 1.2;
      if (schema === 9999) copyFileSync(oldFile, path);
    }
    t.comment(`killed at schema: ${JSON.stringify(killed)}`);
    const connection = new Database(path);
    migrate(connection, slowMigrations);
    connection.exec('DROP TABLE padding');
    const known = new Database(':memory:');
    migrate(known, migrations);
    connection.pragma(`user_version = ${known.pragma('user_version', { simple: true })}`);
    connection.close();
    await isWhole(t, path);
  },
);

function peaksOf(path: string): number[] {
  const connection = new Database(path);
  const peaks = connection
    .prepare('SELECT peak FROM blocks ORDER BY run, n, first')
    .pluck()
    .all() as number[];
  connection.close();
  return peaks;
}
