import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { StoreBackups } from '../../src/store/store.ts';
import { createOf, openSqlite } from './sqlite.ts';

t.test('a backup that is deleted while it is being restored is not found, and nothing is left', async (t) => {
  const { store, folder } = await openSqlite(t);
  await createOf(store, 'name');
  const backups = store.backups as StoreBackups;
  const { name: backup } = await backups.create('name', { isScheduled: false, reserve: async () => {} });
  let isInTurn = false;
  const restored = backups.restore(
    { corpus: 'name', backup },
    {
      name: 'other',
      replace: false,
      maxCorpora: 9,
      reserve: () => backups.remove('name', backup),
      inTurn: (change) => {
        isInTurn = true;
        return change();
      },
    },
  );
  await t.rejects(restored, { code: 'backup-not-found' });
  t.notOk(isInTurn);
  t.same(await store.names(), ['name']);
  t.same(readdirSync(join(folder, 'tmp')), []);
});
