import { truncateSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

/** The service with a log that is kept, and what is in it. */
async function startLogged(t: Test, level: string) {
  const lines: string[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const service = await startService(t, {}, pino({ level }, destination));
  return { ...service, lines };
}

const secrets = {
  authorization: 'Bearer hush-bearer',
  'x-api-key': 'hush-key',
  cookie: 'session=hush-cookie',
};

t.test('no key and no cookie is in any line of the log, whatever comes of the request', async (t) => {
  const { api, app, folder, lines } = await startLogged(t, 'trace');
  await api.put('/v1/corpora/book').set(secrets).type('text/plain').send('the time machine').expect(201);
  await api.get('/v1/corpora/book/probability?context=the&word=time').set(secrets).expect(200);
  await api.get('/v1/corpora/book/probability?word=').set(secrets).expect(400);
  await api.get('/nowhere').set(secrets).expect(404);
  await api.post('/v1/corpora/book/score').set(secrets).type('application/json').send('{').expect(400);
  await app.close();

  const damaged = await startLogged(t, 'trace');
  await damaged.api.put('/v1/corpora/book').type('text/plain').send('the time machine').expect(201);
  truncateSync(join(damaged.folder, 'corpora/book.sqlite'), 100);
  await damaged.api.get('/v1/corpora/book/vocabulary').set(secrets);
  const headers = Object.entries(secrets).map(([name, value]) => `${name}: ${value}\r\n`);
  const { port } = damaged.app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `PUT /v1/corpora/half HTTP/1.1\r\nhost: x\r\n${headers.join('')}content-length: 99\r\n\r\nthe`,
  );
  while (!damaged.lines.some((line) => line.includes('/v1/corpora/half'))) await setTimeout(10);
  socket.destroy();
  while (!damaged.lines.some((line) => line.includes('the caller went away'))) await setTimeout(10);

  const all = [...lines, ...damaged.lines];
  t.ok(all.length > 10 && folder !== damaged.folder);
  t.same(
    all.filter((line) => line.includes('hush')),
    [],
  );
});

t.test('a request is logged with its path and route; its query only at level debug', async (t) => {
  for (const [level, isWhole] of [
    ['info', false],
    ['debug', true],
  ] as const) {
    const { api, app, lines } = await startLogged(t, level);
    await api.get('/v1/corpora/book/probability?context=private+words&word=time').expect(404);
    await app.close();
    const { req } = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request completed');
    t.match(req, {
      method: 'GET',
      path: '/v1/corpora/book/probability',
      route: '/v1/corpora/:corpus/probability',
    });
    t.equal(lines.join('').includes('private'), isWhole, level);
  }
});

t.test('a request leaves one line, with its id, when it has been answered', async (t) => {
  const { api, app, lines } = await startLogged(t, 'info');
  await api.get('/v1/corpora').set('x-request-id', 'one').expect(200);
  await api.get('/v1/corpora/book').set('x-request-id', 'two').expect(404);
  await api.get('/healthz').set('x-request-id', 'three').expect(200);
  await app.close();
  const ofRequests = lines.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId !== undefined);
  t.match(ofRequests, [
    { level: 30, reqId: 'one', req: { method: 'GET' }, res: { statusCode: 200 }, responseTime: Number },
    { level: 30, reqId: 'two', req: { method: 'GET' }, res: { statusCode: 404 }, responseTime: Number },
  ]);
  t.equal(ofRequests.length, 2, 'requests for the health are not logged');
});

t.test('at level debug a request leaves another line when it arrives', async (t) => {
  const { api, app, lines } = await startLogged(t, 'debug');
  await api.get('/v1/corpora').set('x-request-id', 'one').expect(200);
  await app.close();
  const ofRequest = lines.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId === 'one');
  t.same(
    ofRequest.map(({ msg }) => msg),
    ['incoming request', 'request completed'],
  );
});
