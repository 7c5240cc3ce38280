import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import t from 'tap';
import type { Snapshot } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { storeContract } from './contract.ts';
import { createOf, openSqlite } from './sqlite.ts';
import { addTexts } from './texts.ts';

storeContract('SQLite', async (t) => {
  const folder = temporaryFolder(t);
  const again = async () => (await openSqlite(t, folder)).store;
  return { store: await again(), again };
});

t.test('a thread opens the store by its address', async (t) => {
  const { store, folder } = await openSqlite(t);
  await createOf(store, 'name');
  const worker = new Worker(new URL('./changing-thread.ts', import.meta.url), {
    workerData: { address: store.address, name: 'name', created: 'other' },
  });
  const ref = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  await worker.terminate();
  const corpus = await store.open('name');
  t.same(ref, corpus.ref);
  corpus.expectChange();
  t.equal(await corpus.version(), 2);
  t.same(await store.names(), ['name', 'other']);
  t.same(readdirSync(join(folder, 'tmp')), []);
});

t.test('a question that throws leaves no transaction open', async (t) => {
  const { store, path } = await openSqlite(t);
  await createOf(store, 'name');
  const corpus = await store.open('name');
  const asked = corpus.read(async (snapshot) => {
    for await (const _ of snapshot.ngrams(1)) throw new Error('of its own');
  });
  await t.rejects(asked, { message: 'of its own' });
  await corpus.change((change) => addTexts(change, [[['c']]]));
  const other = new Database(path('name'));
  // A reader's transaction would keep the log from being emptied.
  t.match(other.pragma('wal_checkpoint(TRUNCATE)'), [{ busy: 0, log: 0 }]);
  other.close();
});

t.test('a snapshot is of no use when its question has been answered', async (t) => {
  const { store } = await openSqlite(t);
  await createOf(store, 'name');
  const corpus = await store.open('name');
  const kept = await corpus.read(async (snapshot): Promise<{ snapshot: Snapshot }> => ({ snapshot }));
  await t.rejects(kept.snapshot.summary(), { message: /has been answered/ });
});

t.test('a corpus that is closed for others is opened again for those who still have it', async (t) => {
  const { store } = await openSqlite(t, undefined, { maxOpen: 2 });
  for (const name of ['a', 'b', 'c']) await createOf(store, name);
  const first = await store.open('a');
  await first.read(async (snapshot) => {
    for (const name of ['b', 'c']) await store.open(name);
    t.equal((await snapshot.summary()).tokens, 2, 'also in the middle of a question');
  });
  t.equal(await first.read(async (snapshot) => (await snapshot.summary()).tokens), 2);
  t.not(await store.open('a'), first);
});

t.test(
  'a corpus that others have deleted does not stay open, so that its disk space is released',
  { skip: process.platform !== 'linux' && 'there is no /proc' },
  async (t) => {
    const { store, folder } = await openSqlite(t);
    const { store: other } = await openSqlite(t, folder);
    await createOf(store, 'deleted');
    await other.open('deleted');
    const openFiles = () => readdirSync('/proc/self/fd').flatMap((fd) => linkOf(`/proc/self/fd/${fd}`) ?? []);
    const isOpen = (ending: string) =>
      openFiles().some((file) => file.startsWith(folder) && file.endsWith(ending));
    t.ok(isOpen('/deleted.sqlite'));
    await store.remove('deleted');
    while (isOpen('(deleted)')) await setTimeout(50);
  },
);

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

t.test('a corpus that another process writes to is not deleted meanwhile', async (t) => {
  const { store, folder, path } = await openSqlite(t);
  await createOf(store, 'name');
  const writing = new Database(path('name'));
  writing.exec('BEGIN IMMEDIATE');
  await t.rejects(store.remove('name'), { code: 'corpus-busy' });
  t.ok(await store.has('name'));
  writing.exec('COMMIT');
  await store.remove('name');
  t.same(readdirSync(join(folder, 'corpora')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
  writing.close();
});

t.test('a file that another process has locked is busy, not damaged', async (t) => {
  const { store, path, folder } = await openSqlite(t);
  await createOf(store, 'name');
  const corpus = await store.open('name');
  const writing = new Database(path('name'));
  writing.exec('BEGIN IMMEDIATE');
  await t.rejects(
    corpus.change(async () => t.fail('it writes')),
    { code: 'corpus-busy', corpus: undefined },
  );
  writing.close();
  const { store: other } = await openSqlite(t, folder);
  await store.close();
  const alone = new Database(path('name'));
  alone.pragma('locking_mode = EXCLUSIVE');
  alone.exec('BEGIN IMMEDIATE');
  await t.rejects(other.open('name'), { code: 'corpus-busy', corpus: undefined });
  t.equal(await other.opensAtOnce('name'), false);
  alone.close();
  t.equal(await other.opensAtOnce('name'), true);
});

t.test('a change of names waits for other processes while the event loop goes on', async (t) => {
  const { store, folder } = await openSqlite(t);
  const other = new Database(join(folder, 'locks', 'names'));
  other.exec('BEGIN EXCLUSIVE');
  const created = Promise.all(['a', 'b'].map((name) => createOf(store, name)));
  await setTimeout(100);
  t.same(await store.names(), []);
  other.exec('ROLLBACK');
  other.close();
  await created;
  t.same(await store.names(), ['a', 'b']);
});
