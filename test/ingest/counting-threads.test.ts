import t from 'tap';
import { CountingThreads } from '../../src/ingest/counting/counting-threads.ts';
import { noToken, sharedArray, sliceText } from '../../src/ingest/counting/sliced-text.ts';

for (const [how, module] of [
  ['exit without a word', 'process.exit(1)'],
  ['throw when they start', 'throw new Error("no")'],
]) {
  t.test(`threads that ${how} end the counting, and nobody waits for them`, async (t) => {
    const ranks = sharedArray(4);
    ranks.set([0, 1, 0, 2]);
    const idOf = Uint32Array.of(3, 7, noToken);
    const text = sliceText({ order: 2, ranks, sentinel: 2, idOf, counted: 4 }, 1);
    const url = new URL(`data:text/javascript,${module}`);
    const threads = new CountingThreads(text, 128, url);
    const counted = (async () => {
      for await (const slice of threads) t.fail(`${slice}`);
    })();
    await t.rejects(counted, { code: 'unavailable', message: /has died/ });
    await threads.close();
  });
}
