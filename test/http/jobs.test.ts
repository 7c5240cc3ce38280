import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type ClientRequest, IncomingMessage, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

type Service = Awaited<ReturnType<typeof startService>>;

/** What the tests read of a job. */
interface JobView {
  id: string;
  operation: string;
  corpus: string;
  request_id: string;
  state: string;
  bytes: number;
  total_bytes?: number;
  tokens: number;
  counted_tokens: number;
  created_at: string;
  updated_at: string;
  result?: { status: number; location: string; body?: Record<string, unknown>; documents?: number };
  problem?: { type: string; status: number; instance: string };
}

/** An upload of which the test decides how fast it is. */
function slowUpload(t: Test, { app }: Service, path: string, headers: Record<string, string> = {}) {
  const sent: ClientRequest = request(app.listeningOrigin + path, { method: 'PUT', headers });
  sent.on('error', () => {});
  t.teardown(() => sent.destroy());
  const answer = once(sent, 'response').then(async ([response]: IncomingMessage[]) => ({
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(await textOf(response)),
  }));
  answer.catch(() => {});
  return { sent, answer };
}

const service = await startService(t);

/** Asks until the answer is what is wanted. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await setTimeout(2);
  }
}

const read = async ({ api }: Service, id: string): Promise<JobView> => (await api.get(`/v1/jobs/${id}`)).body;
const newest = async ({ api }: Service): Promise<JobView> =>
  (await api.get('/v1/jobs?limit=1')).body.items[0];
/** The job of an upload to this corpus that has just begun. */
const begun = (service: Service, corpus: string) =>
  until(
    () => newest(service),
    (job) => job?.corpus === corpus && job.bytes > 0,
  );
const cancel = ({ api }: Service, id: string) => api.delete(`/v1/jobs/${id}`);
const hasEnded = ({ state }: JobView) => ['succeeded', 'failed', 'cancelled'].includes(state);

/** Waits until nothing that is temporary is left. */
const tidy = ({ folder }: Service) =>
  until(
    async () => readdirSync(join(folder, 'tmp')),
    (files) => files.length === 0,
  );

/** A text of `length` words by chance, of which few n-grams come twice. */
function words(length: number): string {
  let random = 1;
  return Array.from({ length }, () => {
    random = (random * 48_271) % 2_147_483_647;
    return `w${random % 9973}`;
  }).join(' ');
}

/** What can be compared of two answers: neither the name nor the times. */
function comparable(body: object, corpus: string): unknown {
  return JSON.parse(
    JSON.stringify(body)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(corpus, 'CORPUS'),
  );
}

t.test('an upload is a job while it comes in: its figures grow, and end at the true totals', async (t) => {
  const text = words(50_000);
  const { sent, answer } = slowUpload(t, service, '/v1/corpora/grown?tokenizer=whitespace', {
    'content-length': String(text.length),
    'x-request-id': 'mine',
  });
  const seen: JobView[] = [];
  for (let at = 0; at < text.length; at += 70_000) {
    const bytes = Math.min(at + 70_000, text.length);
    sent.write(text.slice(at, bytes));
    seen.push(
      await until(
        () => newest(service),
        (job) => job?.corpus === 'grown' && job.bytes === bytes,
      ),
    );
  }
  t.match(seen[0], {
    operation: 'create-corpus',
    corpus: 'grown',
    request_id: 'mine',
    total_bytes: text.length,
    counted_tokens: 0,
  });
  t.ok(seen.slice(0, -1).every(({ state }) => state === 'receiving'));
  sent.end();
  const { status, headers, body } = await answer;
  t.equal(status, 201);
  const last = await until(() => newest(service), hasEnded);
  t.match(last, { state: 'succeeded', bytes: body.bytes, tokens: 50_000, counted_tokens: 50_000 });
  t.same(last.result, { status: 201, location: headers.location, body });
  for (const [i, job] of [...seen, last].entries()) {
    const before = seen[i - 1] ?? { bytes: 0, tokens: 0, updated_at: job.created_at };
    t.ok(
      job.bytes >= before.bytes && job.tokens >= before.tokens && job.updated_at >= before.updated_at,
      `${job.bytes} bytes, ${job.tokens} tokens`,
    );
  }
});

