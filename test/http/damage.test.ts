import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { startOn, temporaryFolder } from './harness.ts';

type Api = Awaited<ReturnType<typeof startOn>>['api'];

/** Words in no simple order, for a file of many pages. */
const text = Array.from({ length: 20_000 }, (_, i) => `w${(i * i) % 7919}`).join(' ');

/** A data folder with the corpora, all of the same text, and nothing running on it. */
async function corporaOf(t: Test, ...names: string[]): Promise<string> {
  const folder = temporaryFolder(t);
  const { api, app } = await startOn(t, folder);
  for (const name of names) {
    await api.put(`/v1/corpora/${name}?tokenizer=whitespace`).type('text/plain').send(text).expect(201);
  }
  await app.close();
  return folder;
}

const fileOf = (folder: string, name: string) => join(folder, 'corpora', `${name}.sqlite`);

/** Writes random bytes over the middle half of a file. */
function scramble(path: string): void {
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(size / 2), 0, Math.floor(size / 2), Math.floor(size / 4));
  closeSync(file);
}

/** What /readyz says about the corpora; it is ready all the same. */
async function readiness(api: Api): Promise<string> {
  const { checks } = (await api.get('/readyz').expect(200)).body;
  return checks.find(({ name }: { name: string }) => name === 'corpora').detail;
}

/** What the service answers about a corpus that is set aside, and that the others serve. */
async function isReported(t: Test, api: Api, folder: string, name: string): Promise<void> {
  const [file] = readdirSync(join(folder, 'damaged')).filter((file) => file.startsWith(`${name}-`));
  t.match(file, /^[a-z]+-\d{8}T\d{9}Z\.sqlite$/);
  t.notOk(existsSync(fileOf(folder, name)));
  for (const path of [name, `${name}/probability?word=w1`, `${name}/batches`, `${name}/documents`]) {
    const { status, body } = await api.get(`/v1/corpora/${path}`);
    t.equal(status, 500, path);
    t.equal(body.type, '/problems#corpus-damaged');
    t.match(body.detail, `damaged/${file}`);
    t.match(body.detail, /Upload the corpus again, or restore a backup/);
  }
  t.match(await readiness(api), /Damaged and set aside: 1\./);
  t.match((await api.get('/metrics')).text, /^ngramd_damaged_corpora 1$/m);
  t.equal((await api.get('/v1/corpora/healthy/probability?word=w1')).status, 200);
  t.same(
    (await api.get('/v1/corpora')).body.items.map((corpus: { name: string }) => corpus.name),
    ['healthy'],
  );
}

t.setTimeout(600_000);

const damages: Record<string, (path: string) => void> = {
  'truncated to half': (path) => truncateSync(path, statSync(path).size / 2),
  'with a garbage header': (path) => writeFileSync(path, randomBytes(4096), { flag: 'r+' }),
  'of zero length': (path) => truncateSync(path, 0),
};

for (const [kind, damage] of Object.entries(damages)) {
  t.test(`a file ${kind} is set aside and reported, also after a restart; the others serve`, async (t) => {
    const folder = await corporaOf(t, 'healthy', 'victim');
    damage(fileOf(folder, 'victim'));
    const bytes = readFileSync(fileOf(folder, 'victim'));
    const errors: { msg: string }[] = [];
    const log = new Writable({
      write: (line, _encoding, done) => {
        errors.push(JSON.parse(line));
        done();
      },
    });
    const { api, app } = await startOn(t, folder, {}, pino({ level: 'error' }, log));
    t.match(await readiness(api), /No corpus is damaged/, 'nobody has looked yet');
    t.equal((await api.get('/v1/corpora/victim')).body.type, '/problems#corpus-damaged');
    await isReported(t, api, folder, 'victim');
    t.ok(errors.some(({ msg }) => /victim\.sqlite is damaged: .* set aside as .*damaged\/victim-/.test(msg)));
    const [file] = readdirSync(join(folder, 'damaged'));
    t.same(readFileSync(join(folder, 'damaged', file)), bytes, 'the damaged file is kept as it was');
    await app.close();
    const { api: restarted } = await startOn(t, folder);
    await isReported(t, restarted, folder, 'victim');
  });
}

const finders: Record<string, { ask: (api: Api) => Promise<unknown>; settings?: Record<string, string> }> = {
  'the event loop, listing n-grams': {
    ask: async (api) => {
      for (const order of [1, 2, 3]) await api.get(`/v1/corpora/victim/ngrams?order=${order}&limit=1000`);
      await api.get('/v1/corpora/victim/batches?batch_size=100&num_steps=100&limit=5');
    },
  },
  'the thread that builds indexes, behind an answer': {
    ask: async (api) => {
      await api.get('/v1/corpora/victim/probability?word=not-there');
      while (!/set aside/.test(await readiness(api))) await setTimeout(50);
    },
  },
  'the thread that builds indexes, for an answer': {
    ask: (api) => api.get('/v1/corpora/victim/probability?word=w1&estimator=kneser-ney'),
  },
  'a thread that scores': {
    settings: { INDEX_MEMORY_BYTES: '0' },
    ask: async (api) => {
      const { status, body } = await api.post('/v1/corpora/victim/score').send({ texts: [text] });
      t.equal(status, 500, 'an error of the file is none of a text');
      t.equal(body.type, '/problems#corpus-damaged');
    },
  },
  'a thread that writes': {
    ask: async (api) => {
      const { status, body } = await api.post('/v1/corpora/victim/documents').type('text/plain').send(text);
      t.equal(status, 500);
      t.equal(body.type, '/problems#corpus-damaged');
    },
  },
};

