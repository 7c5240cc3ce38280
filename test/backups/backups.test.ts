import t from 'tap';
import { Backups } from '../../src/backups/backups.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { DiskSpace } from '../../src/platform/disk-space.ts';
import { MemoryStore } from '../store/memory-store.ts';

/** Backups of a store that makes none itself. */
function backupsElsewhere(schedule?: string): Backups {
  const parts = {
    store: new MemoryStore(),
    // Nothing changes.
    ingest: {} as Ingest,
    disk: new DiskSpace('.', 0),
    stage: <T>(_name: string, work: () => Promise<T>) => work(),
    onError: () => {},
  };
  return new Backups(parts, { schedule, keep: 7, maxCorpora: 10 });
}

t.test('a store that makes no backups itself says so, whatever is asked for', async (t) => {
  const backups = backupsElsewhere();
  const refused = { code: 'not-supported', message: /have backups of their own: .*docs\/cluster\.md/ };
  t.throws(() => backups.stored, refused);
  await t.rejects(async () => backups.create('book'), refused);
  await t.rejects(backups.createAll(['book'], 'request'), refused);
  const source = { corpus: 'book', backup: '1-20260101T000000000Z' };
  await t.rejects(backups.restore(source, { name: 'book', replace: true }), refused);
  t.same(await backups.lastTimes(), []);
  t.throws(() => backupsElsewhere('0 3 * * *'), refused, 'and refuses a schedule at the start');
});