t.test(
  'with respond-async every upload is 202, and its job tells the answer without it, but a list by its length',
  async (t) => {
    const { api } = service;
    const ask = { now: '', later: 'respond-async, wait=5' };
    const uploads = (corpus: string, prefer: string) => {
      const path = `/v1/corpora/${corpus}`;
      const put = (path: string, text: string) =>
        api.put(path).set('prefer', prefer).type('text/plain').send(text);
      return [
        () => put(path, 'the time machine'),
        () => put(path, 'the time machine'),
        () => api.post(`${path}/documents`).set('prefer', prefer).send({ text: 'the time' }),
        () => put(`${path}/documents/one`, 'the machine'),
        () => put(`${path}/documents/one`, 'the machine'),
        () =>
          api
            .post(`${path}/documents`)
            .set('prefer', prefer)
            .attach('file', Buffer.from('a'), 'a.txt')
            .attach('file', Buffer.from('b c'), 'b.txt'),
        () =>
          api
            .post('/v1/corpora')
            .set('prefer', prefer)
            .send({ name: `${corpus}-empty` }),
      ];
    };
    const later = uploads('later', ask.later);
    for (const [i, upload] of uploads('now', ask.now).entries()) {
      const now = await upload();
      t.equal(now.headers['preference-applied'], undefined);
      const accepted = await later[i]();
      t.equal(accepted.status, 202);
      t.equal(accepted.headers['preference-applied'], 'respond-async');
      t.equal(accepted.headers.location, `/v1/jobs/${accepted.body.id}`);
      const { state, result } = await until(() => read(service, accepted.body.id), hasEnded);
      t.equal(state, 'succeeded');
      const { status, headers, body } = now;
      const expected =
        headers.location === undefined
          ? { status, location: '/v1/corpora/now/documents', documents: body.items.length }
          : { status, location: headers.location, body };
      t.same(comparable(result ?? {}, 'later'), comparable(expected, 'now'));
    }
  },
);

t.test(
  'a job of a thousand documents tells how many they are; its answer has all, and so has the replay',
  async (t) => {
    const service = await startService(t);
    const { api } = service;
    const form = (files: readonly string[]) => {
      const part = (text: string) =>
        `--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n${text}\r\n`;
      return api
        .post('/v1/corpora/many/documents')
        .set('idempotency-key', 'once')
        .set('content-type', 'multipart/form-data; boundary=X')
        .send(`${files.map(part).join('')}--X--\r\n`);
    };
    await api.post('/v1/corpora').send({ name: 'many' });
    const texts = Array.from({ length: 1000 }, (_, i) => `a ${'b'.repeat(i % 7)}`);
    const { status, body } = await form(texts);
    t.equal(status, 201);
    t.equal(body.items.length, 1000);
    const job = await newest(service);
    t.same(job.result, { status: 201, location: '/v1/corpora/many/documents', documents: 1000 });
    t.ok(JSON.stringify(job).length < 1000);
    const again = await form(texts);
    t.equal(again.headers['idempotent-replayed'], 'true');
    t.same(again.body, body);
    const listed = await api.get('/v1/corpora/many/documents?limit=1000');
    t.same(listed.body.items, body.items);
  },
);

t.test('only the preference respond-async itself asks for a job', async (t) => {
  const { api } = service;
  const statuses: [string, number][] = [
    ['Respond-Async', 202],
    ['wait=10,respond-async;x=1', 202],
    ['respond-asynchronously', 201],
    ['return=minimal', 201],
    ['note="a, respond-async"', 201],
  ];
  for (const [i, [prefer, expected]] of statuses.entries()) {
    const { status } = await api.put(`/v1/corpora/c${i}`).set('prefer', prefer).type('text/plain').send('a');
    t.equal(status, expected, prefer);
  }
});

t.test('what is wrong before the text is there keeps its own status, also with respond-async', async (t) => {
  const service = await startService(t, { MAX_UPLOAD_BYTES: '1000' });
  await service.api.post('/v1/corpora').send({ name: 'book', text: 'a' });
  const cases: [string, string | Buffer, number, string][] = [
    ['/v1/corpora?name=new&order=9', 'a', 400, 'invalid-request'],
    ['/v1/corpora?name=book', 'a', 409, 'corpus-exists'],
    ['/v1/corpora?name=new', Buffer.from([0x61, 0xff]), 400, 'invalid-text'],
    ['/v1/corpora?name=new', '12', 400, 'empty-text'],
    ['/v1/corpora?name=new', 'a '.repeat(501), 413, 'content-too-large'],
    ['/v1/corpora/nobody/documents', 'a', 404, 'corpus-not-found'],
  ];
  for (const [path, body, expected, problem] of cases) {
    const { status, body: answer } = await service.api
      .post(path)
      .set('prefer', 'respond-async')
      .type('text/plain')
      .send(body as string);
    t.equal(status, expected, path);
    t.equal(answer.type, `/problems#${problem}`);
  }
  await tidy(service);
});

