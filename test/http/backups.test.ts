import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createOf, openSqlite } from '../store/sqlite.ts';
import { startService } from './harness.ts';

const text = (seed: number) => Array.from({ length: 3000 }, (_, i) => `w${(i * i * seed) % 997}`).join(' ');

t.test(
  'a backup made while documents come and go is the corpus at one version, and restoring is copying it',
  async (t) => {
    const { api, folder } = await startService(t);
    await api.put('/v1/corpora/book?tokenizer=whitespace').type('text/plain').send(text(1));
    const atVersion = new Map<number, object>();
    const note = async () => {
      const { name, ...corpus } = (await api.get('/v1/corpora/book')).body;
      const { items } = (await api.get('/v1/corpora/book/ngrams?order=3&limit=1000')).body;
      atVersion.set(corpus.version, { corpus, items });
    };
    await note();
    let isWriting = true;
    const writing = (async () => {
      for (let i = 2; isWriting; i++) {
        await api.put(`/v1/corpora/book/documents/d${i}`).type('text/plain').send(text(i));
        await note();
        if (i % 3 !== 0) continue;
        await api.delete(`/v1/corpora/book/documents/d${i - 1}`);
        await note();
      }
    })();
    const backups = [];
    for (let i = 0; i < 6; i++) {
      const { status, body } = await api.post('/v1/corpora/book/backup');
      t.equal(status, 201);
      backups.push(body);
    }
    isWriting = false;
    await writing;
    t.ok(atVersion.size > 1, `${atVersion.size} versions`);

    t.same(readdirSync(join(folder, 'backups')).sort(), backups.map(({ file }) => file.slice(8)).sort());
    t.same(readdirSync(join(folder, 'tmp')), [], 'nothing is left over');
    for (const [i, backup] of backups.entries()) {
      const { file, corpus, version, bytes, sha256, created_at } = backup;
      t.match(file, new RegExp(`^backups/book-${version}-\\d{8}T\\d{9}Z\\.sqlite$`));
      t.equal(corpus, 'book');
      t.ok(Date.parse(created_at));
      const content = readFileSync(join(folder, file));
      t.equal(content.length, bytes);
      t.equal(createHash('sha256').update(content).digest('hex'), sha256);

      const copy = `copy${i}`;
      const path = join(folder, 'corpora', `${copy}.sqlite`);
      copyFileSync(join(folder, file), `${path}.part`);
      t.equal((await api.get(`/v1/corpora/${copy}`)).status, 404, 'a part is no corpus');
      renameSync(`${path}.part`, path);
      const { name, ...restored } = (await api.get(`/v1/corpora/${copy}`)).body;
      const { items } = (await api.get(`/v1/corpora/${copy}/ngrams?order=3&limit=1000`)).body;
      t.equal(restored.version, version);
      t.same({ corpus: restored, items }, atVersion.get(version));
      const added = await api.post(`/v1/corpora/${copy}/documents`).type('text/plain').send('one more');
      t.match(added.body, { version: version + 1 });
    }
  },
);

t.test('a backup of what is no corpus is a problem, and leaves nothing', async (t) => {
  const { api, folder } = await startService(t);
  t.equal((await api.post('/v1/corpora/none/backup')).body.type, '/problems#corpus-not-found');
  writeFileSync(
    join(folder, 'corpora', 'junk.sqlite'),
    'this is not a database, however long it is made to be',
  );
  const { status, body } = await api.post('/v1/corpora/junk/backup');
  t.equal(status, 500);
  t.equal(body.type, '/problems#corpus-damaged');
  t.notOk(existsSync(join(folder, 'backups')));
  t.same(readdirSync(join(folder, 'tmp')), []);
});

t.test('a backup for which the disk has no room is refused', async (t) => {
  const { api, folder } = await startService(t, { MIN_FREE_DISK_BYTES: String(2 ** 52) });
  const { store } = await openSqlite(t, folder);
  await createOf(store, 'book');
  const { status, body } = await api.post('/v1/corpora/book/backup');
  t.equal(status, 507);
  t.equal(body.type, '/problems#disk-full');
  t.same(readdirSync(join(folder, 'backups')), []);
});

t.test('a corpus whose file is damaged is not backed up as if it were whole', async (t) => {
  const { api, folder } = await startService(t);
  await api.put('/v1/corpora/book?tokenizer=whitespace').type('text/plain').send(text(1));
  const path = join(folder, 'corpora', 'book.sqlite');
  const bytes = readFileSync(path);
  // The header and the first table are left as they are.
  for (let page = 8; page < bytes.length / 4096; page++) bytes.fill(0xff, page * 4096, page * 4096 + 64);
  writeFileSync(path, bytes);
  const { status } = await api.post('/v1/corpora/book/backup');
  t.equal(status, 500);
  t.same(readdirSync(join(folder, 'backups')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
});
