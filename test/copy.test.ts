import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import t from 'tap';
import { cli, ngramd } from './command.ts';
import { temporaryFolder } from './http/harness.ts';
import { createOf, openSqlite } from './store/sqlite.ts';

const copy = (args: string[], env?: Record<string, string>) => ngramd(['copy', ...args], env);

t.test('a corpus is copied from one data folder to another, and its totals are printed', async (t) => {
  const { store, folder, path } = await openSqlite(t);
  await createOf(store, 'book', [[['a', 'b', 'a']], [['b']]]);
  await createOf(store, 'other');
  const target = temporaryFolder(t);
  const { code, stdout, stderr } = await copy(['book', 'other', '--from', folder, '--to', target]);
  t.equal(stderr, '');
  t.match(
    stdout,
    /^book: version 1, 2 documents, 4 tokens, 3 ids, 2 \+ 2 n-grams, [\d.]+ s\nother: version 1, 1 documents/,
  );
  t.equal(code, 0);
  t.same(readdirSync(join(target, 'corpora')).sort(), ['book.sqlite', 'other.sqlite']);
  const print = (file: string) =>
    promisify(execFile)(process.execPath, [cli, 'export', file, '--order', '2']);
  t.equal((await print(join(target, 'corpora/book.sqlite'))).stdout, (await print(path('book'))).stdout);
});

t.test('a store is a data folder, a file of settings, or that of the environment', async (t) => {
  const { store, folder } = await openSqlite(t);
  await createOf(store, 'book');
  const target = temporaryFolder(t);
  const file = join(temporaryFolder(t), 'settings.env');
  writeFileSync(file, `# of a service\nSTORE=sqlite\nDATA_DIR=${target}\nPORT=3001\nHOST=0.0.0.0\n`);
  t.equal((await copy(['book', '--to', file], { DATA_DIR: folder, HOST: '0.0.0.0' })).code, 0);
  t.equal((await copy(['book', '--from', folder, '--as', 'again'], { DATA_DIR: target })).code, 0);
  t.same(readdirSync(join(target, 'corpora')).sort(), ['again.sqlite', 'book.sqlite']);
});

t.test('what cannot be copied is refused with one sentence, and nothing is changed', async (t) => {
  const { store, folder, path } = await openSqlite(t);
  await createOf(store, 'book');
  await createOf(store, 'other');
  const before = readFileSync(path('other'));
  const settings = join(temporaryFolder(t), 'settings.env');
  writeFileSync(settings, 'STORE=clickhouse\n');
  writeFileSync(`${settings}.full`, `DATA_DIR=${folder}\nMAX_CORPORA=2\n`);
  for (const [args, said] of [
    [
      ['book', '--from', folder, '--to', folder, '--as', 'other'],
      /^There is a corpus named "other" .* nothing was changed\.$/,
    ],
    [['missing', '--from', folder, '--to', folder], /^There is no corpus named "missing"/],
    [['book', '--from', folder, '--to', `${folder}/nowhere`], /nowhere does not exist\. Name a data folder/],
    [['book', '--from', folder, '--to', settings], /settings\.env: POSTGRES_URL: STORE=clickhouse needs it/],
    [
      ['book', '--from', folder, '--to', `${settings}.full`, '--as', 'third'],
      /^There are 2 corpora, the maximum/,
    ],
  ] as [string[], RegExp][]) {
    const { code, stdout, stderr } = await copy(args);
    t.equal(code, 1, args.join(' '));
    t.match(stderr.trimEnd(), said);
    t.notMatch(stderr, /\n {4}at /, 'no stack trace');
    t.equal(stdout, '');
  }
  for (const args of [
    [],
    ['book'],
    ['book', 'other', '--to', folder, '--as', 'one'],
    ['book', '--too', folder],
  ]) {
    const { code, stderr } = await copy(args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, /ngramd copy <corpus>/);
  }
  t.same(await store.names(), ['book', 'other']);
  t.same(readFileSync(path('other')), before);
});

t.test('a copy that is killed leaves nothing, and the next one deletes its temporary files', async (t) => {
  const { store, folder } = await openSqlite(t);
  const words = Array.from({ length: 100_000 }, (_, i) => `word${i}`);
  await createOf(store, 'book', [[words]]);
  const filesIn = (target: string, name: string) =>
    readdirSync(target).includes(name) ? readdirSync(join(target, name)) : [];
  const killedIn = async (target: string) => {
    const child = spawn(process.execPath, [cli, 'copy', 'book', '--from', folder, '--to', target]);
    const ended = once(child, 'exit');
    while (filesIn(target, 'tmp').length === 0 && child.exitCode === null) await setTimeout(1);
    child.kill('SIGKILL');
    await ended;
  };
  let target: string;
  // One that is through before it is killed leaves the whole corpus.
  do {
    target = temporaryFolder(t);
    await killedIn(target);
  } while (filesIn(target, 'corpora').length > 0);
  t.ok(filesIn(target, 'tmp').length > 0);
  t.equal((await copy(['book', '--from', folder, '--to', target])).code, 0);
  t.same(filesIn(target, 'tmp'), []);
});