for (const [finder, { ask, settings }] of Object.entries(finders)) {
  t.test(`random bytes over the middle of a file, found by ${finder}, have it set aside`, async (t) => {
    const folder = await corporaOf(t, 'healthy', 'victim');
    scramble(fileOf(folder, 'victim'));
    const { api } = await startOn(t, folder, settings);
    await ask(api);
    await isReported(t, api, folder, 'victim');
  });
}

t.test('a file that is damaged while it is open and has a log is set aside with it', async (t) => {
  const folder = await corporaOf(t, 'healthy', 'victim');
  const { api } = await startOn(t, folder);
  await api.get('/v1/corpora/victim').expect(200);
  await api.post('/v1/corpora/victim/documents').send({ text: 'w1' }).expect(201);
  t.ok(existsSync(`${fileOf(folder, 'victim')}-wal`));
  // In a process of its own: closing the file in this one would let go of SQLite's locks on it.
  const scrambling = `
    const fs = require('fs');
    const file = fs.openSync(process.argv[1], 'r+');
    const { size } = fs.fstatSync(file);
    fs.writeSync(file, require('crypto').randomBytes(size / 2), 0, Math.floor(size / 2), Math.floor(size / 4));`;
  execFileSync(process.execPath, ['-e', scrambling, fileOf(folder, 'victim')]);
  await api.get('/v1/corpora/victim/probability?word=w1&estimator=kneser-ney').expect(500);
  await isReported(t, api, folder, 'victim');
  t.ok(readdirSync(join(folder, 'damaged')).some((file) => file.endsWith('.sqlite-wal')));
  t.same(
    readdirSync(join(folder, 'corpora')).filter((file) => file.startsWith('victim')),
    [],
  );
});

t.test('a corpus made anew under the name ends the report, and deleting it the damaged file', async (t) => {
  const folder = await corporaOf(t, 'victim');
  truncateSync(fileOf(folder, 'victim'), 0);
  const { api } = await startOn(t, folder);
  await api.get('/v1/corpora/victim').expect(500);
  await api.put('/v1/corpora/victim?tokenizer=whitespace').type('text/plain').send(text).expect(201);
  t.match((await api.get('/v1/corpora/victim').expect(200)).body, { tokens: 20_000 });
  t.match(await readiness(api), /No corpus is damaged/);
  t.equal(readdirSync(join(folder, 'damaged')).length, 1);
  await api.delete('/v1/corpora/victim').expect(204);
  t.same(readdirSync(join(folder, 'damaged')), []);
  await api.get('/v1/corpora/victim').expect(404);
});

t.test('a damaged corpus can be deleted, found damaged or not', async (t) => {
  const folder = await corporaOf(t, 'found', 'unfound');
  for (const name of ['found', 'unfound']) truncateSync(fileOf(folder, name), 5000);
  const { api } = await startOn(t, folder);
  await api.get('/v1/corpora/found').expect(500);
  for (const name of ['found', 'unfound']) {
    await api.delete(`/v1/corpora/${name}`).expect(204);
    await api.get(`/v1/corpora/${name}`).expect(404);
    await api.delete(`/v1/corpora/${name}`).expect(404);
  }
  t.match(await readiness(api), /No corpus is damaged/);
});

t.test('what is not a damaged file stays where it is', async (t) => {
  const folder = await corporaOf(t, 'healthy');
  mkdirSync(fileOf(folder, 'folder'));
  const other = "const db = require('better-sqlite3')(process.argv[1]); db.exec('CREATE TABLE a (x)')";
  execFileSync(process.execPath, ['-e', other, fileOf(folder, 'foreign')]);
  const newer =
    "const db = require('better-sqlite3')(process.argv[1]); db.exec('PRAGMA user_version = 9999')";
  execFileSync(process.execPath, ['-e', newer, fileOf(folder, 'newer')]);
  const { api } = await startOn(t, folder);
  for (const [name, problem] of [
    ['folder', 'corpus-unreadable'],
    ['foreign', 'corpus-unreadable'],
    ['newer', 'schema-too-new'],
  ]) {
    const { status, body } = await api.get(`/v1/corpora/${name}`);
    t.equal(status, 500);
    t.equal(body.type, `/problems#${problem}`);
    t.ok(existsSync(fileOf(folder, name)));
  }
  t.notOk(existsSync(join(folder, 'damaged')));
  t.match(await readiness(api), /No corpus is damaged/);
});
