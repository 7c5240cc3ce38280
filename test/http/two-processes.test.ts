import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openCorpusFile } from '../../src/store/store.ts';
import {
  countByForce,
  countsIn,
  countsOfCountsByForce,
  countsOfCountsIn,
  sequencesOf,
} from '../ingest/oracle.ts';
import { startService, temporaryFolder } from './harness.ts';
import { kill, startProcess } from './processes.ts';

const run = promisify(execFile);

/** Two services on one data folder. */
async function startTwo(t: Test) {
  const folder = temporaryFolder(t);
  const servers = await Promise.all([startProcess(t, folder), startProcess(t, folder)]);
  const stop = async () => {
    for (const { process, output } of servers) {
      await kill(process, 'SIGTERM');
      t.notMatch(output(), /"level":(50|60)/, 'nothing went wrong');
    }
  };
  return { folder, urls: servers.map(({ url }) => `${url}/v1/corpora`), stop };
}

const send = async (method: string, url: string, body: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, {
    method,
    body: Buffer.from(body),
    headers: { 'content-type': 'text/plain', ...headers },
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { id: string; version: number; tokens: number },
  };
};

interface Corpus {
  documents: number;
  version: number;
  created_at: string;
}

const read = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, body: (await answer.json()) as Corpus };
};

t.setTimeout(600_000);

t.test('two processes add to one corpus while both are asked: all is counted, and once', async (t) => {
  const { folder, urls, stop } = await startTwo(t);
  const texts = ['a b a'];
  await send('PUT', `${urls[0]}/book?tokenizer=whitespace`, texts[0]);
  let isAdding = true;
  const readers = urls.map(async (url) => {
    let version = 0;
    while (isAdding) {
      const { status, body } = await read(`${url}/book`);
      t.ok(
        status === 200 && body.version >= version && body.documents === body.version,
        'it is of one version',
      );
      version = body.version;
    }
  });
  const added = await Promise.all(
    urls.flatMap((url, server) =>
      [0, 1].map(async (client) => {
        const answers = [];
        for (let i = 0; i < 6; i++) {
          const text = `a b${server} c${client} d${i}`;
          texts.push(text);
          answers.push(await send('POST', `${url}/book/documents`, text));
        }
        return answers;
      }),
    ),
  );
  isAdding = false;
  await Promise.all(readers);
  t.ok(added.flat().every(({ status }) => status === 201));
  const versions = added.flat().map(({ body }) => body.version);
  t.equal(new Set(versions).size, 24, 'each addition has a version of its own');
  t.equal(new Set(added.flat().map(({ body }) => body.id)).size, 24, 'and an id');
  for (const url of urls) t.match((await read(`${url}/book`)).body, { documents: 25, version: 25 });
  await stop();

  const path = join(folder, 'corpora', 'book.sqlite');
  const counts = countByForce(sequencesOf(texts, 'document'), 3);
  const corpus = await openCorpusFile(path);
  t.same(await corpus.read(countsIn), counts);
  t.same(await corpus.read(countsOfCountsIn), countsOfCountsByForce(counts));
  corpus.close();
});

t.test('of what two processes create or add under one name at the same time, one is there', async (t) => {
  const { urls, stop } = await startTwo(t);
  for (let i = 0; i < 5; i++) {
    const name = `corpus${i}`;
    const same = await Promise.all(urls.map((url) => send('PUT', `${url}/same-${name}`, 'a b')));
    t.same(same.map(({ status }) => status).sort(), [200, 201]);
    t.same(same[0].body, same[1].body);
    const others = await Promise.all(
      urls.map((url, j) => send('PUT', `${url}/${name}`, `a b${'c'.repeat(j)}`)),
    );
    t.same(others.map(({ status }) => status).sort(), [201, 409]);
    const documents = await Promise.all(
      urls.map((url, j) => send('PUT', `${url}/${name}/documents/one`, `x${'y'.repeat(j)}`)),
    );
    t.same(documents.map(({ status }) => status).sort(), [201, 409]);
    const repeated = await Promise.all(
      urls.map((url) => send('POST', `${url}/${name}/documents`, 'z', { 'idempotency-key': 'k' })),
    );
    t.same(
      repeated.map(({ status }) => status),
      [201, 201],
    );
    t.same(repeated[0].body, repeated[1].body);
    for (const url of urls) t.match((await read(`${url}/${name}`)).body, { documents: 3, version: 3 });
  }
  await stop();
});

