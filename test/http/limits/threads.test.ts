import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { startService } from '../harness.ts';

type Service = Awaited<ReturnType<typeof startService>>;
type Upload = ReturnType<typeof upload>;

const workers = new Set<Worker>();
subscribe('worker_threads', (message) => {
  const { worker } = message as { worker: Worker };
  workers.add(worker.on('exit', () => workers.delete(worker)));
});

/** Ends the threads of all pools, as a lack of memory does. */
const killThreads = () => Promise.all([...workers].map((worker) => worker.terminate()));

/** Begins an upload that the test ends. */
function upload({ app }: Service, path: string, headers: Record<string, string | number> = {}) {
  const sent = request(app.listeningOrigin + path, { method: 'PUT', headers });
  sent.on('error', () => {});
  const answer = once(sent, 'response').then(async ([response]: IncomingMessage[]) => ({
    status: response.statusCode,
    retryAfter: response.headers['retry-after'],
    body: JSON.parse(await textOf(response)),
  }));
  answer.catch(() => {});
  return { sent, answer };
}

async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await setTimeout(5);
  }
}

const jobs = async ({ api }: Service) => (await api.get('/v1/jobs')).body.items;
const temporaryFiles = async ({ folder }: Service) => readdirSync(join(folder, 'tmp'));

function words(length: number, of: number): string {
  return Array.from({ length }, (_, i) => `w${(i * 7919) % of}`).join(' ');
}

/** Waits until a thread has something of an upload. */
async function isTokenized(service: Service, corpus: string, { sent }: Upload): Promise<void> {
  const comesTo = (isWanted: (job: { bytes: number; tokens: number }) => boolean) =>
    until(
      () => jobs(service),
      ([job]) => job?.corpus === corpus && isWanted(job),
    );
  await comesTo(({ bytes }) => bytes > 0);
  sent.write('and ');
  await comesTo(({ tokens }) => tokens > 0);
}

/** The answer is a 503 that says what to do, and nothing of the upload is left. */
async function isTakenBack(t: Test, service: Service, { sent, answer }: Upload): Promise<void> {
  const { status, retryAfter, body } = await answer;
  sent.destroy();
  t.equal(status, 503);
  t.equal(retryAfter, '1');
  t.match(body, { type: '/problems#unavailable', detail: /has died.*Try again/ });
  await until(
    () => temporaryFiles(service),
    (files) => files.length === 0,
  );
}

t.test(
  'uploads whose thread dies while they come in get a 503, leave nothing, and can be repeated',
  async (t) => {
    const service = await startService(t);
    const text = words(1_200_000, 1000);
    const begun: Upload[] = [];
    for (const name of ['one', 'two', 'three']) {
      const one = upload(service, `/v1/corpora/${name}?tokenizer=whitespace`);
      begun.push(one);
      one.sent.write(name === 'one' ? text : 'some words ');
      await isTokenized(service, name, one);
    }
    await until(
      () => temporaryFiles(service),
      (files) => files.length === 1,
    );
    await killThreads();
    for (const upload of begun) await isTakenBack(t, service, upload);
    t.match(await jobs(service), Array(3).fill({ state: 'failed', problem: { status: 503 } }));
    for (const name of ['one', 'two', 'three']) {
      await service.api.get(`/v1/corpora/${name}`).expect(404);
      await service.api.put(`/v1/corpora/${name}`).type('text/plain').send('some words').expect(201);
    }
  },
);

t.test(
  'an upload whose thread dies while it is committed leaves its corpus as it was, and unlocked',
  async (t) => {
    const service = await startService(t);
    const { api } = service;
    await api
      .put('/v1/corpora/book?tokenizer=whitespace&order=6')
      .type('text/plain')
      .send('a b a')
      .expect(201);
    const before = (await api.get('/v1/corpora/book')).body;
    const long = upload(service, '/v1/corpora/book/documents/long');
    long.sent.end(words(1_500_000, 99_991));
    const [{ state }] = await until(
      () => jobs(service),
      ([{ state }]) => !['receiving', 'waiting'].includes(state),
    );
    t.equal(state, 'counting');
    const other = upload(service, '/v1/corpora/other');
    other.sent.write('a ');
    const next = api.put('/v1/corpora/book/documents/next').type('text/plain').send('b').then();
    await until(
      () => jobs(service),
      (jobs) => jobs.some(({ state }: { state: string }) => state === 'waiting'),
    );
    t.same((await api.get('/v1/corpora/book')).body, before);
    await killThreads();
    const { status, body } = await long.answer;
    t.equal(status, 503);
    t.equal(body.type, '/problems#unavailable');
    t.equal((await next).status, 201, 'the next in the queue has its turn');
    t.match((await api.get('/v1/corpora/book')).body, { documents: 2, tokens: 4 });
    other.sent.destroy();
  },
);

t.test('the disk space that an upload has reserved is free again when its thread dies', async (t) => {
  const service = await startService(t, { MIN_FREE_DISK_BYTES: '1', MAX_UPLOAD_BYTES: '1000000000000000' });
  const { bavail, bsize } = await statfs(service.folder);
  // At order 3 two and a half bytes are reserved for each byte of a text.
  const length = Math.floor((0.6 * bavail * bsize) / 2.5);
  for (const name of ['one', 'two', 'three']) {
    const begun = upload(service, `/v1/corpora/${name}`, { 'content-length': length });
    begun.sent.write('some words ');
    await isTokenized(service, name, begun);
    await killThreads();
    await isTakenBack(t, service, begun);
  }
});

t.test('distinct tokens beyond their memory are refused while they come in, and others go on', async (t) => {
  const service = await startService(t, { INGEST_MEMORY_BYTES: String(10 * 2 ** 20) });
  const { api } = service;
  const put = (name: string, tokens: number) => {
    const text = Array.from({ length: tokens }, (_, i) => `w${i}`).join(' ');
    return api.put(`/v1/corpora/${name}?tokenizer=whitespace`).type('text/plain').send(text);
  };
  const tooMany = await put('many', 300_000);
  t.equal(tooMany.status, 413);
  t.match(tooMany.body, { type: '/problems#vocabulary-too-large', detail: /INGEST_MEMORY_BYTES/ });
  await api.get('/v1/corpora/many').expect(404);
  t.same(await temporaryFiles(service), []);

  const slow = upload(service, '/v1/corpora/slow?tokenizer=whitespace');
  slow.sent.write(Array.from({ length: 100_000 }, (_, i) => `w${i} `).join(''));
  await isTokenized(service, 'slow', slow);
  await until(
    () => jobs(service),
    ([job]) => job.bytes > 680_000,
  );
  slow.sent.write('more ');
  await until(
    () => jobs(service),
    ([job]) => job.tokens >= 100_000,
  );
  const crowded = await put('crowded', 100_000);
  t.equal(crowded.status, 503);
  t.match(crowded.body, { type: '/problems#unavailable', detail: /Try again/ });
  t.equal((await put('small', 10_000)).status, 201, 'each has its free part');
  slow.sent.end();
  t.equal((await slow.answer).status, 201);
  t.equal((await put('crowded', 100_000)).status, 201);
});
