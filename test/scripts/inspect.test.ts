import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { createCorpus } from '../ingest/stored-corpus.ts';
import { openSqlite, settings } from '../store/sqlite.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../scripts/inspect.ts', import.meta.url));

t.test('npm run inspect prints runs, blocks, levels and nodes of a corpus file', async (t) => {
  const { store, path } = await openSqlite(t);
  const { ref } = await createCorpus(store, ['b a b a b c c'], settings);
  const print = async (...args: string[]) =>
    (await run(process.execPath, [script, path(ref.name), ...args])).stdout.trimEnd().split('\n');

  t.same(await print('runs'), [
    'run 1 (added)  order 1: 1 blocks, 8 bytes, highest count 3',
    'run 1 (added)  order 2: 1 blocks, 15 bytes, highest count 2',
  ]);
  t.same(await print('blocks', '2'), [
    'block 0 of run 1, 7 bytes',
    '2\t"b" "a"\t[12]',
    '1\t"b" "c"\t[00]',
    '2\t"a" "b"\t[02 00 01]',
    '1\t"c" "c"\t[00 03]',
  ]);
  t.same(await print('blocks', '2', '--from', '1'), ['']);
  t.same(await print('level', '1'), [
    'order 1: 3 nodes in 3 places',
    '0  "b"  n=3 a=2  children 0–1 (2): total=3 once=1 twice=1',
    '1  "a"  n=2 a=1  children 2–2 (1): total=2 once=0 twice=1',
    '2  "c"  n=2 a=2  children 3–3 (1): total=1 once=1 twice=0',
  ]);
  t.same(await print('level', '2', '--from', '2', '--limit', '1'), [
    'order 2: 4 nodes in 4 places',
    '2  "b"  n=2',
  ]);
  t.same(await print('node', 'a'), [
    '1  "a"  n=2 a=1  children 2–2 (1): total=2 once=0 twice=1',
    '  2  "b"  n=2',
  ]);
  t.same(await print('node', 'a', 'c'), ['no node: "a" "c"']);
  await t.rejects(print('level', '3'), { code: 2, stderr: /up to order 2/ });
  await t.rejects(print('levels', '1'), { code: 2, stderr: /usage/ });
  await t.rejects(print('node'), { code: 2, stderr: /usage/ });
  await t.rejects(run(process.execPath, [script, 'no-such-file', 'runs']), {
    code: 1,
    stderr: 'There is no corpus file no-such-file.\n',
  });
});
