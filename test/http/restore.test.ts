import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openCorpusFile } from '../../src/store/store.ts';
import { countByForce, countsIn, sequencesOf } from '../ingest/oracle.ts';
import { startOn, startService, temporaryFolder } from './harness.ts';

const text = (seed: number) => Array.from({ length: 3000 }, (_, i) => `w${(i * i * seed) % 997}`).join(' ');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

type Service = Awaited<ReturnType<typeof startService>>;
type Api = Service['api'];

const put = (api: Api, path: string, body: string) =>
  api.put(`/v1/corpora/${path}`).type('text/plain').send(body);

/** Backs a corpus up; returns the path of its backup. */
async function backUp(api: Api, corpus = 'book'): Promise<string> {
  return (await api.post(`/v1/corpora/${corpus}/backups`).expect(201)).headers.location;
}

/** A service with the corpus `book`, of a text, and the path of its backup. */
async function backedUp(t: Test, settings: Record<string, string> = {}) {
  const service = await startService(t, settings);
  await put(service.api, 'book?tokenizer=whitespace', text(1)).expect(201);
  return { ...service, backup: await backUp(service.api) };
}

/** Sends a file as a backup to be restored. */
function send(api: Api, corpus: string, file: Buffer, query: Record<string, string> = {}) {
  return api
    .post(`/v1/corpora/${corpus}/restore`)
    .query({ sha256: sha256(file), ...query })
    .type('application/vnd.sqlite3')
    .send(file);
}

/**
 * All that is asked of a corpus to tell it from others: from the cache, from the index in memory, and from the file.
 */
async function answersOf(api: Api, corpus: string): Promise<unknown[]> {
  const { version } = (await api.get(`/v1/corpora/${corpus}`)).body;
  const paths = [
    '',
    '/probability?context=w1&word=w4',
    `/continuations?context=w1&estimator=modified-kneser-ney&min_version=${version}`,
    '/ngrams?order=3&limit=1000',
    '/batches?batch_size=2&num_steps=5&max_tokens=100',
    '/documents',
  ];
  const answers = [];
  for (const path of paths) {
    const { status, body } = await api.get(`/v1/corpora/${corpus}${path}`);
    const { name: _, instance: __, ...answer } = body;
    answers.push({ path, status, answer });
  }
  return answers;
}

/** The files in the folders of a service in which nothing may be left over. */
function leftovers(folder: string): string[] {
  const files = readdirSync(join(folder, 'corpora')).filter((file) => file.includes('replaced'));
  return [...readdirSync(join(folder, 'tmp')), ...files];
}

t.test('a backup is restored under another name, and is the corpus that it was', async (t) => {
  const { api, folder, backup } = await backedUp(t);
  const before = await answersOf(api, 'book');
  await put(api, 'book/documents/second', text(2)).expect(201);
  const { status, headers, body } = await api.post(`${backup}/restore?to=copy`);
  t.equal(status, 201);
  t.equal(headers.location, '/v1/corpora/copy');
  t.same(body, (await api.get('/v1/corpora/copy')).body);
  t.same(await answersOf(api, 'copy'), before);
  const added = await put(api, 'copy/documents/other', 'one more');
  t.match([added.status, added.body.version], [201, 2]);
  t.equal((await api.get('/v1/corpora/book')).body.documents, 2, 'the other corpus is as it was');
  t.same(leftovers(folder), []);
});

t.test('a backup that was fetched is restored in another service', async (t) => {
  const { app, api, backup } = await backedUp(t);
  const file = Buffer.from(await (await fetch(`${app.listeningOrigin}${backup}`)).arrayBuffer());
  const { api: other } = await startService(t);
  t.equal((await send(other, 'moved', file)).status, 201);
  t.same(await answersOf(other, 'moved'), await answersOf(api, 'book'));
  const zipped = await send(other, 'upper', file, { sha256: sha256(file).toUpperCase() });
  t.equal(zipped.status, 201, 'the hash in upper case');
});

