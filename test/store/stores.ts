import type { Test } from 'tap';
import { ScratchFolder } from '../../src/platform/scratch-folder.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { MemoryStore } from './memory-store.ts';

/** Opens the SQLite store of a folder until the test ends. */
export async function openSqliteStore(t: Test, folder: string): Promise<Store> {
  const scratch = new ScratchFolder(folder);
  const store = await openStore({ engine: 'sqlite', folder, scratch: scratch.prefix });
  t.teardown(async () => {
    await store.close();
    await scratch.close();
  });
  return store;
}

/** Each kind of store, empty until something is put into it. */
export const kindsOfStores: Record<string, (t: Test) => Promise<Store>> = {
  'in memory': async () => new MemoryStore(),
  'in SQLite': (t) => openSqliteStore(t, temporaryFolder(t)),
};
