import { setImmediate, setTimeout } from 'node:timers/promises';
import t from 'tap';
import { mapInOrder } from '../../src/platform/map-in-order.ts';

t.test(
  'results are yielded in the order of the items, several of which are mapped concurrently',
  async (t) => {
    let busy = 0;
    let most = 0;
    const items = async function* () {
      for (let i = 0; i < 20; i++) yield i;
    };
    const results: number[] = [];
    const mapped = mapInOrder(items(), 3, async (item) => {
      most = Math.max(most, ++busy);
      await setTimeout((item * 7) % 5);
      busy--;
      return item;
    });
    for await (const result of mapped) results.push(result);
    t.same(
      results,
      Array.from({ length: 20 }, (_, i) => i),
    );
    t.equal(most, 3);
  },
);

t.test('only a few items are read ahead of the results that are read', async (t) => {
  let taken = 0;
  const items = async function* () {
    for (; taken < 1000; taken++) yield taken;
  };
  const results = mapInOrder(items(), 2, async (item) => item);
  t.equal((await results.next()).value, 0);
  for (let i = 0; i < 1000; i++) await setImmediate();
  t.ok(taken < 10, `${taken} were read`);
});

t.test('an error of the mapping is thrown to the reader of the results', async (t) => {
  const items = async function* () {
    yield 1;
  };
  const results = mapInOrder(items(), 2, async () => {
    throw new Error('broken');
  });
  await t.rejects(results.next(), { message: 'broken' });
});