t.test('a corpus is replaced only where that is asked for', async (t) => {
  const { api, folder, backup } = await backedUp(t);
  const before = await answersOf(api, 'book');
  await put(api, 'book/documents/second', text(2)).expect(201);
  const after = await answersOf(api, 'book');
  const refused = await api.post(`${backup}/restore`);
  t.match([refused.status, refused.body.type], [409, '/problems#corpus-exists']);
  t.match(refused.body.detail, /replace=true/);
  const file = readFileSync(join(folder, (await api.get('/v1/backups')).body.items[0].file));
  t.equal((await send(api, 'book', file)).status, 409);
  t.same(await answersOf(api, 'book'), after);
  const replaced = await api.post(`${backup}/restore?replace=true`);
  t.equal(replaced.status, 200);
  t.notOk('location' in replaced.headers);
  t.same(await answersOf(api, 'book'), before);
  await put(api, 'book/documents/third', text(3)).expect(201);
  t.equal((await send(api, 'book', file, { replace: 'true' })).status, 200);
  t.same(await answersOf(api, 'book'), before);
  t.same(leftovers(folder), []);
});

t.test(
  'what is in memory about a corpus is never taken for one that replaces it at the same version',
  async (t) => {
    const { api, backup } = await backedUp(t);
    const states = [];
    for (const seed of [2, 3, 4]) {
      await api.post(`${backup}/restore?replace=true`).expect(200);
      await put(api, 'book/documents/second', text(seed)).expect(201);
      states.push({ backup: await backUp(api), answers: await answersOf(api, 'book') });
    }
    for (let round = 0; round < 6; round++) {
      const { backup, answers } = states[(round * 2) % states.length];
      await api.post(`${backup}/restore?replace=true`).expect(200);
      t.same(await answersOf(api, 'book'), answers, `round ${round}`);
      t.same(await answersOf(api, 'book'), answers, 'and again, with all that is cached');
    }
  },
);

t.test(
  'keys that were used after the backup are new again after it was restored, earlier ones are not',
  async (t) => {
    const { api } = await backedUp(t);
    const add = (key: string) =>
      api
        .post('/v1/corpora/book/documents')
        .set('idempotency-key', key)
        .type('text/plain')
        .send(`text of ${key}`);
    await add('before');
    const backup = await backUp(api);
    await add('after');
    await api.post(`${backup}/restore?replace=true`).expect(200);
    t.equal((await add('before')).headers['idempotent-replayed'], 'true');
    t.notOk('idempotent-replayed' in (await add('after')).headers);
    t.equal((await api.get('/v1/corpora/book')).body.documents, 3);
  },
);

/** Opens a copy of a file and changes it. */
function changed(t: Test, file: Buffer, change: (database: Database.Database) => void): Buffer {
  const path = join(temporaryFolder(t), 'changed.sqlite');
  writeFileSync(path, file);
  const database = new Database(path);
  database.pragma('journal_mode = DELETE');
  change(database);
  database.close();
  return readFileSync(path);
}

const strangers: Record<string, { of: (t: Test, file: Buffer) => Buffer; says: RegExp }> = {
  'an empty file': { of: () => Buffer.alloc(0), says: /no body|it is empty/ },
  'a text': { of: () => Buffer.from(text(1)), says: /it is not a SQLite file/ },
  'a header alone': { of: (_t, file) => file.subarray(0, 100), says: /damaged|not those of a corpus/ },
  'a file that was cut off': { of: (_t, file) => file.subarray(0, file.length / 2), says: /it is damaged/ },
  'a file with a damaged page': {
    of: (_t, file) =>
      Buffer.concat([file.subarray(0, 8 * 4096), Buffer.alloc(4096, 0xff), file.subarray(9 * 4096)]),
    says: /it is damaged/,
  },
  'a database of another program': {
    of: (t) => changed(t, Buffer.alloc(0), (db) => db.exec('CREATE TABLE corpus (id)')),
    says: /its tables are not those of a corpus/,
  },
  'a database of another program with a number of a schema': {
    of: (t) =>
      changed(t, Buffer.alloc(0), (db) => db.exec('CREATE TABLE corpus (id); PRAGMA user_version = 3')),
    says: /its tables are not those of a corpus/,
  },
  'a corpus with a trigger': {
    of: (t, file) =>
      changed(t, file, (db) =>
        db.exec('CREATE TRIGGER x AFTER UPDATE ON corpus BEGIN DELETE FROM documents; END'),
      ),
    says: /its tables are not those of a corpus/,
  },
  'a corpus of a later schema': {
    of: (t, file) => changed(t, file, (db) => db.pragma('user_version = 9999')),
    says: /it has schema 9999, and this ngramd knows schemas up to \d+: upgrade ngramd/,
  },
  'a corpus without a row': {
    of: (t, file) => changed(t, file, (db) => db.exec('DELETE FROM corpus')),
    says: /it has no settings/,
  },
  'a corpus with a tokenizer that nobody knows': {
    of: (t, file) => changed(t, file, (db) => db.exec("UPDATE corpus SET tokenizer = 'x'")),
    says: /its settings are unknown/,
  },
  'a corpus without one of its documents': {
    of: (t, file) => changed(t, file, (db) => db.exec('DELETE FROM documents')),
    says: /has 3000 tokens, its documents have 0/,
  },
  'a corpus without the end of its stream': {
    of: (t, file) => changed(t, file, (db) => db.exec('DELETE FROM tokens WHERE first > 1000')),
    says: /has 3000 tokens, .* its stream has/,
  },
};