t.test('a corpus that one process deletes and makes anew is the new one for the other too', async (t) => {
  const { urls, stop } = await startTwo(t);
  const [one, other] = urls.map((url) => `${url}/book`);
  let isChanging = true;
  const busy = (async () => {
    while (isChanging) {
      const [{ status }, { status: added }] = await Promise.all([
        read(`${other}/probability?word=a`),
        send('POST', `${other}/documents`, 'a b'),
      ]);
      t.ok([200, 404].includes(status), `asked: ${status}`);
      t.ok([201, 404].includes(added), `added: ${added}`);
    }
  })();
  for (let i = 0; i < 10; i++) {
    t.equal((await send('PUT', `${one}?order=${1 + (i % 3)}`, `a b ${i}`)).status, 201);
    await setTimeout(20);
    const { body } = await read(one);
    const seen = await read(other);
    t.equal(seen.body.created_at, body.created_at, 'both have the same corpus');
    t.equal((await fetch(one, { method: 'DELETE' })).status, 204);
    await setTimeout(20);
    t.equal((await read(other)).status, 404);
  }
  isChanging = false;
  await busy;
  await stop();
});

t.test(
  'Kneser–Ney of one process goes on while the other writes, and ends with a corpus that it deletes',
  async (t) => {
    const { urls, stop } = await startTwo(t);
    const [one, other] = urls.map((url) => `${url}/book`);
    const query = 'word=a&order=1&explain=true&estimator=kneser-ney';
    const ask = async (more = '') => {
      const answer = await fetch(`${one}/probability?${query}${more}`);
      const { version, levels } = (await answer.json()) as { version: number; levels?: { count: number }[] };
      return { status: answer.status, version, count: levels?.[0].count };
    };
    for (let round = 1; round <= 5; round++) {
      // Each corpus has the versions of the one before it, and other counts.
      await send('PUT', `${other}?tokenizer=whitespace`, `b ${'a '.repeat(round)}`);
      await setTimeout(20);
      t.same(await ask(), { status: 200, version: 1, count: round });
      for (let version = 2; version <= 5; version++) {
        await send('POST', `${other}/documents`, 'a b');
        await setTimeout(20);
        const { status, version: answered, count } = await ask();
        t.equal(status, 200);
        t.equal(count, round + answered - 1, 'the counts are of the version that is named');
        t.same(await ask(`&min_version=${version}`), { status: 200, version, count: round + version - 1 });
      }
      t.equal((await fetch(other, { method: 'DELETE' })).status, 204);
      await setTimeout(20);
      t.equal((await ask()).status, 404);
    }
    await stop();
  },
);

t.test('an addition waits while another process writes to the corpus, as does its deletion', async (t) => {
  const { api, folder } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send('a b');
  const other = new Database(join(folder, 'corpora', 'book.sqlite'));
  for (const request of [
    () => api.post('/v1/corpora/book/documents').send({ text: 'a' }).expect(201),
    () => api.delete('/v1/corpora/book').expect(204),
  ]) {
    other.exec('BEGIN IMMEDIATE');
    let isAnswered = false;
    const answer = (async () => {
      await request();
      isAnswered = true;
    })();
    await setTimeout(500);
    t.notOk(isAnswered);
    await api.get('/v1/corpora/book').expect(200);
    other.exec('COMMIT');
    await answer;
  }
  other.close();
});

t.test('where the other process does not end, the answer is 503 with Retry-After', async (t) => {
  const { api, folder } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send('a b');
  const other = new Database(join(folder, 'corpora', 'book.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const { status, headers, body } = await api.post('/v1/corpora/book/documents').send({ text: 'a' });
  t.equal(status, 503);
  t.ok(Number(headers['retry-after']) > 0);
  t.equal(body.type, '/problems#corpus-busy');
  other.exec('COMMIT');
  other.close();
  t.match((await api.get('/v1/corpora/book')).body, { documents: 1, version: 1 });
});

t.test('a file that somebody replaces or deletes by hand is noticed by the next request', async (t) => {
  const { api, folder } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send('a b');
  await api.put('/v1/corpora/other').type('text/plain').send('a b c d');
  await api.get('/v1/corpora/book/probability?word=a').expect(200);
  const path = (name: string) => join(folder, 'corpora', `${name}.sqlite`);
  await run('mv', [path('other'), path('book')]);
  for (const name of ['book', 'other']) {
    for (const suffix of ['-wal', '-shm']) rmSync(path(name) + suffix, { force: true });
  }
  await setTimeout(20);
  t.equal((await api.get('/v1/corpora/book')).body.tokens, 4);
  t.match((await api.get('/v1/corpora/book/probability?word=d')).body, { in_vocabulary: true });
  rmSync(path('book'));
  await setTimeout(20);
  await api.get('/v1/corpora/book').expect(404);
  await api.get('/v1/corpora/book/probability?word=d').expect(404);
});
