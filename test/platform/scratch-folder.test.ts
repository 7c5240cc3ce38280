import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ScratchFolder, scratchPath } from '../../src/platform/scratch-folder.ts';
import { temporaryFolder } from '../http/harness.ts';

t.test('a sweep deletes the temporary files of processes that are gone, and no others', async (t) => {
  const folder = temporaryFolder(t);
  const gone = new ScratchFolder(folder);
  const alive = new ScratchFolder(folder);
  const left = gone.path();
  const inUse = alive.path();
  const ofThread = scratchPath(alive.prefix);
  // A process id says nothing: it may be another's by now, or of another container.
  const old = join(folder, 'tmp', `${process.pid}-0b8e3a52-6e0c-4b5f-9a58-0f6e2c8f9d11`);
  for (const path of [left, inUse, `${inUse}.0`, ofThread, old]) writeFileSync(path, '');
  alive.sweep();
  t.ok(existsSync(left), 'while its owner is there');
  await gone.close();
  alive.sweep();
  t.same(readdirSync(join(folder, 'tmp')).length, 3);
  t.ok(existsSync(inUse) && existsSync(`${inUse}.0`) && existsSync(ofThread));
  t.equal(
    readdirSync(join(folder, 'locks')).length,
    2,
    'the lock of names, and that of the process that is alive',
  );
  await alive.close();
});

t.test('no two temporary paths are the same', async (t) => {
  const scratch = new ScratchFolder(temporaryFolder(t));
  t.equal(new Set(Array.from({ length: 100 }, () => scratch.path())).size, 100);
  await scratch.close();
});
