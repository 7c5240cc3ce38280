/** Full disks of servers: small file systems in memory, which the user may have to be root to mount. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Server } from '../../scripts/cluster/server.ts';
import { startService, temporaryFolder } from '../http/harness.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' });

/** Why the tests are skipped where nothing can be mounted. */
function skipWithoutMount(t: Test): string | undefined {
  const folder = temporaryFolder(t);
  try {
    run('mount', '-t', 'tmpfs', 'tmpfs', folder);
    run('umount', folder);
    return undefined;
  } catch {
    return 'file systems cannot be mounted here';
  }
}

/** Puts a folder of a server that is not running, with all that is in it, on a file system of some megabytes. */
function shrink(t: Test, folder: string, megabytes: number): void {
  const { uid, gid, mode } = statSync(folder);
  const copy = join(temporaryFolder(t), 'copy');
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  const permissions = (mode & 0o777).toString(8);
  run(
    'mount',
    '-t',
    'tmpfs',
    '-o',
    `size=${megabytes}m,uid=${uid},gid=${gid},mode=${permissions}`,
    'tmpfs',
    folder,
  );
  cpSync(copy, folder, { recursive: true, preserveTimestamps: true });
  run('chown', '-R', `${uid}:${gid}`, folder);
}

/** Fills the disk of a folder to the last byte, and returns what gives the room back. */
function fill(folder: string): () => void {
  const file = join(folder, 'nothing-but-zeros');
  try {
    for (let size = 1 << 20; ; ) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
  return () => rmSync(file);
}

t.setTimeout(900_000);

t.test(
  'a disk of a server is full: nothing is lost, and all goes on when it has room',
  skipWithoutCluster,
  async (t) => {
    const reason = skipWithoutMount(t);
    if (reason !== undefined) {
      t.comment(reason);
      return;
    }
    const folders: Record<string, string> = {};
    const cluster = await startCluster(t, { shards: 1, replicas: 1 }, ({ clickhouse, postgres }) => {
      const folderOf = ({ folder }: Server, ...names: string[]) => join(folder, ...names);
      folders.ClickHouse = folderOf(clickhouse[0], 'data');
      folders.PostgreSQL = folderOf(postgres, 'data', 'base');
      for (const [name, folder] of Object.entries(folders))
        shrink(t, folder, name === 'ClickHouse' ? 200 : 100);
    });
    // Before the cluster deletes its folder.
    t.teardown(() => Object.values(folders).map((folder) => run('umount', '--lazy', folder)));
    const { api } = await startService(t, await cluster.freshSettings());
    const text = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word}${i}`).join(' ');
    const upload = (path: string, word: string) => api.put(path).type('text/plain').send(text(word));
    await upload('/v1/corpora/book?tokenizer=whitespace', 'a').expect(201);
    const summary = async () => (await api.get('/v1/corpora/book').expect(200)).body;
    let before = await summary();
    for (const [name, folder] of Object.entries(folders)) {
      const giveBack = fill(folder);
      const refused = await upload(`/v1/corpora/book/documents/${name}`, name);
      t.match(
        refused,
        {
          status: 507,
          body: { type: '/problems#disk-full', detail: new RegExp(`${name} server.* full; nothing`) },
        },
        name,
      );
      t.same(await summary(), before, 'what there was is answered');
      giveBack();
      await upload(`/v1/corpora/book/documents/${name}`, name).expect(201);
      const after = await summary();
      t.match(after, { documents: before.documents + 1, tokens: before.tokens + 20_000 });
      before = after;
    }
  },
);
