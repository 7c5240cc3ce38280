import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { temporaryFolder } from './http/harness.ts';
import { ingest } from './ingest/build-corpus.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

t.test('npm run export prints each n-gram of an order with its count, in order of ids', async (t) => {
  const folder = temporaryFolder(t);
  const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
  ingest(folder, ['b a b a b', 'a b c'], settings, {}).close();
  const file = readdirSync(folder).find((name) => name.endsWith('.sqlite')) as string;
  const print = (...args: string[]) =>
    run('npm', ['run', '--silent', 'export', '--', `${folder}/${file}`, ...args], { cwd: root });
  t.equal((await print('--order', '2')).stdout, 'b a\t2\nb c\t1\na b\t3\n');
  t.equal((await print()).stdout, 'b\t4\na\t3\nc\t1\n');
  await t.rejects(print('--order', '3'), { code: 2, stderr: /up to order 2/ });
  await t.rejects(print('--order', 'many'), { code: 2, stderr: /usage/ });
});