t.test('a file that is no intact corpus is refused, and nothing is changed', async (t) => {
  const { api, folder, backup } = await backedUp(t);
  const [{ file: path }] = (await api.get('/v1/backups')).body.items;
  const file = readFileSync(join(folder, path));
  const before = await answersOf(api, 'book');
  for (const [what, { of, says }] of Object.entries(strangers)) {
    const stranger = of(t, file);
    for (const [corpus, query] of [
      ['book', { replace: 'true' }],
      ['new', {}],
    ] as const) {
      const { status, body } = await send(api, corpus, stranger, query as Record<string, string>);
      t.ok(status === 422 || (stranger.length === 0 && status === 400), `${what}: ${status}`);
      t.match(body.detail, says, what);
    }
  }
  const { body } = await send(api, 'new', file, { sha256: '0'.repeat(64) });
  t.equal(body.type, '/problems#invalid-backup');
  t.match(body.detail, `its SHA-256 is ${sha256(file)}, and ${'0'.repeat(64)} was expected`);
  truncateSync(join(folder, path), 50_000);
  const damaged = await api.post(`${backup}/restore?replace=true`);
  t.match(
    [damaged.status, damaged.body.detail],
    [422, /its SHA-256 is/],
    'a backup that was damaged on the disk',
  );
  t.same(await answersOf(api, 'book'), before);
  t.equal((await api.get('/v1/corpora/new')).status, 404);
  t.same(leftovers(folder), []);
});

t.test('a corpus that is restored is as good as one that was uploaded, whatever its settings', async (t) => {
  const { api, folder } = await startService(t);
  const lines = 'the time machine\n\nby h g wells\nthe time\n';
  const kinds = ['sequences=line&order=5', 'tokenizer=char', 'tokenizer=unicode&locale=tr', 'order=1'];
  for (const [i, kind] of kinds.entries()) {
    await put(api, `c${i}?${kind}`, lines).expect(201);
    await put(api, `c${i}/documents/x`, 'the machine').expect(201);
    await api.delete(`/v1/corpora/c${i}/documents/x`).expect(204);
    const backup = await backUp(api, `c${i}`);
    t.equal((await api.post(`${backup}/restore?to=r${i}`)).status, 201, kind);
    t.same(await answersOf(api, `r${i}`), await answersOf(api, `c${i}`), kind);
  }
  const empty = await api.post('/v1/corpora').send({ name: 'empty' });
  t.equal(empty.status, 201);
  t.equal((await api.post(`${await backUp(api, 'empty')}/restore?to=still-empty`)).status, 201);
  t.same(leftovers(folder), []);
});

t.test('a file of schema 1 is migrated while it is restored', async (t) => {
  const { api, folder } = await startService(t);
  const file = readFileSync(fileURLToPath(new URL('../store/schema-1.sqlite', import.meta.url)));
  const { status, body } = await send(api, 'old', file);
  t.match([status, body.documents, body.tokens], [201, 5, 2000]);
  copyFileSync(join(folder, 'corpora/old.sqlite'), join(folder, 'copy.sqlite'));
  const corpus = await openCorpusFile(join(folder, 'copy.sqlite'));
  const texts = Array.from({ length: 5 }, (_, document) =>
    Array.from({ length: 400 }, (_, i) => `w${(i * i + document) % 199}`).join(' '),
  );
  t.same(await corpus.read(countsIn), countByForce(sequencesOf(texts, 'document'), 3));
  corpus.close();
  writeFileSync(join(folder, 'backups/old-6-20250101T000000000Z.sqlite'), file);
  t.equal((await api.post('/v1/corpora/old/backups/6-20250101T000000000Z/restore?to=again')).status, 201);
  t.same(await answersOf(api, 'again'), await answersOf(api, 'old'));
  t.ok(
    readFileSync(join(folder, 'backups/old-6-20250101T000000000Z.sqlite')).equals(file),
    'the backup is not migrated',
  );
});

