/**
 * Loaded into a server in addition to its own code (`node --import`): on request, it reports the server's figures to the
 * parent process. The message `true` collects the garbage first. The message `turns` requests instead the longest turn of
 * the event loop since the last such message, in milliseconds of its thread's own processor time.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  let longest = 0;
  let before = 0;
  const look = () => {
    const { user, system } = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1000 - before);
    before = (user + system) / 1000;
  };
  let isLooking = false;
  process.on('message', async (collected) => {
    if (collected === 'turns') {
      if (process.threadCpuUsage === undefined) return process.send({});
      look();
      process.send({ turn: longest });
      if (!isLooking) setInterval(look, 1).unref();
      isLooking = true;
      longest = 0;
      return;
    }
    // Memory released by finalizers and callbacks is freed only in a later turn.
    for (let turn = 0; collected && turn < 3; turn++) {
      collect();
      await wait(20);
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ rss, heap: heapUsed, external, resources: process.getActiveResourcesInfo() });
  });
  process.channel?.unref();
  // Otherwise a server whose parent was killed would run forever.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
