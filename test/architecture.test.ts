import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

/**
 * The folders and files of each floor of `src/`, the lowest floor first, as drawn in docs/architecture.md. A file
 * imports from its own folder and from lower floors.
 */
const floors = drawnFloors(readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8'));

/** The only file of the store that others import. */
const door = 'store/store.ts';

interface Import {
  from: string;
  to: string;
  /** Whether the file is loaded later, when it is needed. */
  isLazy: boolean;
}

const source = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const imports = files.flatMap(importsOf);

t.test('every folder of src/ has its floor, and every floor its folder', async (t) => {
  t.same([...new Set(files.map(folderOf))].sort(), floors.flat().sort());
});

t.test('imports go one way: to the same folder or to lower floors', async (t) => {
  const upwards = imports.filter(({ from, to }) => {
    const [importing, imported] = [folderOf(from), folderOf(to)];
    return importing !== imported && floorOf(importing) <= floorOf(imported);
  });
  t.same(upwards.map(describe), []);
});

t.test('no file imports itself by way of others, types included', async (t) => {
  t.same(circles(imports.filter(({ isLazy }) => !isLazy)), []);
});

t.test('the store is entered by its door alone', async (t) => {
  const past = imports.filter(
    ({ from, to }) => folderOf(to) === 'store' && folderOf(from) !== 'store' && to !== door,
  );
  t.same(past.map(describe), []);
});

/** The floors of the first drawing in a text: the names at the beginning of each line that is not an arrow. */
function drawnFloors(text: string): string[][] {
  const [, drawing] = /^```\n([\s\S]+?)^```$/m.exec(text) ?? [];
  const lines = (drawing ?? '').split('\n').filter((line) => /^[a-z]/.test(line));
  return lines.map((line) => line.split(/ {2,}/)[0].split(', ')).reverse();
}

function importsOf(from: string): Import[] {
  const code = readFileSync(join(source, from), 'utf8');
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*(?<lazy>\()?\s*'(?<path>\.[^']+)'/g);
  return [...found].map(({ groups }) => ({
    from,
    to: join(dirname(from), groups?.path as string),
    isLazy: groups?.lazy !== undefined,
  }));
}

/** The folder of `src/` that a file is in, or the file itself. */
function folderOf(file: string): string {
  return file.split('/')[0];
}

function floorOf(folder: string): number {
  return floors.findIndex((floor) => floor.includes(folder));
}

function describe({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

/** The ways that lead from a file back to it, each once. */
function circles(imports: readonly Import[]): string[] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]) => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}
