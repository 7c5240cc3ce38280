/**
 * Loaded into a server beside its own code (`node --import`): tells the parent process, when asked, what the server
 * takes. A message `true` has the garbage collected first. A message `turns` asks for the longest turn of the event loop
 * since it was asked for last instead, in milliseconds of its thread's processor time, which others do not take part in.
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
    // What finalizers and callbacks let go of is free only in a later turn.
    for (let turn = 0; collected && turn < 3; turn++) {
      collect();
      await wait(20);
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ rss, heap: heapUsed, external, resources: process.getActiveResourcesInfo() });
  });
  process.channel?.unref();
  // A server whose parent was killed would go on for good.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
