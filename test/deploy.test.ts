import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '../src/config.ts';
import { startService } from './http/harness.ts';

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8');

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}
const { rules } = (parse(read('prometheus-rules.yaml')) as Rules).groups[0];

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}
const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard;

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
    const { services } = parse(read('compose.yaml')) as {
      services: { ngramd: { environment: Record<string, unknown> } };
    };
    for (const name of Object.keys(services.ngramd.environment)) t.ok(known.has(name), name);

    const [, workload] = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS());
    const [container] = workload.spec.template.spec.containers;
    for (const { name } of container.env as { name: string }[]) t.ok(known.has(name), name);
    const { api } = await startService(t);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      await api.get(container[probe].httpGet.path).expect(200);
    }

    for (const [, name] of read('ngramd.service').matchAll(/^Environment=([A-Z_]+)=/gm)) {
      t.ok(known.has(name) || name === 'NODE_ENV', name);
    }
  },
);
