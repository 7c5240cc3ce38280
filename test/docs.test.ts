import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const decisions = readdirSync(join(root, 'docs/decisions'))
  .filter((file) => /^\d/.test(file))
  .sort();
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/decisions/README.md'],
  ...[
    'architecture',
    'arpa',
    'cluster',
    'coming-from',
    'estimators',
    'openai',
    'operations',
    'performance',
    'storage',
    'upgrading',
  ].map((name) => `docs/${name}.md`),
  ...decisions.map((file) => `docs/decisions/${file}`),
];

/** The anchors that the headings of a document have on a page. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

t.test('every link in the documentation leads to a file of the repository and a heading in it', async (t) => {
  for (const document of documents) {
    for (const [link, target] of read(document).matchAll(/\]\((?!https?:)([^)]*)\)/g)) {
      const [path, anchor] = target.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      t.ok(existsSync(join(root, file)), `${document}: ${link}`);
      if (anchor !== undefined) t.ok(anchorsOf(read(file)).includes(anchor), `${document}: ${link}`);
    }
  }
});

t.test('every source file that the documentation names exists', async (t) => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  for (const document of documents) {
    for (const [, path] of read(document).matchAll(/`((?:[\w-]+\/)*[\w.-]+\.[jt]s)`/g)) {
      const exists = existsSync(join(root, path)) || sources.some((file) => `/${file}`.endsWith(`/${path}`));
      t.ok(exists, `${document}: ${path}`);
    }
  }
});

t.test('the list of decisions has each one with its number and title, in order', async (t) => {
  const items = decisions.map((file) => {
    const [, title] = /^# (.+)\n/.exec(read(`docs/decisions/${file}`)) ?? [];
    t.ok(title?.startsWith(`${Number(file.slice(0, 4))}. `), `${file}: ${title}`);
    return `- [${title}](${file})`;
  });
  t.same(read('docs/decisions/README.md').match(/^- .+$/gm), items);
});

t.test('docs/upgrading.md lists every schema', async (t) => {
  const listed = [...read('docs/upgrading.md').matchAll(/^\| (\d+) \| ./gm)].map(([, schema]) =>
    Number(schema),
  );
  const migrations = readdirSync(join(root, 'migrations')).filter((file) => file.endsWith('.sql'));
  t.same(
    listed,
    migrations.map((file) => Number.parseInt(file, 10)).sort((a, b) => a - b),
  );
});
