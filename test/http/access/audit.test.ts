import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import t from 'tap';
import { startService } from '../harness.ts';

const secret = 'a-secret-of-some-length';
const settings = { API_KEYS: `ops:${secret}:admin,reader:${secret}-read:read`, TRUST_PROXY: 'loopback' };

/** A logger, and what it has written so far. */
function recordingLogger() {
  const output = new PassThrough();
  let written = '';
  output.on('data', (chunk) => {
    written += chunk;
  });
  const lines = () =>
    written
      .split('\n')
      .filter((line) => line.includes('"audit"'))
      .map((line) => JSON.parse(line));
  return { logger: pino({ level: 'info' }, output), lines, written: () => written };
}

t.test('each write leaves one line that says what, where, who, from where and how it ended', async (t) => {
  const { logger, lines, written } = recordingLogger();
  const { api } = await startService(t, settings, logger);
  const text = 'the time machine';
  const by = (key: string) => ({
    authorization: `Bearer ${key}`,
    'x-forwarded-for': '192.0.2.7',
    'x-request-id': 'it-1',
  });

  await api.post('/v1/corpora').set(by(secret)).send({ name: 'book', text });
  await api.put('/v1/corpora/book/documents/more').set(by(secret)).type('text/plain').send(text);
  await api.put('/v1/corpora/bad').set(by(secret)).type('text/plain').send('123');
  await api
    .put('/v1/corpora/book')
    .set(by(`${secret}-read`))
    .type('text/plain')
    .send(text);
  await api.delete('/v1/corpora/book').set('x-request-id', 'it-2');
  await api.delete('/v1/corpora/book').set(by(secret));

  const line = (operation: string, corpus: string, status: number, caller = 'ops') => ({
    level: 30,
    audit: true,
    operation,
    corpus,
    status,
    caller,
    remoteAddress: '192.0.2.7',
    reqId: 'it-1',
  });
  const expected = [
    line('createCorpus', 'book', 201),
    line('putDocument', 'book', 201),
    line('putCorpus', 'bad', 400),
    line('putCorpus', 'book', 403, 'reader'),
    { ...line('deleteCorpus', 'book', 401, 'anonymous'), remoteAddress: '127.0.0.1', reqId: 'it-2' },
    line('deleteCorpus', 'book', 204),
  ];
  t.equal(lines().length, expected.length);
  t.match(lines(), expected);
  t.notMatch(written(), secret, 'no line of the log has a key in it');
});

t.test('questions leave none', async (t) => {
  const { logger, lines } = recordingLogger();
  const { api } = await startService(t, {}, logger);
  await api.put('/v1/corpora/book').type('text/plain').send('the time machine');
  t.equal((await api.post('/v1/corpora/book/score').send({ texts: ['the time'] })).status, 200);
  t.equal((await api.get('/v1/corpora/book')).status, 200);
  t.match(lines(), [{ operation: 'putCorpus', caller: 'anonymous', status: 201 }]);
  t.equal(lines().length, 1);
});

t.test('a write leaves its line also where the caller is gone before the answer', async (t) => {
  const { logger, lines } = recordingLogger();
  const { app, api } = await startService(t, {}, logger);
  const text = 'the time machine '.repeat(60_000);
  for (const [i, wait] of [0, 30, 60, 90].entries()) {
    const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `PUT /v1/corpora/book-${i} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n`;
    await new Promise((written) => socket.write(head + text, written));
    await setTimeout(wait);
    socket.destroy();
    while (lines().length === i) await setTimeout(25);
    t.equal(lines().length, i + 1);
    const { status } = await api.get(`/v1/corpora/book-${i}`);
    t.equal(lines()[i].status === 201, status === 200, 'which says whether it was done');
  }
});
