import { randomUUID } from 'node:crypto';
import type { SharedJobs } from '../../../src/store/store.ts';
import type { Register } from './support.ts';

const unlimited = Number.POSITIVE_INFINITY;

export function testJobs(test: Register): void {
  test('where jobs are shared, each process finds what another has written of them last', async (t, {
    store,
    again,
  }) => {
    if (store.jobs === undefined) {
      t.pass('they are not shared');
      return;
    }
    const [one, other] = [store.jobs, (await again()).jobs as SharedJobs];
    const [first, second] = [randomUUID(), randomUUID()];
    t.same(
      await one.write([
        { id: first, status: 'begun', hasEnded: false },
        { id: second, status: 'done', hasEnded: true },
      ]),
      [],
    );
    t.match(await other.find(first), { status: 'begun', isOrphaned: false });
    t.equal(await other.find(randomUUID()), undefined);
    const listed = await other.list(unlimited);
    t.match(listed, [{ status: 'done' }, { status: 'begun' }], 'the newest first');
    t.same(await other.list(listed[0].number), [listed[1]]);

    await other.requestCancel(first);
    t.same(await one.write([{ id: first, status: 'on', hasEnded: false }]), [first], 'it is to be cancelled');
    t.same(await one.write([{ id: first, status: 'cancelled', hasEnded: true }]), []);
    t.match(await other.list(unlimited), [{ status: 'done' }, { status: 'cancelled' }]);
    await other.forget({ max: 1, ttl: 60_000 });
    t.match(await one.list(unlimited), [{ status: 'done' }]);
  });
}
