/**
 * Bundles the page of the service into dist/page: files with hashes in their names, each also compressed, and the HTML.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const source = fileURLToPath(new URL('../page', import.meta.url));
const target = fileURLToPath(new URL('../dist/page', import.meta.url));

const { outputFiles, metafile } = await build({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: { page: `${source}/src/main.tsx`, icon: `${source}/src/icon.svg` },
  entryNames: '[name]-[hash]',
  outdir: `${target}/assets`,
  loader: { '.svg': 'copy' },
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
  write: false,
});

const files = new Map<string, Uint8Array>();
for (const { path, contents } of outputFiles) {
  const name = `assets/${basename(path)}`;
  files.set(name, contents);
  files.set(`${name}.br`, brotliCompressSync(contents));
  files.set(`${name}.gz`, gzipSync(contents, { level: 9 }));
}
files.set('index.html', Buffer.from(html([...files.keys()])));
files.set('LICENSES.txt', Buffer.from(licenses(metafile)));

mkdirSync(`${target}/assets`, { recursive: true });
for (const [name, contents] of files) write(name, contents);
for (const name of readdirSync(`${target}/assets`)) {
  if (!files.has(`assets/${name}`)) rmSync(`${target}/assets/${name}`, { force: true });
}

/** Writes a file as a whole, unless it is there: services may be reading it, and other builds writing it. */
function write(name: string, contents: Uint8Array): void {
  const file = `${target}/${name}`;
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  const part = `${target}/${basename(name)}.${process.pid}.part`;
  writeFileSync(part, contents);
  renameSync(part, file);
}

function html(names: string[]): string {
  const named = (ending: string) => names.find((name) => name.endsWith(ending)) as string;
  return readFileSync(`${source}/index.html`, 'utf8')
    .replace('{icon}', named('.svg'))
    .replace('{style}', named('.css'))
    .replace('{script}', named('.js'));
}

/** The licences of the packages in the bundle, which must go where their code goes. */
function licenses({ inputs }: Metafile): string {
  const packages = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(packages)].sort().map(licenseOf).join('\n\n');
}

function licenseOf(folder: string): string {
  const root = `${dirname(source)}/${folder}`;
  const { name, version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const file = readdirSync(root).find((file) => /^licen[cs]e/i.test(file));
  if (file === undefined) throw new Error(`${name} has no licence file.`);
  return `${name} ${version}\n\n${readFileSync(`${root}/${file}`, 'utf8').trim()}`;
}
