/**
 * Loaded into a server beside its own code (`node --import`): tells the parent process, when asked, what the server
 * takes. A message `true` has the garbage collected first.
 */
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('message', async (collected) => {
    // What finalizers and callbacks let go of is free only in a later turn.
    for (let turn = 0; collected && turn < 3; turn++) {
      collect();
      await setTimeout(20);
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ rss, heap: heapUsed, external, resources: process.getActiveResourcesInfo() });
  });
  process.channel?.unref();
  // A server whose parent was killed would go on for good.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