t.test('a conflict that shows when it is the upload’s turn is the problem of its job', async (t) => {
  const { sent, answer } = slowUpload(t, service, '/v1/corpora/raced', {
    prefer: 'respond-async',
    'x-request-id': 'slower',
  });
  sent.write('the time machine');
  await begun(service, 'raced');
  t.equal((await service.api.put('/v1/corpora/raced').type('text/plain').send('faster')).status, 201);
  sent.end();
  const { status, body } = await answer;
  t.equal(status, 202);
  const job = await until(() => read(service, body.id), hasEnded);
  t.match(job, {
    state: 'failed',
    problem: { type: '/problems#corpus-exists', status: 409, instance: 'slower' },
  });
  t.match((await cancel(service, body.id)).body, { status: 409, detail: /has failed/ });
  t.equal((await service.api.get('/v1/corpora/raced')).body.tokens, 1);
});

t.test('an upload cancelled while it comes in is answered 409 at once, and leaves nothing', async (t) => {
  const long = words(1_300_000);
  const boundary = { 'content-type': 'multipart/form-data; boundary=X' };
  const part = '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const begun: [string, Record<string, string>, string | Buffer][] = [
    ['text', {}, long],
    ['async', { prefer: 'respond-async' }, long],
    ['form', boundary, part + long],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(long, { level: 1 }).subarray(0, -100)],
  ];
  for (const [name, headers, bytes] of begun) {
    const { sent, answer } = slowUpload(t, service, `/v1/corpora/${name}?tokenizer=whitespace`, headers);
    sent.write(bytes);
    const job = await until(
      () => newest(service),
      (job) => job?.corpus === name && readdirSync(join(service.folder, 'tmp')).length === 1,
    );
    t.equal(job.state, 'receiving');
    const cancelled = await cancel(service, job.id);
    t.equal(cancelled.status, 200);
    t.match(cancelled.body, { state: 'cancelled', problem: { type: '/problems#cancelled', status: 409 } });
    const { status, body } = await answer;
    t.equal(status, 409);
    t.equal(body.type, '/problems#cancelled');
    await tidy(service);
    t.equal((await service.api.get(`/v1/corpora/${name}`)).status, 404);
    t.equal((await cancel(service, job.id)).status, 200, 'it can be cancelled again');
    sent.destroy();
  }
});

t.test(
  'cancelled while it waits or is counted, an upload stops there, and every corpus is as it was',
  async (t) => {
    const { api, folder } = service;
    const settings = 'tokenizer=whitespace&order=6';
    await api.put(`/v1/corpora/counted?${settings}`).type('text/plain').send('the time machine');
    const corpora = async () => (await api.get('/v1/corpora')).body.items;
    const before = await corpora();
    const long = words(1_200_000);
    const uploads = {
      'by threads': [`/v1/corpora/new?${settings}`, `/v1/corpora/new?${settings}`],
      'beside older counts': ['/v1/corpora/counted/documents/long', '/v1/corpora/counted/documents/next'],
    };
    for (const [how, [longPath, nextPath]] of Object.entries(uploads)) {
      const counted = slowUpload(t, service, longPath);
      counted.sent.end(long);
      const { id } = await until(
        () => newest(service),
        (job) => job.bytes === long.length && job.state === 'counting',
      );
      const waiting = slowUpload(t, service, nextPath);
      waiting.sent.end('another text');
      const next = await until(
        () => newest(service),
        (job) => job.id !== id && job.state === 'waiting',
      );
      t.equal((await cancel(service, next.id)).body.state, 'cancelled');
      t.match(await waiting.answer, { status: 409, body: { type: '/problems#cancelled' } });

      t.equal((await cancel(service, id)).body.state, 'cancelled', how);
      t.match(await counted.answer, { status: 409, body: { type: '/problems#cancelled' } });
      await tidy(service);
      const { tokens, counted_tokens } = await read(service, id);
      t.equal(tokens, 1_200_000);
      t.ok(counted_tokens < tokens, `${counted_tokens} of ${tokens} tokens were counted`);
      t.same(await corpora(), before);
    }
    t.equal((await api.put('/v1/corpora/counted/documents/next').type('text/plain').send('a')).status, 201);
    const file = new Database(join(folder, 'corpora/counted.sqlite'));
    t.equal(file.pragma('integrity_check', { simple: true }), 'ok');
    file.close();
  },
);