t.test('an upload of a backup that is cut off changes nothing and leaves nothing', async (t) => {
  const { app, api, folder } = await backedUp(t);
  const before = await answersOf(api, 'book');
  const [{ file: path }] = (await api.get('/v1/backups')).body.items;
  const file = readFileSync(join(folder, path));
  const sending = request(
    `${app.listeningOrigin}/v1/corpora/book/restore?replace=true&sha256=${sha256(file)}`,
    { method: 'POST', headers: { 'content-length': file.length } },
  );
  sending.on('error', () => {});
  sending.write(file.subarray(0, file.length - 1));
  while (readdirSync(join(folder, 'tmp')).length === 0) await setTimeout(5);
  sending.destroy();
  while (readdirSync(join(folder, 'tmp')).length > 0) await setTimeout(5);
  t.same(await answersOf(api, 'book'), before);
});

t.test(
  'of two restores at once under a new name one fails; those that replace come one after the other',
  async (t) => {
    const { api, folder, backup } = await backedUp(t);
    const first = await answersOf(api, 'book');
    await put(api, 'book/documents/second', text(2)).expect(201);
    const second = { backup: await backUp(api), answers: await answersOf(api, 'book') };
    const created = await Promise.all(
      [backup, second.backup].map((path) => api.post(`${path}/restore?to=new`)),
    );
    t.same(created.map(({ status }) => status).sort(), [201, 409]);
    const replaced = await Promise.all(
      [backup, second.backup, backup, second.backup].map((path) => api.post(`${path}/restore?replace=true`)),
    );
    t.same(
      replaced.map(({ status }) => status),
      [200, 200, 200, 200],
    );
    const now = JSON.stringify(await answersOf(api, 'book'));
    t.ok([first, second.answers].some((answers) => JSON.stringify(answers) === now));
    t.same(leftovers(folder), []);
  },
);

t.test(
  'questions that are asked while a corpus is replaced are answered from one or the other',
  async (t) => {
    const { api, backup } = await backedUp(t);
    const question = '/v1/corpora/book/probability?context=w1&word=w4';
    const listing = '/v1/corpora/book/ngrams?order=2&limit=50';
    const ask = async (path: string) => JSON.stringify((await api.get(path)).body);
    const known = [new Set([await ask(question)]), new Set([await ask(listing)])];
    await put(api, 'book/documents/second', text(2)).expect(201);
    const second = await backUp(api);
    known[0].add(await ask(question));
    known[1].add(await ask(listing));
    let isOver = false;
    let asked = 0;
    const askers = [question, listing].map(async (path, i) => {
      for (; !isOver; asked++) {
        const answer = await ask(path);
        if (!known[i].has(answer)) t.fail(answer);
      }
    });
    for (let i = 0; i < 8; i++) {
      await api.post(`${i % 2 === 0 ? backup : second}/restore?replace=true`).expect(200);
    }
    isOver = true;
    await Promise.all(askers);
    t.ok(asked > 10, `${asked} questions`);
  },
);

t.test(
  'an upload to a corpus that is replaced meanwhile fails, and the restored corpus has none of it',
  async (t) => {
    const { app, api, backup } = await backedUp(t);
    const before = await answersOf(api, 'book');
    const sending = request(`${app.listeningOrigin}/v1/corpora/book/documents/late`, { method: 'PUT' });
    const answered = new Promise<number>((resolve) =>
      sending.on('response', (answer) => resolve(answer.resume().statusCode as number)),
    );
    sending.write('the time ');
    while ((await api.get('/v1/jobs')).body.items[0].state !== 'receiving') await setTimeout(5);
    await api.post(`${backup}/restore?replace=true`).expect(200);
    sending.end('machine');
    t.equal(await answered, 404);
    t.match((await api.get('/v1/jobs')).body.items[0].problem.detail, /deleted or replaced/);
    t.same(await answersOf(api, 'book'), before);
  },
);

