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
    [{ BACKUP_SCHEDULE: 'daily' }, /^BACKUP_SCHEDULE: .*daily/],
    [{ BACKUP_SCHEDULE: '61 3 * * *' }, /^BACKUP_SCHEDULE: .*61/],
    [{ BACKUP_SCHEDULE: '0 3 30 2 *' }, /^BACKUP_SCHEDULE: "0 3 30 2 \*" is never due/],
    [{ BACKUP_KEEP: '-1' }, /BACKUP_KEEP/],
    [
      {
        BACKUP_SCHEDULE: '0 3 * * *',
        STORE: 'clickhouse',
        POSTGRES_URL: 'postgres://a/b',
        CLICKHOUSE_URL: 'http://a/b',
      },
      /^BACKUP_SCHEDULE: the databases of STORE=clickhouse have backups of their own/,
    ],
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

const POSTGRES_URL = 'postgres://ngramd:hidden@db/ngramd';
const CLICKHOUSE_URL = 'http://a:hidden@one:8123/ngramd';
const cluster = { STORE: 'clickhouse', POSTGRES_URL, CLICKHOUSE_URL };

t.test('a store on servers has addresses, a cluster of several, and fewer corpora', async (t) => {
  t.match(loadConfig({}), { STORE: 'sqlite', CLICKHOUSE_URL: [], MAX_CORPORA: 10_000 });
  t.match(loadConfig(cluster), {
    POSTGRES_URL,
    CLICKHOUSE_URL: [CLICKHOUSE_URL],
    CLICKHOUSE_REPLICATED: false,
    MAX_CORPORA: 100,
  });
  t.equal(loadConfig({ ...cluster, MAX_CORPORA: '7' }).MAX_CORPORA, 7);
  const several = {
    ...cluster,
    CLICKHOUSE_URL: `${CLICKHOUSE_URL}, https://two/ngramd`,
    CLICKHOUSE_CLUSTER: 'c',
    CLICKHOUSE_REPLICATED: 'true',
  };
  t.match(loadConfig(several), {
    CLICKHOUSE_URL: [CLICKHOUSE_URL, 'https://two/ngramd'],
    CLICKHOUSE_CLUSTER: 'c',
    CLICKHOUSE_REPLICATED: true,
  });
});

t.test('settings of a store that do not belong together are named, without passwords', async (t) => {
  const { POSTGRES_URL: _, ...withoutPostgres } = cluster;
  const { CLICKHOUSE_URL: __, ...withoutClickHouse } = cluster;
  const wrong: [settings: Record<string, string>, message: RegExp][] = [
    [{ STORE: 'postgres' }, /STORE/],
    [{ POSTGRES_URL }, /^POSTGRES_URL: it is for STORE=clickhouse only/],
    [{ CLICKHOUSE_URL }, /^CLICKHOUSE_URL: it is for STORE=clickhouse only/],
    [{ CLICKHOUSE_CLUSTER: 'c' }, /^CLICKHOUSE_CLUSTER: it is for STORE=clickhouse only/],
    [{ CLICKHOUSE_REPLICATED: 'true' }, /^CLICKHOUSE_REPLICATED: it is for STORE=clickhouse only/],
    [withoutPostgres, /^POSTGRES_URL: STORE=clickhouse needs it as postgres:/],
    [
      { ...cluster, POSTGRES_URL: 'mysql://a:hidden@b/c' },
      /^POSTGRES_URL: STORE=clickhouse needs it as postgres:/,
    ],
    [withoutClickHouse, /^CLICKHOUSE_URL: STORE=clickhouse needs it as http:/],
    [{ ...cluster, CLICKHOUSE_URL: 'a:hidden@b:8123' }, /^CLICKHOUSE_URL: each server must be http:/],
    [{ ...cluster, CLICKHOUSE_URL: `${CLICKHOUSE_URL},` }, /^CLICKHOUSE_URL: each server must be http:/],
    [
      { ...cluster, CLICKHOUSE_URL: `${CLICKHOUSE_URL},http://two/other`, CLICKHOUSE_CLUSTER: 'c' },
      /^CLICKHOUSE_URL: all servers must have the same database/,
    ],
    [
      { ...cluster, CLICKHOUSE_URL: `${CLICKHOUSE_URL},http://two/ngramd` },
      /^CLICKHOUSE_URL: several servers must be a cluster: set CLICKHOUSE_CLUSTER/,
    ],
    [{ ...cluster, CLICKHOUSE_REPLICATED: 'true' }, /^CLICKHOUSE_REPLICATED: .* set CLICKHOUSE_CLUSTER/],
    [{ ...cluster, CLICKHOUSE_CLUSTER: "c'" }, /CLICKHOUSE_CLUSTER/],
    [{ ...cluster, CLICKHOUSE_REPLICATED: 'perhaps' }, /CLICKHOUSE_REPLICATED/],
  ];
  for (const [settings, message] of wrong) {
    t.throws(() => loadConfig(settings), { message }, JSON.stringify(settings));
    try {
      loadConfig(settings);
    } catch (error) {
      t.notMatch((error as Error).message, /hidden/);
    }
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
