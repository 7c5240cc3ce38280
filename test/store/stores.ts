import type { Test } from 'tap';
import type { Store } from '../../src/store/store.ts';
import { MemoryStore } from './memory-store.ts';
import { openSqlite } from './sqlite.ts';

/** Each kind of store, empty until something is put into it. */
export const kindsOfStores: Record<string, (t: Test) => Promise<Store>> = {
  'in memory': async () => new MemoryStore(),
  'in SQLite': async (t) => (await openSqlite(t)).store,
};
