import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { createCorpus } from './ingest/stored-corpus.ts';
import { createOf, openSqlite, settings } from './store/sqlite.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

t.test('npm run export prints each n-gram of an order with its count, in order of ids', async (t) => {
  const { store, path } = await openSqlite(t);
  const texts = ['b a b a b', 'a b c'].map((text) => [text.split(' ')]);
  await createOf(store, 'book', texts);
  const print = (...args: string[]) =>
    run('npm', ['run', '--silent', 'export', '--', path('book'), ...args], { cwd: root });
  t.equal((await print('--order', '2')).stdout, 'b a\t2\nb c\t1\na b\t3\n');
  t.equal((await print()).stdout, 'b\t4\na\t3\nc\t1\n');
  await t.rejects(print('--order', '3'), { code: 2, stderr: /up to order 2/ });
  await t.rejects(print('--order', 'many'), { code: 2, stderr: /ngramd export <corpus file>/ });
});

const options = { cwd: root, maxBuffer: 2 ** 26 };
const hasPython = spawnSync('python3', ['--version']).status === 0;

t.test(
  'the program in docs/storage.md prints what npm run export prints',
  { skip: hasPython ? false : 'needs Python' },
  async (t) => {
    const { store, path } = await openSqlite(t);
    const document = readFileSync(join(root, 'docs/storage.md'), 'utf8');
    const program = /^```python\n([\s\S]+?)^```$/m.exec(document)?.[1] as string;
    const words = Array.from({ length: 50_000 }, (_, i) => (i % 3 === 0 ? 'often' : `w${i}`));
    for (const order of [1, 2, 5]) {
      const { ref } = await createCorpus(store, [words.join(' '), 'often often w1'], { ...settings, order });
      const [expected, printed] = await Promise.all([
        run('npm', ['run', '--silent', 'export', '--', path(ref.name), '--order', `${order}`], options),
        run('python3', ['-c', program, path(ref.name), `${order}`], options),
      ]);
      t.equal(printed.stdout, expected.stdout, `order ${order}`);
      t.equal(printed.stdout.split('\n').length > 30_000, true);
    }
  },
);
