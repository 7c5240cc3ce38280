import { request } from 'node:http';
import Fastify from 'fastify';
import t from 'tap';
import { Access } from '../../../src/access/access.ts';
import { parseApiKeys } from '../../../src/access/api-keys.ts';
import { type Scope, scopes } from '../../../src/access/scopes.ts';
import { auditWrites } from '../../../src/http/access/audit.ts';
import { guardRoutes } from '../../../src/http/access/guard.ts';
import { startService } from '../harness.ts';

const secretOf = (name: string) => `secret-of-the-key-${name}`;
const keys = ['read', 'write', 'admin'].map((scope) => `${scope}:${secretOf(scope)}:${scope}`);
const API_KEYS = [...keys, `limited:${secretOf('limited')}:write:book-*`].join();
const bearer = (name: string) => ({ authorization: `Bearer ${secretOf(name)}` });
const text = 'the time machine, the time traveller';

interface Operation {
  operationId: string;
  security?: Record<string, Scope[]>[];
  responses: Record<string, unknown>;
}

t.test('with keys', async (t) => {
  const { app, api } = await startService(t, { API_KEYS });
  const put = (name: string, key = 'admin') =>
    api.put(`/v1/corpora/${name}`).set(bearer(key)).type('text/plain').send(text);
  for (const name of ['a', 'book-1', 'book-2', 'book-3', 'book-x', 'c'])
    t.equal((await put(name)).status, 201);

  const operations = Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method: method as 'get',
      scope: operation.security?.[0].bearer[0],
      ...operation,
    })),
  );

  t.test(
    'questions need read, what changes corpora write, what deletes them or fills the disk admin',
    async (t) => {
      const scopeOf = Object.fromEntries(operations.map(({ operationId, scope }) => [operationId, scope]));
      const writes = ['createCorpus', 'putCorpus', 'addDocument', 'putDocument', 'deleteDocument'];
      for (const operation of writes) t.equal(scopeOf[operation], 'write', operation);
      for (const operation of [
        'deleteCorpus',
        'createBackup',
        'createBackups',
        'deleteBackup',
        'restoreBackup',
        'restoreFile',
      ])
        t.equal(scopeOf[operation], 'admin');
      for (const operation of ['getHealth', 'getReadiness', 'listProblems'])
        t.equal(scopeOf[operation], undefined);
      const questions = ['getProbabilities', 'scoreTexts', 'generateText', 'tuneParameters'];
      for (const operation of questions) t.equal(scopeOf[operation], 'read', operation);
      for (const { path, method, operationId, scope } of operations) {
        if (method !== 'get' || !path.startsWith('/v1/')) continue;
        // A backup also has what was removed from its corpus, and statistics are about all corpora.
        t.equal(scope, /\/(backups|stats)/.test(path) ? 'admin' : 'read', operationId);
      }
    },
  );

  t.test('every operation lets in whom its description says, and nobody else', async (t) => {
    for (const { path, method, operationId, scope, security, responses } of operations) {
      if (scope === undefined) continue;
      t.same(security, [{ bearer: [scope] }, { key: [scope] }]);
      t.match(responses, { 401: {}, 403: {}, 429: {} }, operationId);
      const address = path.replace('{corpus}', 'book-none').replace('{id}', 'none');
      const ask = (headers: Record<string, string>) => api[method](address).set(headers);
      const without = await ask({});
      t.equal(without.status, 401, operationId);
      t.equal(without.headers['www-authenticate'], 'Bearer');
      t.equal((await ask({ 'x-api-key': 'no-key-of-this-server' })).status, 401, operationId);
      for (const has of scopes) {
        const isAllowed = scopes.indexOf(has) >= scopes.indexOf(scope);
        const { status, body } = await ask(bearer(has));
        t.equal(status === 401 || status === 403, !isAllowed, `${operationId} with ${has}: ${status}`);
        if (!isAllowed) t.match(body.detail, `scope ${scope}; the key ${has} has the scope ${has}`);
      }
    }
  });

  t.test('a key may be sent in either header, and HEAD asks for it as GET does', async (t) => {
    t.equal((await api.get('/v1/corpora').set('x-api-key', secretOf('read'))).status, 200);
    t.equal((await api.get('/v1/corpora').set('authorization', `bearer ${secretOf('read')}`)).status, 200);
    t.equal((await api.head('/v1/corpora')).status, 401);
    t.equal((await api.head('/v1/corpora').set(bearer('read'))).status, 200);
  });

  t.test('health, problems and the documentation are open', async (t) => {
    for (const path of ['/healthz', '/readyz', '/problems', '/docs/', '/openapi.json']) {
      t.equal((await api.get(path)).status, 200, path);
    }
  });

  t.test('a key that is limited by a pattern is refused other corpora, there or not', async (t) => {
    t.equal((await api.get('/v1/corpora/book-1').set(bearer('limited'))).status, 200);
    for (const path of ['a', '%61', 'none', 'a/probability?word=a', 'a/documents']) {
      const { status, body } = await api.get(`/v1/corpora/${path}`).set(bearer('limited'));
      t.equal(status, 403, path);
      t.match(body, { type: '/problems#forbidden', detail: /book-\*/ });
    }
    t.equal((await put('other', 'limited')).status, 403);
    t.equal((await put('book-4', 'limited')).status, 201);
    await api.delete('/v1/corpora/book-4').set(bearer('admin'));
  });

  t.test('it may create only such corpora, wherever the name stands', async (t) => {
    const post = (query = '') => api.post(`/v1/corpora${query}`).set(bearer('limited'));
    const creating = (name: string) => [
      post(`?name=${name}-query`).type('text/plain').send(text),
      post().send({ name: `${name}-json`, text }),
      post().send({ name: `${name}-empty` }),
      post().field('name', `${name}-form`).attach('file', Buffer.from(text), 'a.txt'),
    ];
    for (const attempt of creating('other')) t.equal((await attempt).status, 403);
    const { items } = (await api.get('/v1/corpora').set(bearer('admin'))).body;
    t.notMatch(JSON.stringify(items), /other|outdone/);
    for (const attempt of creating('book')) {
      const { status, body } = await attempt;
      t.equal(status, 201, JSON.stringify(body));
      await api.delete(`/v1/corpora/${body.name}`).set(bearer('admin'));
    }
  });

  t.test('it sees only such corpora in the list, on full pages', async (t) => {
    const page = (query: object) =>
      api
        .get('/v1/corpora')
        .query({ limit: 2, ...query })
        .set(bearer('limited'));
    const first = (await page({})).body;
    const second = (await page({ cursor: first.next_cursor })).body;
    t.equal(second.next_cursor, undefined);
    const seen = [first, second].map(({ items }) => items.map(({ name }: { name: string }) => name));
    t.same(seen, [
      ['book-1', 'book-2'],
      ['book-3', 'book-x'],
    ]);
    t.equal((await api.get('/v1/corpora').set(bearer('read'))).body.items.length, 6);
  });

  t.test('an upload is refused before its text has come', async (t) => {
    const upload = request(`${app.listeningOrigin}/v1/corpora/new`, {
      method: 'PUT',
      headers: { 'content-length': 10 ** 9, 'content-type': 'text/plain' },
    });
    upload.on('error', () => {});
    const status = new Promise((resolve) => upload.on('response', ({ statusCode }) => resolve(statusCode)));
    upload.write('only the beginning');
    t.equal(await status, 401);
    upload.destroy();
  });
});

