import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { createOf, openSqlite } from './store/sqlite.ts';

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
  await t.rejects(print('--order', 'many'), { code: 2, stderr: /usage/ });
});
