import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { temporaryFolder } from './harness.ts';
import { kill, root, startProcess } from './processes.ts';

/** A text of `length` words in no simple order. */
function words(length: number): string {
  return Array.from({ length }, (_, i) => `w${(i * i) % 9973}`).join(' ');
}

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });
/** What the tests read of corpora, lists, minibatches and problems. */
interface Answer {
  tokens: number;
  documents: number;
  version: number;
  ngrams: { order: number; total: number }[];
  status?: number;
}

const json = async (url: string) => (await (await fetch(url)).json()) as Answer;

t.test(
  'kill -9 during an ingest: after a restart every corpus is as before or after, and nothing else is left',
  async (t) => {
    const folder = temporaryFolder(t);
    const long = words(400_000);
    let server = await startProcess(t, folder);
    t.equal((await put(`${server.url}/v1/corpora/book?tokenizer=whitespace`, words(1000))).status, 201);
    const batches = '/v1/corpora/book/batches?seed=4&batch_size=2&num_steps=5&max_tokens=1000';
    const page = await json(server.url + batches);
    let tokens = 1000;

    for (const [i, delay] of [20, 150, 300, 500].entries()) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `PUT /v1/corpora/half${i} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\nthe time machine`,
      );
      const pending = Promise.allSettled([
        put(`${server.url}/v1/corpora/book/documents/long${i}`, long),
        put(`${server.url}/v1/corpora/new${i}?tokenizer=whitespace`, long),
      ]);
      await setTimeout(delay);
      await kill(server.process, 'SIGKILL');
      const acknowledged = (await pending).map(({ status }) => status === 'fulfilled');

      server = await startProcess(t, folder);
      t.same(readdirSync(join(folder, 'tmp')), [], `killed after ${delay} ms`);
      const book = await json(`${server.url}/v1/corpora/book`);
      const added = book.tokens - tokens;
      t.ok(added === 400_000 || (added === 0 && !acknowledged[0]), `${added} tokens added`);
      tokens = book.tokens;
      t.ok(
        book.ngrams.every(({ order, total }) => {
          return total === tokens - (order - 1) * book.documents;
        }),
        'totals belong to the tokens',
      );
      const created = await json(`${server.url}/v1/corpora/new${i}`);
      t.ok(created.tokens === 400_000 || (created.status === 404 && !acknowledged[1]));
      t.equal((await fetch(`${server.url}/v1/corpora/half${i}`)).status, 404);
      const { version, ...again } = await json(server.url + batches);
      t.same({ ...again, version: page.version }, page, 'a restarted server gives the same minibatches');
    }

    t.ok((await put(`${server.url}/v1/corpora/book/documents/last`, long)).ok, 'it goes on');
    await kill(server.process, 'SIGTERM');
  },
);

t.test(
  'kill -9 while an ARPA file is uploaded: its corpus is whole or not there, and nothing else is left',
  async (t) => {
    const folder = temporaryFolder(t);
    const file = largeArpa(60_000);
    let server = await startProcess(t, folder);
    const path = '/v1/corpora/given';
    let found = 0;
    for (const delay of [30, 300, 800]) {
      const pending = put(server.url + path, file).then(
        ({ ok }) => ok,
        () => false,
      );
      await setTimeout(delay);
      await kill(server.process, 'SIGKILL');
      const isAcknowledged = await pending;

      server = await startProcess(t, folder);
      t.same(readdirSync(join(folder, 'tmp')), [], `killed after ${delay} ms`);
      const given = await fetch(`${server.url}${path}/arpa`);
      if (given.status === 200) {
        found++;
        t.ok((await given.text()) === file, 'the whole file is there');
        t.equal((await fetch(`${server.url}${path}/probability?context=w1&word=w2`)).status, 200);
        t.equal((await fetch(server.url + path, { method: 'DELETE' })).status, 204);
      } else t.ok(given.status === 404 && !isAcknowledged, 'nothing is there that was not acknowledged');
    }
    t.comment(`found ${found} times`);
    t.equal((await put(server.url + path, file)).status, 201, 'and it can be uploaded again');
    t.ok((await (await fetch(`${server.url}${path}/arpa`)).text()) === file);
    await kill(server.process, 'SIGTERM');
  },
);

/** An ARPA file with so many bigrams, of some megabytes. */
function largeArpa(bigrams: number): string {
  const words = Array.from({ length: 1000 }, (_, i) => `w${i}`);
  const unigrams = ['<unk>', '<s>', '</s>', ...words].map((word) => `-3.25\t${word}\t-0.5\n`);
  const pairs = Array.from(
    { length: bigrams },
    (_, i) => `-${((i % 97) / 10).toFixed(1)}\tw${Math.floor(i / 1000)} w${i % 1000}\n`,
  );
  return `\\data\\\nngram 1=${unigrams.length}\nngram 2=${bigrams}\n\n\\1-grams:\n${unigrams.join('')}\n\\2-grams:\n${pairs.join('')}\n\\end\\\n`;
}

t.test(
  'SIGTERM during an upload: the upload is finished and answered, and is there after a restart',
  async (t) => {
    const folder = temporaryFolder(t);
    const first = await startProcess(t, folder);
    const upload = put(`${first.url}/v1/corpora/book?tokenizer=whitespace`, words(300_000));
    const jobs = async () => (await (await fetch(`${first.url}/v1/jobs`)).json()) as { items: unknown[] };
    while ((await jobs()).items.length === 0) await setTimeout(5);
    const exited = kill(first.process, 'SIGTERM');
    const answer = await upload;
    t.equal(answer.status, 201);
    const corpus = await answer.json();
    await exited;
    t.equal(first.process.exitCode, 0);

    const second = await startProcess(t, folder);
    t.same(await json(`${second.url}/v1/corpora/book`), corpus);
    await kill(second.process, 'SIGTERM');
  },
);

t.test('a wrong setting names itself and stops the start', async (t) => {
  for (const [name, value] of [
    ['PORT', '70000'],
    ['LOG_LEVEL', 'loud'],
    ['MAX_UPLOAD_BYTES', 'much'],
  ]) {
    const child = spawn(process.execPath, [join(root, 'src/cli.ts'), 'serve'], {
      env: { ...process.env, DATA_DIR: temporaryFolder(t), [name]: value },
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'exit');
    t.equal(code, 1);
    t.match(said, name);
  }
});