t.test('with ALLOW_ANONYMOUS=read callers without a key may read, and a key adds to it', async (t) => {
  const { api } = await startService(t, { API_KEYS, ALLOW_ANONYMOUS: 'read' });
  const put = (name: string) => api.put(`/v1/corpora/${name}`).type('text/plain').send(text);
  const refused = await put('other');
  t.equal(refused.status, 401);
  t.match(refused.body.detail, /scope write: .* Without a key the scope is read\./);
  t.equal((await put('other').set(bearer('write'))).status, 201);
  t.equal((await api.get('/v1/corpora/other')).status, 200);
  t.equal((await api.get('/v1/corpora/other').set(bearer('limited'))).status, 200, 'no less than without');
  t.equal((await put('other').set(bearer('limited'))).status, 403);
  t.equal((await api.get('/v1/corpora').set(bearer('limited'))).body.items.length, 1);
  t.equal((await api.get('/v1/corpora/other').set('x-api-key', 'a-wrong-key-is-told')).status, 401);
});

t.test(
  'with ALLOW_ANONYMOUS=write and no keys everyone may read and write, and nobody is admin',
  async (t) => {
    const { api } = await startService(t, { ALLOW_ANONYMOUS: 'write' });
    t.equal((await api.put('/v1/corpora/book').type('text/plain').send(text)).status, 201);
    t.equal((await api.get('/v1/corpora/book')).status, 200);
    t.equal((await api.delete('/v1/corpora/book')).status, 401);
  },
);

t.test('without keys and ALLOW_ANONYMOUS everyone who reaches the service may do all', async (t) => {
  const { api } = await startService(t);
  t.equal((await api.put('/v1/corpora/book').type('text/plain').send(text)).status, 201);
  t.equal((await api.get('/v1/corpora/book').set('x-api-key', 'unasked')).status, 200);
  t.equal((await api.delete('/v1/corpora/book')).status, 204);
});

t.test('a route that declares no scope is an error at the start', async (t) => {
  const app = Fastify();
  guardRoutes(app, new Access([], 'admin'));
  t.throws(() => app.get('/forgotten', async () => 'ok'), /GET \/forgotten declares no scope/);
  app.get('/open', { config: { scope: 'open' } }, async () => 'ok');
  t.equal((await app.inject('/open')).body, 'ok');
});

t.test('routes that everyone may call get no hook', async (t) => {
  const hooks = (access: Access) => {
    const app = Fastify();
    const counts: Record<string, number> = {};
    guardRoutes(app, access);
    auditWrites(app, access);
    app.addHook('onRoute', ({ url, method, onRequest, onSend }) => {
      if (method !== 'HEAD') counts[url] = [onRequest ?? [], onSend ?? []].flat().length;
    });
    for (const scope of ['open', ...scopes] as const)
      app.get(`/${scope}`, { config: { scope } }, async () => '');
    return counts;
  };
  t.same(hooks(new Access([], 'admin')), { '/open': 0, '/read': 0, '/write': 0, '/admin': 0 });
  t.same(hooks(new Access([], 'read')), { '/open': 0, '/read': 0, '/write': 1, '/admin': 1 });
  t.same(hooks(new Access(parseApiKeys(API_KEYS), 'read')), {
    '/open': 0,
    '/read': 1,
    '/write': 1,
    '/admin': 1,
  });
});
