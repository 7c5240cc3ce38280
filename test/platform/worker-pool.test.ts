import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { WorkerPool } from '../../src/platform/worker-pool.ts';

t.test('the event loop of a thread turns between its tasks, so that native objects are freed', async (t) => {
  const pool = new WorkerPool(
    new URL('./turning-thread.ts', import.meta.url),
    { maxThreads: 1, idleTimeout: 60_000 },
    (error) => t.error(error),
  );
  t.teardown(() => pool.close());
  t.equal(await pool.run('turn', undefined), 0);
  for (let tasks = 1; (await pool.run<number>('turn', undefined)) < 2; tasks++) {
    t.ok(tasks < 1000, 'it turns');
    await setTimeout(10);
  }
});
