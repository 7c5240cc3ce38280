import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import t from 'tap';
import { DiskSpace } from '../../src/platform/disk-space.ts';

const { bavail, bsize } = statfsSync(tmpdir());
const free = bavail * bsize;

t.test('what is reserved and what stays free are together no more than what is free', async (t) => {
  const disk = new DiskSpace(tmpdir(), Math.floor(free / 2));
  const first = disk.reserve();
  const second = disk.reserve();
  await first.growTo(free * 0.3);
  await t.rejects(second.growTo(free * 0.3), { code: 'disk-full', message: /MIN_FREE_DISK_BYTES/ });
  second.release();
  await first.growTo(free * 0.4);
  await first.growTo(free * 0.1);
  const third = disk.reserve();
  await t.rejects(third.growTo(free * 0.3), { code: 'disk-full' }, 'a reservation does not shrink');
  third.release();
  first.release();
  await disk.reserve().growTo(free * 0.3);
});

t.test('with no floor nothing is refused', async () => {
  await new DiskSpace(tmpdir(), 0).reserve().growTo(2 * free);
});
