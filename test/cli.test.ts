import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { settings } from '../src/config.ts';
import { version } from '../src/product.ts';
import { cli, ngramd } from './command.ts';
import { temporaryFolder } from './http/harness.ts';
import { createOf, openSqlite } from './store/sqlite.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

t.test('--help and --version print to standard output and start nothing', async (t) => {
  t.equal((await ngramd(['--version'])).stdout, `${version}\n`);
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { code, stdout } = await ngramd(args);
    t.equal(code, 0);
    t.match(stdout, /ngramd serve/);
    t.match(stdout, /ngramd export/);
  }
});

t.test('serve --help lists every setting with its flag, except the keys', async (t) => {
  const { code, stdout } = await ngramd(['serve', '--help']);
  t.equal(code, 0);
  for (const { name, description } of settings) {
    const flag = `--${name.toLowerCase().replaceAll('_', '-')} `;
    t.equal(stdout.includes(flag), name !== 'API_KEYS', flag);
    if (name !== 'API_KEYS') t.ok(stdout.includes(description));
  }
});

t.test('wrong arguments get one sentence and the usage on standard error, with exit code 2', async (t) => {
  for (const [args, said] of [
    [[], /ngramd serve/],
    [['start'], /^There is no command start\./],
    [['serve', '--prot', '1'], /Unknown option '--prot'/],
    [['serve', 'now'], /Unexpected argument 'now'/],
    [['serve', '--api-keys', 'x'], /Unknown option '--api-keys'/],
    [['export'], /ngramd export/],
    [['export', 'a.sqlite', '--order', 'many'], /ngramd export/],
  ] as [string[], RegExp][]) {
    const { code, stdout, stderr } = await ngramd(args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, said);
    t.notMatch(stderr, /\n {4}at /, 'no stack trace');
    t.equal(stdout, '');
  }
});

t.test('export of what is no corpus file fails with one sentence and exit code 1', async (t) => {
  const folder = t.testdir({ 'notes.txt': 'not a corpus', 'empty.sqlite': '' });
  for (const [file, said] of [
    ['missing.sqlite', /^There is no corpus file missing\.sqlite\.\n$/],
    ['notes.txt', /^notes\.txt is damaged: file is not a database\.\n$/],
    ['empty.sqlite', /^empty\.sqlite .*\.\n$/],
    ['.', / cannot be read: unable to open database file\n$/],
  ] as [string, RegExp][]) {
    const { code, stdout, stderr } = await ngramd(['export', join(folder, file)]);
    t.equal(code, 1, file);
    t.match(stderr, said);
    t.equal(stdout, '');
  }
});

t.test('a flag wins over its environment variable, and its error names the variable', async (t) => {
  const { code, stderr } = await ngramd(['serve', '--port', '70000'], { PORT: '0' });
  t.equal(code, 1);
  t.match(stderr, /^ngramd cannot start, a setting is invalid: .*PORT/);
});

t.test('a port that is in use stops the start with one sentence', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  const { code, stderr } = await ngramd(['serve', '--port', String(port), '--data-dir', temporaryFolder(t)]);
  t.equal(code, 1);
  t.equal(
    stderr,
    `ngramd cannot start: port ${port} of 127.0.0.1 is in use. Stop the other program, or choose another port with --port or PORT.\n`,
  );
});

t.test('standard output has nothing but the log, one JSON object per line', async (t) => {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--data-dir', temporaryFolder(t)], {
    cwd: root,
  });
  t.teardown(() => child.kill('SIGKILL'));
  const output = await outputUntil(child, /listening at/);
  for (const line of output.trim().split('\n')) t.equal(typeof JSON.parse(line).level, 'number');
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.kill('SIGTERM');
  t.same(await once(child, 'exit'), [0, null]);
  t.equal(said, '', 'the welcome is for terminals');
});

t.test('export ends quietly when its reader has seen enough', async (t) => {
  const { store, path } = await openSqlite(t);
  const words = Array.from({ length: 40_000 }, (_, i) => `word${i}`);
  await createOf(store, 'book', [[words]]);
  const command = `"${process.execPath}" "${cli}" export "${path('book')}" --order 2 | head -n 2`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command]);
  t.equal(stdout, 'word0 word1\t1\nword1 word2\t1\n');
  t.equal(stderr, '');
});

async function outputUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    output += chunk;
    if (wanted.test(output)) break;
  }
  return output;
}
