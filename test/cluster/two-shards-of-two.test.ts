import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import type { CorpusChange } from '../../src/store/store.ts';
import { addressOf, openCluster } from '../store/cluster/open.ts';
import { contentOf, create, lines } from '../store/contract/support.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { addTexts, takeBack } from '../store/texts.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

t.setTimeout(900_000);

t.test(
  'with one replica of each of two shards down, everything goes on, whichever they are',
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 2, replicas: 2 });
    const address = await addressOf(cluster);
    const store = await openCluster(t, address);
    const oracle = new MemoryStore();
    const stores = [store, oracle];
    const change = (work: (change: CorpusChange) => Promise<unknown>) =>
      Promise.all(stores.map(async (store) => (await store.open('book')).change(work)));
    const words = Array.from({ length: 40 }, (_, i) => `w${(i * i) % 17}`);
    await Promise.all(stores.map((store) => create(store, 'book', lines, [[words, ['x', 'y']]])));
    const [a1, a2, b1, b2] = cluster.clickhouse;
    for (const [i, victims] of [
      [a1, b2],
      [a2, b1],
    ].entries()) {
      const theirs = address.clickhouse.filter((url) =>
        victims.some(({ port }) => url.includes(`:${port}/`)),
      );
      for (const victim of victims) await victim.kill();
      await change((change) => addTexts(change, [[[...words, `z${i}`]], [['x', 'y', 'x']]]));
      await change((change) => takeBack(change, String(2 * i + 1)));
      const [found, expected] = await Promise.all(
        stores.map(async (store) => contentOf(await store.open('book'))),
      );
      t.same(found, expected);
      t.match(await store.probe(), /does not answer/);
      for (const victim of victims) await victim.start();
      await (await store.open('book')).maintain();
      // The others are killed next: until then these must have everything.
      const back = await openCluster(t, { ...address, clickhouse: theirs });
      const hasAll = async () => contentOf(await back.open('book')).catch(() => undefined);
      while ((await hasAll()) === undefined) await setTimeout(100);
    }
  },
);
