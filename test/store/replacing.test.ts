import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openStore } from '../../src/store/store.ts';
import { startOn, temporaryFolder } from '../http/harness.ts';

/** The steps in which a file takes the place of another, as CorpusFiles makes them. */
const steps: ((path: string, fresh: string) => void)[] = [
  (path) => linkSync(`${path}-wal`, `${path}.replaced-wal`),
  (path) => linkSync(`${path}-shm`, `${path}.replaced-shm`),
  (path) => renameSync(path, `${path}.replaced`),
  (path) => rmSync(`${path}-wal`),
  (path) => rmSync(`${path}-shm`),
  (path, fresh) => linkSync(fresh, path),
  (path) => rmSync(`${path}.replaced`),
  (path) => rmSync(`${path}.replaced-wal`),
];

/**
 * A data folder with the file of the corpus `book`, whose last document is in its log only, and of another one,
 * `fresh`.
 */
async function killedFolder(t: Test): Promise<{ folder: string; path: string; fresh: string }> {
  const live = temporaryFolder(t);
  const { api } = await startOn(t, live);
  for (const name of ['book', 'fresh']) {
    await api.put(`/v1/corpora/${name}`).type('text/plain').send(`the ${name}`).expect(201);
  }
  await api.put('/v1/corpora/book/documents/last').type('text/plain').send('in the log').expect(201);
  const folder = temporaryFolder(t);
  await (await openStore({ engine: 'sqlite', folder, scratch: join(folder, 'tmp/x') })).close();
  for (const file of readdirSync(join(live, 'corpora')).filter((file) => file.startsWith('book'))) {
    copyFileSync(join(live, 'corpora', file), join(folder, 'corpora', file));
  }
  copyFileSync(join(live, 'corpora/fresh.sqlite'), join(folder, 'fresh'));
  mkdirSync(join(folder, 'tmp'));
  return { folder, path: join(folder, 'corpora/book.sqlite'), fresh: join(folder, 'fresh') };
}

t.test('a replacement that was killed after any step is taken back or completed', async (t) => {
  for (let killed = 0; killed <= steps.length; killed++) {
    for (const sees of ['a start', 'a process that runs'] as const) {
      const { folder, path, fresh } = await killedFolder(t);
      const replace = () => {
        for (const step of steps.slice(0, killed)) step(path, fresh);
      };
      const address = { engine: 'sqlite', folder, scratch: join(folder, 'tmp/x') } as const;
      if (sees === 'a start') replace();
      const store = await openStore(address);
      if (sees === 'a process that runs') replace();
      const summary = await (await store.open('book')).read((snapshot) => snapshot.summary());
      const isNew = killed >= 6;
      t.equal(summary.documents, isNew ? 1 : 2, `after ${killed} steps, seen by ${sees}`);
      await store.close();
      if (sees === 'a start' || (killed > 2 && killed < 6)) {
        const left = readdirSync(join(folder, 'corpora')).filter((file) => file.includes('replaced'));
        t.same(left, [], `nothing is left after ${killed} steps`);
      }
      t.ok(existsSync(path));
    }
  }
});

t.test(
  'a corpus whose replacement was killed can be deleted, and is not lost to another of its name',
  async (t) => {
    for (const next of ['remove', 'create'] as const) {
      const { folder, path, fresh } = await killedFolder(t);
      const store = await openStore({ engine: 'sqlite', folder, scratch: join(folder, 'tmp/x') });
      for (const step of steps.slice(0, 4)) step(path, fresh);
      if (next === 'remove') {
        await store.remove('book');
        t.same(readdirSync(join(folder, 'corpora')), []);
      } else {
        const settings = { tokenizer: 'word', order: 3, sequences: 'document' } as const;
        const corpus = { name: 'book', settings, now: new Date().toISOString(), maxCorpora: 9 };
        t.equal(await store.create(corpus, async () => true), undefined, 'the name is taken');
        const summary = await (await store.open('book')).read((snapshot) => snapshot.summary());
        t.equal(summary.documents, 2);
      }
      await store.close();
    }
  },
);
