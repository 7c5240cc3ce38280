import t from 'tap';
import { KeyedLock } from '../../src/ingest/keyed-lock.ts';

/** A task that goes on until the test ends it. */
function task() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

t.test('items that wait together have their turn together, in order, and each its own result', async (t) => {
  const lock = new KeyedLock();
  const batches: number[][] = [];
  const together = (item: number, most = 3) =>
    lock.runTogether(
      'key',
      item,
      async (items) => {
        batches.push([...items]);
        return items.map((item) => item * 10);
      },
      most,
    );
  t.equal(await together(0), 0, 'an item for which nothing is in the way does not wait');
  const first = task();
  const running = lock.run('key', first.run);
  const results = [1, 2, 3, 4].map((item) => together(item));
  const between = lock.run('key', async () => batches.push([]));
  const later = [5, 6].map((item) => together(item));
  t.equal(lock.waiting, 7);
  first.end();
  t.same(await Promise.all([...results, ...later]), [10, 20, 30, 40, 50, 60]);
  await Promise.all([running, between]);
  t.same(batches, [[0], [1, 2, 3], [4], [], [5, 6]]);
  t.equal(lock.waiting, 0);
  await lock.idle();
});

t.test(
  'what begins while a batch is at work is not part of it, and an error is that of all its items',
  async (t) => {
    const lock = new KeyedLock();
    const work = task();
    const batches: string[][] = [];
    const together = (item: string) =>
      lock.runTogether(
        'key',
        item,
        async (items: readonly string[]) => {
          batches.push([...items]);
          await work.run();
          if (items.includes('b')) throw new Error('no');
          return items;
        },
        9,
      );
    const results = ['a', 'b', 'c'].map(together);
    const outcomes = Promise.allSettled(results);
    t.same(batches, [['a']]);
    work.end();
    t.same(
      (await outcomes).map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    t.same(batches, [['a'], ['b', 'c']]);
    t.equal(await together('d'), 'd');
  },
);
