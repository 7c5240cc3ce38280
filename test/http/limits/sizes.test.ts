import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startService } from '../harness.ts';

const megabyte = 2 ** 20;
const { api, app } = await startService(t, { MAX_UPLOAD_BYTES: String(2 * megabyte) });
const { port } = app.server.address() as { port: number };
await api.put('/v1/corpora/book').type('text/plain').send('the time machine');

/** 1 GiB of short words in 1 MB: gzip takes many streams one after another. */
const bomb = Buffer.concat(Array(64).fill(gzipSync('a b\n'.repeat(4 * megabyte))));

const bombed: Record<string, ['put' | 'post', string, string | undefined, RegExp]> = {
  'a text': ['put', '/v1/corpora/bomb', 'text/plain', /2097152 bytes.*MAX_UPLOAD_BYTES/],
  'a text without a content type': ['put', '/v1/corpora/bomb', undefined, /2097152 bytes.*MAX_UPLOAD_BYTES/],
  'a text in JSON': [
    'put',
    '/v1/corpora/bomb',
    'application/json',
    /at most 2097152 bytes after decompression/,
  ],
  'lines to score': ['post', '/v1/corpora/book/score?summary=true', 'text/plain', /MAX_UPLOAD_BYTES/],
  'texts to score': ['post', '/v1/corpora/book/score', 'application/json', /at most 2097152 bytes/],
  'a text to tune by': ['post', '/v1/corpora/book/tune', 'text/plain', /16777216 bytes/],
};
for (const [name, [method, path, type, says]] of Object.entries(bombed)) {
  t.test(`a decompression bomb is cut at the limit: ${name}`, async (t) => {
    const before = process.memoryUsage.rss();
    const request = api[method](path).set('content-encoding', 'gzip');
    if (type !== undefined) request.type(type);
    else request.unset('content-type');
    const answer = await request.serialize((raw) => raw as unknown as string).send(bomb as unknown as string);
    t.equal(answer.status, 413, JSON.stringify(answer.body));
    t.match(answer.body.detail, says);
    t.ok(process.memoryUsage.rss() - before < 512 * megabyte, 'what it would be is never in memory');
    t.equal((await api.get('/v1/corpora/bomb')).status, 404);
  });
}

t.test('a text that says it is gzip, and has no content type, is decompressed', async (t) => {
  const answer = await api
    .put('/v1/corpora/packed')
    .set('content-encoding', 'gzip')
    .unset('content-type')
    .serialize((raw) => raw as unknown as string)
    .send(gzipSync('the time machine') as unknown as string);
  t.equal(answer.status, 201, JSON.stringify(answer.body));
  t.equal(answer.body.bytes, 16);
});

async function raw(request: string) {
  const socket = connect(port, '127.0.0.1');
  socket.end(request);
  const answer = await text(socket);
  t.match(answer, /^content-type: application\/problem\+json/im);
  return JSON.parse(answer.slice(answer.indexOf('{')));
}

t.test('a request line or headers that are too long get 431, what is no HTTP 400', async (t) => {
  const long = 'a'.repeat(17_000);
  for (const request of [
    `GET /v1/corpora/book/probability?word=${long} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${long}\r\n\r\n`,
  ]) {
    const problem = await raw(request);
    t.equal(problem.status, 431);
    t.equal(problem.type, '/problems#headers-too-large');
    t.match(problem.detail, /16384 bytes/);
  }
  const problem = await raw('TIME MACHINE\r\n\r\n');
  t.equal(problem.status, 400);
  t.match(problem.detail, /not HTTP/);
});

t.test('a part of a path that is too long or malformed gets a problem', async (t) => {
  for (const path of [
    `/v1/corpora/${'a'.repeat(5000)}`,
    `/v1/corpora/book/documents/${'a'.repeat(5000)}`,
    '/v1/corpora/%zz',
  ]) {
    const { status, body, type } = await api.get(path);
    t.equal(status, 400);
    t.equal(type, 'application/problem+json');
    t.equal(body.status, status);
  }
});

const form = (parts: string) =>
  api.post('/v1/corpora').type('multipart/form-data; boundary=X').send(`${parts}--X--\r\n`);
const part = (name: string, value: string, file = '') =>
  `--X\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;

t.test('a form has at most 100 fields, of at most 1,000 bytes, and 10,000 files', async (t) => {
  const cases: Record<string, [string, RegExp]> = {
    'a long value': [part('name', 'a'.repeat(2000)), /name .*1000 bytes/],
    'many fields': [Array.from({ length: 200 }, (_, i) => part(`f${i}`, 'x')).join(''), /100 fields/],
    'many files': [part('name', 'many') + part('file', 'a', '; filename="a"').repeat(10_001), /10000 files/],
  };
  for (const [name, [parts, says]] of Object.entries(cases)) {
    const { status, body } = await form(parts);
    t.equal(status, 413, `${name}: ${JSON.stringify(body)}`);
    t.match(body.detail, says, name);
  }
  t.equal((await api.get('/v1/corpora/many')).status, 404);
});
