import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { startService, temporaryFolder } from '../harness.ts';

/** A text of `length` words of 10,000 kinds, whose n-grams hardly ever come again. */
function words(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return `w${(state >>> 8) % 10_000}`;
  }).join(' ');
}

type Api = Awaited<ReturnType<typeof startService>>['api'];
const put = (api: Api, path: string, text: string) =>
  api.put(`/v1/corpora/${path}`).type('text/plain').send(text);

t.test('an upload that would leave less disk than MIN_FREE_DISK_BYTES is refused with 507', async (t) => {
  const folder = temporaryFolder(t);
  const { bavail, bsize } = statfsSync(folder);
  const roomy = await startService(t, { DATA_DIR: folder });
  t.equal((await put(roomy.api, 'book?tokenizer=whitespace', words(100))).status, 201);
  const before = (await roomy.api.get('/v1/corpora/book')).body;
  const full = await startService(t, { DATA_DIR: folder, MIN_FREE_DISK_BYTES: String(2 * bavail * bsize) });
  for (const path of ['new', 'book/documents/second']) {
    const { status, body } = await put(full.api, path, words(100));
    t.equal(status, 507, path);
    t.equal(body.type, '/problems#disk-full');
    t.match(body.detail, /MIN_FREE_DISK_BYTES/);
  }
  t.same((await full.api.get('/v1/corpora/book')).body, before);
  t.same(
    readdirSync(join(folder, 'corpora')).filter((name) => name.startsWith('new')),
    [],
  );
  t.same(readdirSync(join(folder, 'tmp')), []);
});

t.test('an upload whose Content-Length is too much for the disk is refused before it is sent', async (t) => {
  const folder = temporaryFolder(t);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const { app } = await startService(t, {
    DATA_DIR: folder,
    MIN_FREE_DISK_BYTES: String(Math.floor(free / 2)),
    MAX_UPLOAD_BYTES: String(2 * free),
  });
  const answer = await new Promise<string>((resolve) => {
    const { port } = app.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.write(`PUT /v1/corpora/large HTTP/1.1\r\nhost: x\r\ncontent-length: ${free}\r\n\r\n`);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data));
    });
  });
  t.match(answer, /^HTTP\/1.1 507 /);
});

t.test(
  'no more corpora are created than MAX_CORPORA, and one that is there can still be put again',
  async (t) => {
    const { api } = await startService(t, { MAX_CORPORA: '2' });
    t.equal((await put(api, 'one', 'a')).status, 201);
    const both = await Promise.all([put(api, 'two', 'a'), put(api, 'three', 'a')]);
    t.same(both.map(({ status }) => status).sort(), [201, 507]);
    const refused = await put(api, 'four', 'a');
    t.equal(refused.status, 507);
    t.equal(refused.body.type, '/problems#too-many-corpora');
    t.match(refused.body.detail, /2 corpora.*MAX_CORPORA/);
    t.equal((await put(api, 'one', 'a')).status, 200);
    t.equal((await put(api, 'one/documents/more', 'b')).status, 201);
    t.equal((await api.delete('/v1/corpora/one')).status, 204);
    t.equal((await put(api, 'four', 'a')).status, 201);
  },
);

/** A file system of so many MiB; undefined where none can be mounted. */
function smallDisk(megabytes: number): string | undefined {
  const folder = temporaryFolder(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]));
  return folder;
}

const disk = smallDisk(8);
const diskTest = disk === undefined ? { skip: 'no file system can be mounted here' } : {};
t.test(
  'a disk that is full in the middle of an upload gives 507, and nothing is changed or left',
  diskTest,
  async (t) => {
    const folder = disk as string;
    const free = () => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    };
    const { api } = await startService(t, { DATA_DIR: folder });
    t.equal((await put(api, 'book?tokenizer=whitespace', words(1000))).status, 201);
    t.equal((await put(api, 'book/documents/second', words(500))).status, 201);
    const before = (await api.get('/v1/corpora/book')).body;
    const unused = free();

    // Long texts fill the disk with their tokens on the way in, the others where they are written.
    for (const [path, text] of [
      ['new?tokenizer=char', 'abcd '.repeat(600_000)],
      ['new?tokenizer=whitespace&order=6', words(400_000)],
      ['book/documents/large', 'a b c d '.repeat(800_000)],
      ['book/documents/large', words(1_200_000)],
    ] as const) {
      const { status, body } = await put(api, path, text);
      t.equal(status, 507, `${path}, ${text.length} bytes: ${JSON.stringify(body)}`);
      t.equal(body.type, '/problems#disk-full');
      t.same(readdirSync(join(folder, 'tmp')), []);
      t.same((await api.get('/v1/corpora/book')).body, before);
      t.equal((await api.get('/v1/corpora/new')).status, 404);
      t.ok(free() > unused - 2 ** 20, `${unused - free()} bytes are not given back`);
    }
    t.equal((await put(api, 'book/documents/third', words(500))).status, 201, 'smaller ones go on');
    t.equal((await put(api, 'new', 'the time machine')).status, 201);

    const filler = join(folder, 'filler');
    try {
      mkdirSync(filler);
      for (let i = 0; ; i++) writeFileSync(join(filler, String(i)), Buffer.alloc(64 * 1024));
    } catch {
      // It is full to the last block.
    }
    for (const path of ['more', 'book/documents/fourth']) {
      const { status, body } = await put(api, path, 'the time machine');
      t.equal(status, 507, `${path} ${JSON.stringify(body)}`);
    }
    t.equal((await api.get('/v1/corpora/book/probability?word=w0')).status, 200, 'questions are answered');
    rmSync(filler, { recursive: true });
    t.equal((await put(api, 'book/documents/fourth', 'the time machine')).status, 201);
  },
);
