import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startService } from '../harness.ts';

/** A connection that has sent the beginning of a request. */
async function begin(port: number, head: string, body = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`${head} HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n${body}`);
  return socket;
}

/** Asks until the answer is another than 503. */
async function untilTaken<Answer extends { status: number }>(ask: () => PromiseLike<Answer>) {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await setTimeout(20);
  }
}

t.test(
  'more uploads than MAX_INGESTS at once get 503 with Retry-After, until one ends, fails or is cut off',
  async (t) => {
    const { api, app } = await startService(t, { MAX_INGESTS: '2' });
    const { port } = app.server.address() as { port: number };
    const upload = (name: string, text = 'the time machine') =>
      api.put(`/v1/corpora/${name}`).type('text/plain').send(text);
    t.equal((await upload('book')).status, 201);

    const underWay = async () =>
      (await api.get('/v1/jobs')).body.items.filter(({ state }: { state: string }) => state === 'receiving')
        .length;
    /** Begins an upload, as soon as there is a slot for it. */
    const beginUpload = async (head: string) => {
      const before = await underWay();
      for (;;) {
        const socket = await begin(port, head, 'the time');
        t.teardown(() => socket.destroy());
        let isRefused = false;
        socket.once('data', () => {
          isRefused = true;
        });
        for (; !isRefused; await setTimeout(5)) if ((await underWay()) > before) return socket;
        socket.destroy();
      }
    };
    const cut = await beginUpload('PUT /v1/corpora/cut');
    const ended = await beginUpload('POST /v1/corpora/book/documents');
    const refused = await upload('refused');
    t.equal(refused.status, 503);
    t.equal(refused.body.type, '/problems#unavailable');
    t.match(refused.body.detail, /2 uploads \(MAX_INGESTS\)/);
    t.match(refused.headers['retry-after'], /^\d+$/);
    t.equal((await api.get('/v1/corpora/refused')).status, 404);
    t.equal((await api.get('/v1/corpora/book/probability?word=time')).status, 200, 'questions are answered');
    t.equal(
      (await api.post('/v1/corpora/book/score').send({ texts: ['the time'] })).status,
      200,
      'bulk requests have slots of their own',
    );

    cut.destroy();
    t.equal((await untilTaken(() => upload('after-a-cut'))).status, 201);
    ended.write(' '.repeat(892));
    const [answer] = await once(ended, 'data');
    t.match(String(answer), /201 Created/);
    ended.destroy();
    for (let i = 0; i < 5; i++) t.equal((await untilTaken(() => upload(`wrong${i}`, '42'))).status, 400);
    for (let i = 0; i < 5; i++) {
      t.equal((await untilTaken(() => api.put('/v1/corpora/json').send({ order: 7 }))).status, 400);
    }
    for (const name of ['one', 'two']) await beginUpload(`PUT /v1/corpora/${name}`);
    t.equal(await underWay(), 2, 'both slots are free again');
  },
);

t.test('a streamed answer holds its slot of MAX_BULK until it is read or given up', async (t) => {
  const { api, app } = await startService(t, { MAX_BULK: '1' });
  const { port } = app.server.address() as { port: number };
  t.equal((await api.put('/v1/corpora/book').type('text/plain').send('the time machine')).status, 201);
  const score = () => api.post('/v1/corpora/book/score').send({ texts: ['the time'] });
  const lines = 'the time machine the time machine the time machine\n'.repeat(6000);
  const unread = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST /v1/corpora/book/score?per_token=true HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${lines.length}\r\n\r\n${lines}`,
    );
    await once(socket, 'readable');
    return socket;
  };

  const givenUp = await unread();
  t.equal((await score()).status, 503);
  const others = {
    score: await score(),
    generate: await api.post('/v1/corpora/book/generate').send({ max_tokens: 1 }),
    tune: await api.post('/v1/corpora/book/tune').type('text/plain').send('the time'),
    arpa: await api.get('/v1/corpora/book/arpa'),
  };
  for (const [name, { status, body }] of Object.entries(others)) {
    t.equal(status, 503, name);
    t.match(body.detail, /MAX_BULK/);
  }
  t.equal((await api.get('/v1/corpora/book/continuations')).status, 200, 'single questions are answered');
  givenUp.destroy();
  t.equal((await untilTaken(score)).status, 200, 'given up');

  const read = await unread();
  t.equal((await score()).status, 503);
  read.resume();
  await once(read, 'close');
  t.equal((await untilTaken(score)).status, 200, 'read');
});

t.test('who may not ask takes no slot: keys are looked at before limits', async (t) => {
  const API_KEYS = 'owner:a-key-of-the-owner:admin,reader:a-key-of-a-reader:read';
  const settings = { API_KEYS, MAX_INGESTS: '1', MAX_BULK: '1', MAX_RSS_BYTES: '1', RATE_LIMIT: '100' };
  const { api } = await startService(t, settings);
  const owner = { 'x-api-key': 'a-key-of-the-owner' };
  // The memory is measured once a second: from then on those who may ask are refused for it.
  const ask = () => api.get('/v1/corpora').set(owner);
  while ((await ask()).status !== 503) await setTimeout(100);
  const put = (key: Record<string, string>) =>
    api.put('/v1/corpora/book').set(key).type('text/plain').send('the time machine');
  t.equal((await put({})).status, 401, 'nor are they told that the service is overloaded');
  t.equal((await put({ 'x-api-key': 'a-key-of-a-reader' })).status, 403);
  t.equal((await put(owner)).status, 503);

  const wrong = { 'x-api-key': 'a-key-of-nobody' };
  let status: number;
  do status = (await put(wrong)).status;
  while (status === 401);
  t.equal(status, 429, 'wrong keys are counted with their address');
  t.equal((await put(owner)).status, 503, 'which takes nothing from those with a key');
});

t.test('requests without a key leave the slots to those with one', async (t) => {
  const settings = { API_KEYS: 'owner:a-key-of-the-owner:admin', MAX_INGESTS: '1', MAX_BULK: '1' };
  const { api, app } = await startService(t, settings);
  const { port } = app.server.address() as { port: number };
  const owner = { 'x-api-key': 'a-key-of-the-owner' };
  const strangers = [
    'PUT /v1/corpora/stranger',
    'POST /v1/corpora/book/score',
    'POST /v1/corpora/book/generate',
    'GET /v1/corpora/book/arpa',
    'HEAD /v1/corpora/book/arpa',
  ];
  for (const line of strangers) {
    const socket = await begin(port, line, 'the time');
    const [answer] = await once(socket, 'data');
    t.match(String(answer), /^HTTP\/1.1 401 /, line);
    // The connection stays open, and its body goes on to come.
    t.teardown(() => socket.destroy());
  }
  const put = await api.put('/v1/corpora/book').set(owner).type('text/plain').send('the time machine');
  t.equal(put.status, 201);
  const score = await api
    .post('/v1/corpora/book/score')
    .set(owner)
    .send({ texts: ['the time'] });
  t.equal(score.status, 200);
  for (let i = 0; i < 3; i++) {
    const arpa = await untilTaken(() => api.head('/v1/corpora/book/arpa').set(owner));
    t.equal(arpa.status, 200, 'HEAD gives its slot back');
  }
});
