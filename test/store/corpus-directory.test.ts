import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import { CorpusDirectory } from '../../src/store/sqlite/corpus-directory.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { openCorpusFile } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../http/harness.ts';
import { createCorpus } from '../ingest/build-corpus.ts';

const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
const ignored = () => {};

t.test('a sweep deletes the temporary files of who is gone, and of nobody else', async (t) => {
  const folder = temporaryFolder(t);
  const gone = new CorpusDirectory(folder, ignored);
  const alive = new CorpusDirectory(folder, ignored);
  const left = gone.temporaryPath();
  const inUse = alive.temporaryPath();
  // A process id says nothing: it may be another's by now, or of another container.
  const old = join(folder, 'tmp', `${process.pid}-0b8e3a52-6e0c-4b5f-9a58-0f6e2c8f9d11`);
  for (const path of [left, inUse, `${inUse}.0`, old]) writeFileSync(path, '');
  alive.sweep();
  t.ok(existsSync(left), 'while its owner is there');
  await gone.close();
  alive.sweep();
  t.same(readdirSync(join(folder, 'tmp')).length, 2);
  t.ok(existsSync(inUse) && existsSync(`${inUse}.0`));
  t.equal(readdirSync(join(folder, 'locks')).length, 2, 'the lock of names, and of who is alive');
  await alive.close();
});

t.test(
  'a sweep deletes the logs of files that are gone, which are not for a file of that name to come',
  async (t) => {
    const folder = temporaryFolder(t);
    const directory = new CorpusDirectory(folder, ignored);
    const made = createCorpus(folder, ['a b'], settings, {});
    await directory.adopt(made, 'there');
    const reader = new CorpusReader(directory.path('there'));
    for (const name of ['gone.sqlite-wal', 'gone.sqlite-shm'])
      writeFileSync(join(folder, 'corpora', name), '');
    directory.sweep();
    t.same(readdirSync(join(folder, 'corpora')).sort(), [
      'there.sqlite',
      'there.sqlite-shm',
      'there.sqlite-wal',
    ]);
    reader.close();
    await directory.close();
  },
);

t.test('a file that took the name of a damaged one is not set aside for it', async (t) => {
  const folder = temporaryFolder(t);
  const directory = new CorpusDirectory(folder, ignored);
  await directory.adopt(createCorpus(folder, ['a b'], settings, {}), 'name');
  directory.setAside({ path: directory.path('name'), inode: 1 }, 'It was damaged.');
  t.ok(directory.has('name'));
  t.same(directory.damaged(), []);
  await directory.close();
});

t.test('a corpus that another process writes to is not deleted meanwhile', async (t) => {
  const folder = temporaryFolder(t);
  const directory = new CorpusDirectory(folder, ignored);
  await directory.adopt(createCorpus(folder, ['a b'], settings, {}), 'name');
  const writing = new Database(directory.path('name'));
  writing.exec('BEGIN IMMEDIATE');
  await t.rejects(directory.remove('name'), { code: 'corpus-busy' });
  t.ok(directory.has('name'));
  writing.exec('COMMIT');
  await directory.remove('name');
  t.same(readdirSync(join(folder, 'corpora')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
  writing.close();
  await directory.close();
});

t.test('a writer that waited for a corpus that is deleted does not write to what is gone', async (t) => {
  const folder = temporaryFolder(t);
  const directory = new CorpusDirectory(folder, ignored);
  await directory.adopt(createCorpus(folder, ['a b'], settings, {}), 'name');
  const writer = new CorpusWriter(openCorpusFile(directory.path('name')));
  await directory.remove('name');
  t.throws(() => writer.transaction(() => t.fail('it writes')), { code: 'corpus-not-found' });
  await directory.adopt(createCorpus(folder, ['c d'], settings, {}), 'name');
  t.throws(() => writer.transaction(() => t.fail('it writes')), { code: 'corpus-not-found' });
  writer.close();
  t.throws(() => openCorpusFile(directory.path('other')), { code: 'corpus-not-found' });
  await directory.close();
});

t.test('a file whose lock another holds is busy, and is no damaged file', async (t) => {
  const folder = temporaryFolder(t);
  const path = createCorpus(folder, ['a b'], settings, {});
  const other = new Database(path);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN IMMEDIATE');
  t.throws(() => openCorpusFile(path, 0), { code: 'corpus-busy', corpus: undefined });
  other.close();
  const writing = new Database(path);
  writing.exec('BEGIN IMMEDIATE');
  const writer = new CorpusWriter(openCorpusFile(path, 0));
  t.throws(() => writer.transaction(() => t.fail('it writes')), { code: 'corpus-busy', corpus: undefined });
  writer.close();
  writing.close();
});

t.test(
  'who changes names waits for others that do, of this process too, while the event loop goes on',
  async (t) => {
    const folder = temporaryFolder(t);
    const directory = new CorpusDirectory(folder, ignored);
    const other = new Database(join(folder, 'locks', 'names'));
    other.exec('BEGIN EXCLUSIVE');
    const made = ['a', 'b'].map((name) => ({ name, path: createCorpus(folder, ['a b'], settings, {}) }));
    const adopted = Promise.all(made.map(({ name, path }) => directory.adopt(path, name)));
    await setTimeout(50);
    t.same(directory.names(), []);
    t.throws(() => directory.setAside({ path: directory.path('a'), inode: 1 }, 'It was damaged.'), {
      code: 'corpus-busy',
    });
    other.exec('ROLLBACK');
    other.close();
    t.same(await adopted, [true, true]);
    t.same(directory.names(), ['a', 'b']);
    t.equal(await directory.adopt(createCorpus(folder, ['c'], settings, {}), 'a'), false);
    await directory.close();
  },
);
