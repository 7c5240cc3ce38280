import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Response } from 'supertest';
import t, { type Test } from 'tap';
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
      const { status, body } = await api.post('/v1/corpora/book/backups');
      t.equal(status, 201);
      backups.push(body);
    }
    isWriting = false;
    await writing;
    t.ok(atVersion.size > 1, `${atVersion.size} versions`);

    const files = backups.flatMap(({ file }) => [file.slice(8), `${file.slice(8)}.sha256`]);
    t.same(readdirSync(join(folder, 'backups')).sort(), files.sort());
    t.same(readdirSync(join(folder, 'tmp')), [], 'nothing is left over');
    for (const [i, backup] of backups.entries()) {
      const { file, corpus, name, version, bytes, sha256, created_at } = backup;
      t.match(file, new RegExp(`^backups/book-${version}-\\d{8}T\\d{9}Z\\.sqlite$`));
      t.equal(file, `backups/book-${name}.sqlite`);
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
      const { name: _, ...restored } = (await api.get(`/v1/corpora/${copy}`)).body;
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
  t.equal((await api.post('/v1/corpora/none/backups')).body.type, '/problems#corpus-not-found');
  writeFileSync(
    join(folder, 'corpora', 'junk.sqlite'),
    'this is not a database, however long it is made to be',
  );
  const { status, body } = await api.post('/v1/corpora/junk/backups');
  t.equal(status, 500);
  t.equal(body.type, '/problems#corpus-damaged');
  t.same(readdirSync(join(folder, 'backups')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
});

t.test('a backup for which the disk has no room is refused', async (t) => {
  const { api, folder } = await startService(t, { MIN_FREE_DISK_BYTES: String(2 ** 52) });
  const { store } = await openSqlite(t, folder);
  await createOf(store, 'book');
  const { status, body } = await api.post('/v1/corpora/book/backups');
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
  const { status } = await api.post('/v1/corpora/book/backups');
  t.equal(status, 500);
  t.same(readdirSync(join(folder, 'backups')), []);
  t.same(readdirSync(join(folder, 'tmp')), []);
});

/** A service with a corpus of three documents that was backed up after each, and those backups, newest first. */
async function backedUp(t: Test, settings: Record<string, string> = {}) {
  const service = await startService(t, settings);
  const { api } = service;
  const made = [];
  await api.put('/v1/corpora/book?tokenizer=whitespace').type('text/plain').send(text(1));
  for (const document of ['second', 'third', undefined]) {
    made.unshift((await api.post('/v1/corpora/book/backups')).body);
    if (document !== undefined) {
      await api.put(`/v1/corpora/book/documents/${document}`).type('text/plain').send(text(2));
    }
  }
  return { ...service, made };
}

t.test('backups are listed page by page, newest first, also those of a deleted corpus', async (t) => {
  const { api, made } = await backedUp(t);
  await api.put('/v1/corpora/book-1?tokenizer=whitespace').type('text/plain').send(text(1));
  const other = (await api.post('/v1/corpora/book-1/backups')).body;
  t.same(
    made.map(({ version }) => version),
    [3, 2, 1],
  );
  t.same((await api.get('/v1/backups')).body, { items: [other, ...made] });
  t.same((await api.get('/v1/corpora/book/backups')).body, { items: made });
  await api.delete('/v1/corpora/book');
  const first = (await api.get('/v1/corpora/book/backups?limit=2')).body;
  t.same(first.items, made.slice(0, 2));
  const second = await api.get('/v1/corpora/book/backups').query({ limit: 2, cursor: first.next_cursor });
  t.same(second.body, { items: made.slice(2) });
  t.same((await api.get('/v1/corpora/none/backups')).body, { items: [] });
});

t.test('a backup is sent as it is on disk, with its hash', async (t) => {
  const { api, folder, made } = await backedUp(t);
  const [{ name, file, sha256, bytes }] = made;
  const path = `/v1/corpora/book/backups/${name}`;
  const content = readFileSync(join(folder, file));
  t.equal(
    (await api.post('/v1/corpora/book/backups')).headers.location.replace(/\d{8}T\d{9}Z$/, ''),
    path.replace(/\d{8}T\d{9}Z$/, ''),
  );
  const { headers, body } = await api.get(path).buffer().parse(collect);
  t.ok(content.equals(body));
  t.match(headers, {
    'content-type': 'application/vnd.sqlite3',
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="book-${name}.sqlite"`,
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    'repr-digest': `sha-256=:${createHash('sha256').update(content).digest('base64')}:`,
  });
  const head = await api.head(path);
  t.equal(head.status, 200);
  t.equal(head.headers['content-length'], String(bytes));
  t.equal(readFileSync(join(folder, `${file}.sha256`), 'utf8'), `${sha256}  book-${name}.sqlite\n`);
  for (const tag of [`"${sha256}"`, `"other", W/"${sha256}"`, '*']) {
    t.equal((await api.get(path).set('if-none-match', tag)).status, 304, tag);
  }
});

t.test('a part of a backup is sent where one is asked for', async (t) => {
  const { api, folder, made } = await backedUp(t);
  const [{ name, file, sha256, bytes }] = made;
  const path = `/v1/corpora/book/backups/${name}`;
  const content = readFileSync(join(folder, file));
  const ask = (range: string, ifRange?: string) => {
    const asked = api.get(path).set('range', range).buffer().parse(collect);
    return ifRange === undefined ? asked : asked.set('if-range', ifRange);
  };
  const parts: [string, number, number][] = [
    ['bytes=0-0', 0, 0],
    ['bytes=100-4095', 100, 4095],
    [`bytes=${bytes - 1}-`, bytes - 1, bytes - 1],
    ['bytes=-10', bytes - 10, bytes - 1],
    [`bytes=5-${bytes * 2}`, 5, bytes - 1],
  ];
  for (const [range, start, end] of parts) {
    const { status, headers, body } = await ask(range, `"${sha256}"`);
    t.equal(status, 206, range);
    t.equal(headers['content-range'], `bytes ${start}-${end}/${bytes}`);
    t.equal(headers['content-length'], String(end - start + 1));
    t.ok(content.subarray(start, end + 1).equals(body), range);
  }
  for (const range of ['bytes=5', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=9-3', 'nonsense']) {
    const { status, body } = await ask(range);
    t.equal(status, 200, range);
    t.ok(content.equals(body), range);
  }
  t.equal((await ask('bytes=0-9', '"the hash of another file"')).status, 200);
  const outside = await api.get(path).set('range', `bytes=${bytes}-`);
  t.equal(outside.body.type, '/problems#range-not-satisfiable');
  t.equal(outside.headers['content-range'], `bytes */${bytes}`);
});

t.test('a backup is deleted with its hash, and those who are reading it read on', async (t) => {
  const { app, api, folder, made } = await backedUp(t);
  const [{ name, file }, ...others] = made;
  const path = `/v1/corpora/book/backups/${name}`;
  const content = readFileSync(join(folder, file));
  const { port } = app.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  t.equal((await api.delete(path)).status, 204);
  t.ok(content.equals(Buffer.from(await answer.arrayBuffer())));
  t.equal((await api.get(path)).body.type, '/problems#backup-not-found');
  t.equal((await api.delete(path)).body.type, '/problems#backup-not-found');
  t.same((await api.get('/v1/backups')).body.items, others);
  const left = others.flatMap(({ file }) => [file.slice(8), `${file.slice(8)}.sha256`]);
  t.same(readdirSync(join(folder, 'backups')).sort(), left.sort());
});

t.test('what is in the folder of backups and is no backup cannot be read or deleted', async (t) => {
  const { api, folder, made } = await backedUp(t);
  const at = (file: string) => join(folder, 'backups', file);
  symlinkSync('/etc/passwd', at('book-1-20260101T000000000Z.sqlite'));
  mkdirSync(at('book-2-20260101T000000000Z.sqlite'));
  for (const file of ['notes.txt', 'book-3-20269901T000000000Z.sqlite', 'book.sqlite']) {
    writeFileSync(at(file), 'something else');
  }
  t.same((await api.get('/v1/backups')).body.items, made);
  const names = ['1-20260101T000000000Z', '2-20260101T000000000Z', '3-20269901T000000000Z'];
  const attacks = [
    '..%2f..%2fcorpora%2fbook',
    '%2e%2e',
    '7-20260101T000000000Z%00',
    '7-20260101T000000000Z%2f..',
  ];
  for (const name of [...names, ...attacks]) {
    for (const method of ['get', 'delete'] as const) {
      const { status } = await api[method](`/v1/corpora/book/backups/${name}`);
      t.ok([400, 404].includes(status), `${method} ${name}: ${status}`);
    }
  }
  t.equal((await api.get('/v1/corpora/..%2fcorpora/backups')).status, 400);
  t.equal(readdirSync(join(folder, 'backups')).length, 2 * made.length + 5, 'all of it is still there');
});

t.test('a file that was put there by hand has no hash, and is sent all the same', async (t) => {
  const { api, folder, made } = await backedUp(t);
  const [{ file }] = made;
  copyFileSync(join(folder, file), join(folder, 'backups', 'old-7-20250101T000000000Z.sqlite'));
  const [byHand] = (await api.get('/v1/corpora/old/backups')).body.items;
  t.same(byHand, {
    corpus: 'old',
    name: '7-20250101T000000000Z',
    version: 7,
    bytes: made[0].bytes,
    scheduled: false,
    file: 'backups/old-7-20250101T000000000Z.sqlite',
    created_at: '2025-01-01T00:00:00.000Z',
  });
  const { status, headers } = await api.get(`/v1/corpora/old/backups/${byHand.name}`);
  t.equal(status, 200);
  t.notOk('etag' in headers);
});

t.test('a key sees and takes only the backups of the corpora that it may back up', async (t) => {
  const secret = 'a-secret-of-many-characters';
  const keys = `all:${secret}1:admin,book:${secret}2:admin:book,reader:${secret}3:read`;
  const { api } = await startService(t, { API_KEYS: keys });
  const as = (key: number) => ({ authorization: `Bearer ${secret}${key}` });
  for (const corpus of ['book', 'other']) {
    await api.put(`/v1/corpora/${corpus}`).set(as(1)).type('text/plain').send('the time machine');
    t.equal((await api.post(`/v1/corpora/${corpus}/backups`).set(as(1))).status, 201);
  }
  t.equal((await api.get('/v1/backups').set(as(1))).body.items.length, 2);
  const { items } = (await api.get('/v1/backups').set(as(2))).body;
  t.same(
    items.map(({ corpus }: { corpus: string }) => corpus),
    ['book'],
  );
  t.equal((await api.get('/v1/corpora/other/backups').set(as(2))).status, 403);
  t.equal((await api.get(`/v1/corpora/book/backups/${items[0].name}`).set(as(2))).status, 200);
  for (const path of [
    '/v1/backups',
    '/v1/corpora/book/backups',
    `/v1/corpora/book/backups/${items[0].name}`,
  ]) {
    t.equal((await api.get(path).set(as(3))).status, 403, path);
  }
});

/** Collects a body that is no text. */
function collect(answer: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk) => chunks.push(chunk));
  answer.on('end', () => done(null, Buffer.concat(chunks)));
}