t.test('a damaged corpus is restored from its last backup, as its problem says', async (t) => {
  const { app, api, folder } = await backedUp(t);
  await put(api, 'book/documents/second', text(2)).expect(201);
  const last = await backUp(api);
  const before = await answersOf(api, 'book');
  await app.close();
  writeFileSync(join(folder, 'corpora/book.sqlite'), Buffer.alloc(4096, 0xff), { flag: 'r+' });
  const { api: restarted } = await startOn(t, folder);
  const { body } = await restarted.get('/v1/corpora/book/vocabulary');
  t.equal(body.type, '/problems#corpus-damaged');
  t.match(body.detail, `Restore its last backup with POST ${last}/restore`);
  t.equal((await restarted.post(`${last}/restore`)).status, 201);
  t.same(await answersOf(restarted, 'book'), before);
  t.match((await restarted.get('/metrics')).text, /^ngramd_damaged_corpora 0$/m);
});

t.test('a restore for which the disk has no room is refused', async (t) => {
  const { folder } = await backedUp(t);
  const { api } = await startOn(t, folder, { MIN_FREE_DISK_BYTES: String(2 ** 52) });
  const [{ name, file }] = (await api.get('/v1/backups')).body.items;
  const named = await api.post(`/v1/corpora/book/backups/${name}/restore?to=new`);
  t.match([named.status, named.body.type], [507, '/problems#disk-full']);
  const sent = readFileSync(join(folder, file));
  const refused = await Promise.all(Array.from({ length: 50 }, () => send(api, 'new', sent)));
  t.ok(refused.every(({ status }) => status === 507));
  t.same(leftovers(folder), []);
  t.notOk(existsSync(join(folder, 'corpora/new.sqlite')));
});

t.test('a limit on corpora, on uploads and on keys applies to restoring', async (t) => {
  const secret = 'a-secret-of-many-characters';
  const keys = `all:${secret}1:admin,book:${secret}2:admin:book,writer:${secret}3:write`;
  const { api, folder } = await startService(t, {
    API_KEYS: keys,
    MAX_CORPORA: '1',
    MAX_UPLOAD_BYTES: '60000',
  });
  const as = (key: number) => ({ authorization: `Bearer ${secret}${key}` });
  await put(api, 'book?tokenizer=whitespace', text(1)).set(as(1)).expect(201);
  const { location } = (await api.post('/v1/corpora/book/backups').set(as(1))).headers;
  t.equal((await api.post(`${location}/restore?to=new`).set(as(1))).body.type, '/problems#too-many-corpora');
  t.equal(
    (await api.post(`${location}/restore?replace=true`).set(as(1))).status,
    200,
    'a replaced one is no other',
  );
  t.equal((await api.post(`${location}/restore?to=new`).set(as(2))).status, 403);
  t.equal((await api.post(`${location}/restore?replace=true`).set(as(2))).status, 200);
  t.equal((await api.post(`${location}/restore?replace=true`).set(as(3))).status, 403);
  const [{ file }] = (await api.get('/v1/backups').set(as(1))).body.items;
  const large = readFileSync(join(folder, file));
  t.ok(large.length > 60_000);
  t.equal((await send(api, 'book', large, { replace: 'true' }).set(as(1))).status, 413);
  t.equal((await send(api, 'book', large, { replace: 'true' }).set(as(3))).status, 403);
  t.same(leftovers(folder), []);
});

t.test('what is no name, no backup and no file is a problem', async (t) => {
  const { api, backup } = await backedUp(t);
  const gone = await api.post('/v1/corpora/book/backups/9-20260101T000000000Z/restore?to=new');
  t.equal(gone.body.type, '/problems#backup-not-found');
  for (const to of ['..', '../x', 'A', 'x/y', '']) {
    const { status, body } = await api.post(`${backup}/restore`).query({ to });
    t.match([status, body.errors[0].pointer], [400, '/query/to'], to);
  }
  const typed = await api
    .post(`/v1/corpora/new/restore?sha256=${'0'.repeat(64)}`)
    .type('application/x-www-form-urlencoded')
    .send('x');
  t.equal(typed.status, 415);
  const without = await api.post('/v1/corpora/new/restore').type('application/octet-stream').send('x');
  t.match([without.status, without.body.errors[0].pointer], [400, '/query/sha256']);
});
