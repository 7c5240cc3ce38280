import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import supertest from 'supertest';
import t, { type Test } from 'tap';
import { cutOffIdleClients } from '../../../src/http/limits/idle-clients.ts';
import { startService } from '../harness.ts';

/** A service with a book, which waits for idle clients for so many milliseconds. */
async function impatient(t: Test, idleTimeout: number, settings: Record<string, string> = {}) {
  const service = await startService(t, { IDLE_TIMEOUT_MS: String(idleTimeout), ...settings });
  const { port } = service.app.server.address() as { port: number };
  await service.api.put('/v1/corpora/book').type('text/plain').send('the time machine');
  const open = (begin: string | Buffer) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(begin);
    t.teardown(() => socket.destroy());
    return socket;
  };
  return { ...service, open };
}

function head(request: string, headers: Record<string, string | number> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${request} HTTP/1.1\r\nhost: x\r\n${lines.join('')}\r\n`;
}

/** The problem that came before the connection was closed. */
async function problemOf(t: Test, socket: Socket): Promise<{ status: number; type: string; detail: string }> {
  const answer = await text(socket);
  t.match(answer, /^HTTP\/1.1 \d+ [\s\S]*content-type: application\/problem\+json/i);
  return JSON.parse(answer.slice(answer.indexOf('{')));
}

const multipart = 'multipart/form-data; boundary=X';
const file = '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
const bodies: Record<string, [string, Record<string, string>, string | Buffer]> = {
  'a text': ['PUT /v1/corpora/cut', {}, 'the time'],
  'a text before its first byte': ['PUT /v1/corpora/cut', {}, ''],
  'a compressed text': [
    'PUT /v1/corpora/cut',
    { 'content-encoding': 'gzip' },
    gzipSync('the time machine').subarray(0, 20),
  ],
  'a form before its first file': ['POST /v1/corpora?name=cut', { 'content-type': multipart }, '--X\r\n'],
  'a form in its file': ['POST /v1/corpora?name=cut', { 'content-type': multipart }, `${file}the time`],
  'a text in JSON': ['PUT /v1/corpora/cut', { 'content-type': 'application/json' }, '{"text":"the'],
  'lines to score': ['POST /v1/corpora/book/score', {}, 'the time'],
  'a text to tune by': ['POST /v1/corpora/book/tune', {}, 'the time'],
  'a question in JSON': [
    'POST /v1/corpora/book/probabilities',
    { 'content-type': 'application/json' },
    '{"queries":',
  ],
};
const bulk = Object.values(bodies).filter(([request]) => /score|tune/.test(request)).length;
const ingests = Object.values(bodies).filter(([request]) => /cut/.test(request)).length;

t.test(
  'a client that stops in the middle of sending is answered with 408, and holds nothing more',
  async (t) => {
    const { api, folder, open } = await impatient(t, 2000, {
      MAX_INGESTS: String(ingests),
      MAX_BULK: String(bulk),
    });
    // All slots are taken in the first round: the second shows that they were given back.
    for (const round of ['first', 'second']) {
      const stop = async ([request, headers, body]: (typeof bodies)[string]) => {
        for (;;) {
          const socket = open(head(request, { ...headers, 'content-length': 900 }));
          socket.write(body);
          const problem = await problemOf(t, socket);
          if (problem.status !== 503) return problem;
          // The worker of an upload of the round before has not finished yet.
          await setTimeout(50);
        }
      };
      const problems = await Promise.all(Object.values(bodies).map(stop));
      for (const [i, name] of Object.keys(bodies).entries()) {
        const { status, type, detail } = problems[i];
        t.equal(status, 408, `${round}, ${name}: ${detail}`);
        t.equal(type, '/problems#request-timeout', name);
        t.match(detail, /2000 ms \(IDLE_TIMEOUT_MS\)/, name);
      }
    }
    t.same(readdirSync(join(folder, 'tmp')), []);
    t.equal((await api.get('/v1/corpora/cut')).status, 404);
  },
);

t.test('headers that do not come in time are answered with 408', async (t) => {
  const { open } = await impatient(t, 300);
  for (const beginning of ['', 'GET /healthz HTTP/1.1\r\nhost:']) {
    const problem = await problemOf(t, open(beginning));
    t.equal(problem.status, 408);
    t.match(problem.detail, /headers/);
  }
});

t.test('a client that sends slowly, but goes on sending, is not cut off', async (t) => {
  const { api, app, open } = await impatient(t, 600_000);
  const connections: Socket[] = [];
  app.server.on('connection', (connection) => connections.push(connection));
  const words = Array.from({ length: 10 }, () => 'time ');
  const socket = open(
    head('PUT /v1/corpora/slow', { connection: 'close', 'content-length': words.join('').length }),
  );
  const received = async () => (await api.get('/v1/jobs')).body.items[0].bytes;
  for (const [i, word] of words.entries()) {
    socket.write(word);
    if (i === words.length - 1) break;
    const bytes = words.slice(0, i + 1).join('').length;
    while ((await received()) < bytes) await setTimeout(5);
    connections.find(({ remotePort }) => remotePort === socket.localPort)?.emit('timeout');
  }
  t.match(await text(socket), /^HTTP\/1.1 201 [\s\S]*"tokens":10/);
});

t.test('a client that waits while the service works is not cut off', async (t) => {
  const app = Fastify({ forceCloseConnections: true });
  t.teardown(() => app.close());
  cutOffIdleClients(app, 600_000);
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.post('/', async ({ body, raw }) => {
    while (!raw.complete && raw.readableLength === 0) await setTimeout(5);
    for (let check = 0; check < 3; check++) raw.socket.emit('timeout');
    return String((await buffer(body as Readable)).length);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  for (const length of [1, 1_000_000]) {
    const answer = await supertest(app.server)
      .post('/')
      .type('application/octet-stream')
      .send('a'.repeat(length));
    t.equal(answer.status, 200);
    t.equal(answer.text, String(length));
  }
});

t.test('a client that stops reading a streamed answer is cut off, and holds nothing more', async (t) => {
  const { api, open } = await impatient(t, 1000, { MAX_BULK: '1' });
  const lines = 'the time machine the time machine the time machine\n'.repeat(6000);
  const socket = open(head('POST /v1/corpora/book/score?per_token=true', { 'content-length': lines.length }));
  socket.pause();
  socket.write(lines);
  const score = () => api.post('/v1/corpora/book/score').send({ texts: ['the'] });
  const isCutOff = async () => /route="[^"]*score",status="499"\} 1/.test((await api.get('/metrics')).text);
  while (!(await isCutOff())) await setTimeout(50);
  while ((await score()).status === 503) await setTimeout(50);
  t.equal((await score()).status, 200);
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
  t.pass('the connection is closed');
});

t.test('many slow clients hold up no upload and no score', async (t) => {
  const { api, open } = await impatient(t, 60_000);
  for (let i = 0; i < 60; i++) {
    open(`${head(`PUT /v1/corpora/slow${i}`, { 'content-length': 900 })}the time`);
    const lines = 'the time machine\n'.repeat(i < 4 ? 15_000 : 1);
    const reader = open(
      head('POST /v1/corpora/book/score?per_token=true', { 'content-length': lines.length + 1 }),
    );
    reader.pause();
    reader.write(lines);
  }
  const isReceived = ({ bytes }: { bytes: number }) => bytes > 0;
  while ((await api.get('/v1/jobs')).body.items.filter(isReceived).length < 60) await setTimeout(20);
  t.equal((await api.put('/v1/corpora/quick').type('text/plain').send('the time machine')).status, 201);
  const score = await api.post('/v1/corpora/book/score').type('text/plain').send('the time\nthe machine\n');
  t.equal(score.status, 200);
  t.equal(score.text.trim().split('\n').length, 2);
  t.equal((await api.get('/v1/corpora/slow0')).status, 404, 'the slow ones are still under way');
});

t.test(
  'an upload that is refused before its end is answered also where the client only then looks',
  async (t) => {
    const { open } = await impatient(t, 30_000, { MAX_UPLOAD_BYTES: '100000' });
    const piece = 'the time machine '.repeat(6000);
    const socket = open(
      head('PUT /v1/corpora/large', { connection: 'close', 'transfer-encoding': 'chunked' }),
    );
    socket.pause();
    for (let i = 0; i < 60; i++) {
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
      if (socket.writableNeedDrain) await once(socket, 'drain');
    }
    socket.write('0\r\n\r\n');
    const problem = await problemOf(t, socket);
    t.equal(problem.status, 413);
    t.match(problem.detail, /100000 bytes/);
  },
);