t.test('a job that succeeded cannot be cancelled, one that is not there is not found', async (t) => {
  await service.api.put('/v1/corpora/kept').type('text/plain').send('a');
  const { id } = await newest(service);
  const late = await cancel(service, id);
  t.equal(late.status, 409);
  t.match(late.body, { type: '/problems#job-not-cancellable', detail: /has succeeded/ });
  t.equal((await service.api.get('/v1/corpora/kept')).status, 200);
  for (const path of ['', '/events']) {
    const unknown = await service.api.get(`/v1/jobs/00000000-0000-4000-8000-000000000000${path}`);
    t.equal(unknown.status, 404);
    t.match(unknown.body, { type: '/problems#job-not-found', detail: /not kept over a restart/ });
  }
  t.equal((await service.api.get('/v1/jobs/1')).status, 400);
});

t.test('jobs are listed in pages, the newest first', async (t) => {
  const { api } = service;
  for (const name of ['a', 'b', 'c']) await api.post('/v1/corpora').send({ name });
  const names = ({ items }: { items: JobView[] }) => items.map(({ corpus }) => corpus);
  const first = (await api.get('/v1/jobs?limit=2')).body;
  t.same(names(first), ['c', 'b']);
  await api.post('/v1/corpora').send({ name: 'd' });
  const seen = [...first.items];
  for (let cursor = first.next_cursor; cursor !== undefined; ) {
    const page = (await api.get(`/v1/jobs?limit=2&cursor=${cursor}`)).body;
    t.ok(page.items.length === 2 || page.next_cursor === undefined);
    seen.push(...page.items);
    cursor = page.next_cursor;
  }
  const all: JobView[] = (await api.get('/v1/jobs')).body.items;
  t.same(seen, all.slice(1), 'each comes once, and what began later is not among them');
});

/** The events of a job, as they come, until their stream ends. */
async function* listen({ app }: Service, id: string): AsyncGenerator<{ event: string; job: JobView }, void> {
  const { body } = await fetch(`${app.listeningOrigin}/v1/jobs/${id}/events`);
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split('\n\n');
    text = events.pop() as string;
    for (const lines of events) {
      const [, event, data] = /^event: (.+)\ndata: (.+)$/.exec(lines) as RegExpExecArray;
      yield { event, job: JSON.parse(data) };
    }
  }
}

async function follow(service: Service, id: string) {
  const events = [];
  for await (const event of listen(service, id)) events.push(event);
  return events;
}

t.test('listeners are told of each change, and at last of the end, where the stream closes', async (t) => {
  const { sent, answer } = slowUpload(t, service, '/v1/corpora/heard');
  sent.write('the time ');
  const { id } = await begun(service, 'heard');
  const whole = follow(service, id);
  const events = [];
  const rest = ['machine ', 'traveller '];
  for await (const event of listen(service, id)) {
    events.push(event);
    if (event.event === 'end') continue;
    const more = rest.shift();
    if (more === undefined) sent.end();
    else sent.write(more);
  }
  const { body } = await answer;
  t.same(
    events.map(({ event }) => event),
    [...events.slice(1).map(() => 'progress'), 'end'],
  );
  const sizes = events.map(({ job }) => job.bytes);
  t.same(sizes.slice(0, 3), [9, 17, 27]);
  t.same(events.at(-1)?.job.result?.body, body);
  t.same(events.at(-1)?.job, await read(service, id));
  t.same((await whole).at(-1), events.at(-1), 'another listener is told the same');
  const [only, ...more] = await follow(service, id);
  t.equal(only.event, 'end', 'of a job that has ended there is the end alone');
  t.same(more, []);
});

t.test('listeners that have gone leave nothing behind', async (t) => {
  const { sent } = slowUpload(t, service, '/v1/corpora/left');
  sent.write('the time');
  const { id } = await begun(service, 'left');
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const gone = new AbortController();
  const path = `${service.app.listeningOrigin}/v1/jobs/${id}/events`;
  await Promise.all(Array.from({ length: 30 }, () => fetch(path, { signal: gone.signal })));
  t.ok(timers() >= before + 30, 'each has a timer while it listens');
  gone.abort();
  await until(
    async () => timers(),
    (count) => count < before + 10,
  );
  t.equal((await cancel(service, id)).body.state, 'cancelled');
});

