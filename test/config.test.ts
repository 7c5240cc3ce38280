import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import { loadConfig } from '../src/config.ts';
import { temporaryFolder } from './http/harness.ts';

const API_KEYS = 'ops:a-secret-of-some-length:admin';
const open = [
  '0.0.0.0',
  '::',
  '192.168.1.5',
  '128.0.0.1',
  'example.org',
  'localhost.example.org',
  '127.1',
  '0',
];
const own = ['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LocalHost', '::ffff:127.0.0.1'];

t.test('without keys the service may listen on loopback only', async (t) => {
  for (const HOST of own) t.equal(loadConfig({ HOST }).HOST, HOST);
  for (const HOST of open) {
    t.throws(() => loadConfig({ HOST }), { message: /^HOST: .*API_KEYS.*ALLOW_ANONYMOUS=read/ }, HOST);
  }
});

t.test('with keys, or with ALLOW_ANONYMOUS, it may listen on any address', async (t) => {
  for (const HOST of [...own, ...open]) {
    t.equal(loadConfig({ HOST, API_KEYS }).HOST, HOST);
    t.equal(loadConfig({ HOST, ALLOW_ANONYMOUS: 'read' }).HOST, HOST);
    t.equal(loadConfig({ HOST, ALLOW_ANONYMOUS: 'write' }).HOST, HOST);
  }
});

t.test('an invalid setting is named in the error', async (t) => {
  const wrong: [settings: Record<string, string>, message: RegExp][] = [
    [{ API_KEYS: '' }, /^API_KEYS: entry 1 must be/],
    [{ API_KEYS: `${API_KEYS},x` }, /^API_KEYS: entry 2 must be/],
    [{ ALLOW_ANONYMOUS: 'admin' }, /ALLOW_ANONYMOUS/],
    [{ ALLOW_ANONYMOUS: '' }, /ALLOW_ANONYMOUS/],
    [{ RATE_LIMIT: '-1' }, /RATE_LIMIT/],
    [{ RATE_LIMIT: 'many' }, /RATE_LIMIT/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY: .*true/],
    [{ TRUST_PROXY: '10.0.0.0/99' }, /^TRUST_PROXY: /],
    [{ CORS_ORIGINS: 'example.org' }, /^CORS_ORIGINS: "example.org" is neither an origin/],
    [{ CORS_ORIGINS: 'https://example.org/' }, /^CORS_ORIGINS: /],
    [{ CORS_ORIGINS: '' }, /^CORS_ORIGINS: /],
  ];
  for (const [settings, message] of wrong) {
    t.throws(() => loadConfig(settings), { message }, JSON.stringify(settings));
  }
});

t.test('lists are split into their items', async (t) => {
  const { TRUST_PROXY, CORS_ORIGINS } = loadConfig({
    TRUST_PROXY: 'loopback, 10.0.0.0/8',
    CORS_ORIGINS: 'https://a.example, http://localhost:8080',
  });
  t.same(TRUST_PROXY, ['loopback', '10.0.0.0/8']);
  t.same(CORS_ORIGINS, ['https://a.example', 'http://localhost:8080']);
});

t.test('an invalid key stops the start with an error that contains no secret', async (t) => {
  const start = promisify(execFile)(process.execPath, ['src/cli.ts', 'serve'], {
    cwd: new URL('..', import.meta.url),
    env: { DATA_DIR: temporaryFolder(t), PORT: '0', API_KEYS: 'ops:a-secret-of-some-length:owner' },
  });
  const { code, stderr, stdout } = await start.then(
    () => t.fail('it started') as never,
    (error: { code: number; stderr: string; stdout: string }) => error,
  );
  t.equal(code, 1);
  t.match(stderr, 'API_KEYS: entry 1 needs a scope: read, write, admin');
  t.notMatch(stderr + stdout, /secret-of/);
});
