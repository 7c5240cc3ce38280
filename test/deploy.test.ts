import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv, promisify } from 'node:util';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig, settings } from '../src/config.ts';
import { startService, temporaryFolder } from './http/harness.ts';

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8');

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}
const { rules } = (parse(read('prometheus-rules.yaml')) as Rules).groups[0];

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}
const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard;

interface Service {
  profiles?: string[];
  image: string;
  environment?: Record<string, string>;
  secrets?: string[];
  entrypoint?: string[];
  command?: string[];
  volumes?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
  secrets: Record<string, { environment: string }>;
}
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const inCluster = Object.entries(compose.services).filter(([, { profiles }]) =>
  profiles?.includes('cluster'),
);

/** The environment variables that a service is given, and those that its command sets. */
function variablesOf({ environment = {}, command = [] }: Service): string[] {
  const exported = [...command.join('\n').matchAll(/export ([A-Z_]+)=/g)].map(([, name]) => name);
  return [...Object.keys(environment), ...exported];
}

/** The metrics of an expression, without the suffixes of histograms. */
function metricsOf(expression: string): string[] {
  return [...expression.matchAll(/\b(?:ngramd|nodejs|process)_[a-z0-9_]+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );
}

t.test('every metric in the alerts and on the dashboard is one that the service reports', async (t) => {
  const { api } = await startService(t);
  const { text } = await api.get('/metrics').expect(200);
  const reported = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  for (const { alert, expr } of rules) {
    for (const metric of metricsOf(expr)) t.ok(reported.has(metric), `${alert}: ${metric}`);
  }
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      for (const metric of metricsOf(expr)) t.ok(reported.has(metric), `${title}: ${metric}`);
    }
  }
});

t.test('every metric of the service itself is on the dashboard', async (t) => {
  const { api } = await startService(t);
  const { text } = await api.get('/metrics').expect(200);
  const shown = new Set(
    dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr))),
  );
  for (const [, name] of text.matchAll(/^# TYPE (ngramd_\S+)/gm)) t.ok(shown.has(name), name);
});

t.test('every row of the table of metrics that says when to alert has a rule', async (t) => {
  const operations = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const table = operations.slice(operations.indexOf('## Metrics and alerts'), operations.indexOf('## Logs'));
  const alerted = new Set(rules.flatMap(({ expr }) => metricsOf(expr)));
  let rows = 0;
  for (const line of table.split('\n').filter((line) => line.startsWith('| `'))) {
    const [, names, , condition] = line.split('|').map((cell) => cell.trim());
    if (condition === '') continue;
    rows++;
    t.ok(
      metricsOf(names).some((metric) => alerted.has(metric)),
      `${names}: ${condition}`,
    );
  }
  t.ok(rows > 10);
});

t.test(
  'the manifests set only what is a setting of the service, and ask the routes that exist',
  async (t) => {
    const known = new Set(settings.map(({ name }) => name));
    const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'ngramd:local');
    t.same(
      ours.map(([name]) => name),
      ['ngramd', 'ngramd-1', 'ngramd-2'],
    );
    for (const [name, service] of ours) {
      for (const variable of variablesOf(service)) t.ok(known.has(variable), `${name}: ${variable}`);
    }

    const [, workload] = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS());
    const [container] = workload.spec.template.spec.containers;
    for (const { name } of container.env as { name: string }[]) t.ok(known.has(name), name);
    const { api } = await startService(t);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      await api.get(container[probe].httpGet.path).expect(200);
    }

    for (const [, name] of read('ngramd.service').matchAll(/^Environment=([A-Z_]+)=/gm)) {
      t.ok(known.has(name) || ['NODE_ENV', 'GLIBC_TUNABLES'].includes(name), name);
    }
  },
);