t.test('a key for some corpora sees and cancels the jobs of these alone', async (t) => {
  const ours = 'o'.repeat(32);
  const all = 'a'.repeat(32);
  const { api } = await startService(t, {
    API_KEYS: `ours:${ours}:write:ours-*,all:${all}:write`,
  });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  for (const name of ['ours-1', 'theirs', 'ours-2']) {
    t.equal((await api.post('/v1/corpora').set(as(all)).send({ name })).status, 201);
  }
  const jobs = async (key: string, query = ''): Promise<{ items: JobView[]; next_cursor?: string }> =>
    (await api.get(`/v1/jobs${query}`).set(as(key))).body;
  const { items } = await jobs(all);
  t.same(
    items.map(({ corpus }) => corpus),
    ['ours-2', 'theirs', 'ours-1'],
  );
  t.same((await jobs(ours)).items, [items[0], items[2]]);
  const page = await jobs(ours, '?limit=1');
  t.same((await jobs(ours, `?limit=1&cursor=${page.next_cursor}`)).items, [items[2]]);
  const { id } = items[1];
  for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}/events`]) {
    t.equal((await api.get(path).set(as(ours))).status, 403, path);
    t.equal((await api.get(path)).status, 401, path);
  }
  t.equal((await api.delete(`/v1/jobs/${id}`).set(as(ours))).status, 403);
  t.equal((await api.delete(`/v1/jobs/${id}`).set(as(all))).status, 409);
});

t.test('an upload that was accepted has its place among MAX_INGESTS until its job is over', async (t) => {
  const service = await startService(t, { MAX_INGESTS: '1' });
  const { api } = service;
  const put = (name: string, text: string) =>
    api
      .put(`/v1/corpora/${name}?tokenizer=whitespace&order=6`)
      .set('prefer', 'respond-async')
      .type('text/plain')
      .send(text);
  const accepted = await put('long', words(600_000));
  t.equal(accepted.status, 202);
  t.equal((await put('next', 'a')).status, 503);
  t.equal((await cancel(service, accepted.body.id)).body.state, 'cancelled');
  const { status } = await until(
    () => put('next', 'a'),
    ({ status }) => status !== 503,
  );
  t.equal(status, 202, 'there is a place again');
  await tidy(service);
  t.equal((await api.get('/v1/corpora/long')).status, 404);
});

t.test('an upload is received while every thread that commits is busy', async (t) => {
  const service = await startService(t);
  const { api } = service;
  const put = (name: string, text: string) =>
    api
      .put(`/v1/corpora/${name}?tokenizer=whitespace&order=6`)
      .set('prefer', 'respond-async')
      .type('text/plain')
      .send(text);
  const threads = Math.max(2, availableParallelism());
  const long = words(600_000);
  const accepted = await Promise.all(Array.from({ length: threads + 1 }, (_, i) => put(`long-${i}`, long)));
  const unfinished = async () => {
    const jobs = await Promise.all(accepted.map(({ body }) => read(service, body.id)));
    return jobs.filter((job) => !hasEnded(job)).length;
  };
  t.ok((await unfinished()) >= threads);
  const { status, body } = await put('short', 'the time machine');
  t.equal(status, 202);
  t.equal(body.tokens, 3);
  t.ok((await unfinished()) >= threads, 'none of these threads has had time for the short text');
  for (const { body } of accepted) await cancel(service, body.id);
  await until(() => read(service, body.id), hasEnded);
  await tidy(service);
});

t.test('closing ends the streams of events, and finishes the jobs', async (t) => {
  const service = await startService(t);
  const { app, api } = service;
  const slow = slowUpload(t, service, '/v1/corpora/slow');
  slow.sent.write('the time');
  const { id } = await begun(service, 'slow');
  const events = follow(service, id);
  const accepted = await api
    .put('/v1/corpora/book?tokenizer=whitespace')
    .set('prefer', 'respond-async')
    .type('text/plain')
    .send(words(200_000));
  t.equal(accepted.status, 202);
  const closed = app.close();
  t.ok((await events).every(({ event }) => event === 'progress'));
  slow.sent.end();
  t.equal((await slow.answer).status, 201);
  await closed;
  t.same(readdirSync(join(service.folder, 'corpora')).sort(), ['book.sqlite', 'slow.sqlite']);
  t.same(readdirSync(join(service.folder, 'tmp')), []);
});

t.test('a job that has ended keeps nothing of the request that it came with', async (t) => {
  const { api } = await startService(t);
  const uploads = 20;
  const upload = async (i: number) => {
    await api.put(`/v1/corpora/good${i}`).type('text/plain').send('a b c');
    await api.put(`/v1/corpora/bad${i}`).type('text/plain').send('1 2 3');
  };
  const inMemory = () => queryObjects(IncomingMessage, { format: 'count' });
  await upload(0);
  const before = inMemory();
  for (let i = 1; i <= uploads; i++) await upload(i);
  t.equal((await api.get('/v1/jobs')).body.items.length, 2 * uploads + 2);
  const more = inMemory() - before;
  t.ok(more < uploads, `${more} more of ${2 * uploads} requests are in memory`);
});