t.test('compose.yaml names only files, volumes, secrets and services that there are', async (t) => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      if (source.startsWith('./'))
        t.ok(existsSync(new URL(`../deploy/${source}`, import.meta.url)), `${name}: ${volume}`);
      else if (!source.startsWith('/')) t.ok(source in compose.volumes, `${name}: ${volume}`);
    }
    for (const secret of service.secrets ?? []) t.ok(secret in compose.secrets, `${name}: ${secret}`);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      t.ok(other in compose.services, `${name}: ${other}`);
      const { healthcheck, image } = compose.services[other];
      // The image of the service has its own.
      if (condition === 'service_healthy')
        t.ok(healthcheck || image === 'ngramd:local', `${name}: ${other} has a check`);
    }
  }
  const ports = Object.values(compose.services).flatMap(({ ports = [] }) =>
    ports.map((port) => port.split(':').at(-2)),
  );
  t.equal(new Set(ports).size, ports.length, 'each port of the machine is taken once');
});

t.test('the services of the profile cluster are given what they need to find each other', async (t) => {
  const services = Object.fromEntries(inCluster);
  const clickhouse = Object.keys(services).filter((name) => name.startsWith('clickhouse-'));
  t.same(Object.keys(services).sort(), [
    'balancer',
    ...clickhouse,
    'keeper',
    'ngramd-1',
    'ngramd-2',
    'postgres',
  ]);
  const configuration = read('clickhouse/cluster.xml');
  const hosts = [...configuration.matchAll(/<host>(clickhouse[^<]+)<\/host>/g)].map(([, host]) => host);
  t.same(hosts, clickhouse);
  t.match(configuration, /<host>keeper<\/host><port>9181<\/port>/);
  t.match(read('clickhouse/keeper.xml'), /<tcp_port>9181<\/tcp_port>/);
  const shards = configuration
    .split('<shard>')
    .slice(1)
    .map((shard) => shard.match(/clickhouse-[\d-]+/g));
  for (const name of clickhouse) {
    const { SHARD, REPLICA, ...others } = services[name].environment as Record<string, string>;
    t.same([REPLICA, others], [name, {}]);
    t.ok(shards[Number(SHARD) - 1]?.includes(name), `${name} is in shard ${SHARD}`);
  }
  const given = new Set(['SHARD', 'REPLICA', ...clickhouse.flatMap((name) => exportedBy(services[name]))]);
  for (const [, name] of configuration.matchAll(/from_env="(\w+)"/g)) t.ok(given.has(name), name);
  t.match(read('Caddyfile.cluster'), /reverse_proxy ngramd-1:3000 ngramd-2:3000 \{/);
});

t.test(
  'the services of the profile cluster make settings of their secrets that the service accepts',
  async (t) => {
    const folder = temporaryFolder(t);
    for (const name of ['postgres', 'clickhouse'])
      writeFileSync(`${folder}/${name}_password`, `0f${name.length}\n`);
    const { environment, command } = compose.services['ngramd-1'];
    const [shell, flag, script] = command as string[];
    // As Compose and Docker have it done, up to the start.
    const run = script
      .replaceAll('$$', '$')
      .replaceAll('/run/secrets', folder)
      .replace('exec node dist/cli.js serve', 'env');
    const { stdout } = await promisify(execFile)(shell, [flag, run], { env: { PATH: process.env.PATH } });
    const { API_KEYS: _, ...set } = environment as Record<string, string>;
    const variables = Object.fromEntries(
      Object.entries({ ...parseEnv(stdout), ...set }).map(([name, value]) => [name, String(value)]),
    );
    const config = loadConfig(variables);
    t.equal(config.POSTGRES_URL, 'postgres://ngramd:0f8@postgres:5432/ngramd');
    t.same(
      config.CLICKHOUSE_URL,
      ['1-1', '1-2', '2-1', '2-2'].map((place) => `http://ngramd:0f10@clickhouse-${place}:8123/ngramd`),
    );
    t.match(config, { STORE: 'clickhouse', CLICKHOUSE_CLUSTER: 'ngramd', CLICKHOUSE_REPLICATED: true });
  },
);

/** The variables that a service's own start sets. */
function exportedBy({ entrypoint = [] }: Service): string[] {
  return [...entrypoint.join('\n').matchAll(/([A-Z_]+)=/g)].map(([, name]) => name);
}
