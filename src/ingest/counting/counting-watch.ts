import { Worker, workerData } from 'node:worker_threads';
import type { CountingTask, WatchTask } from './counting-threads.ts';

const { tasks, module, resourceLimits, progress } = workerData as WatchTask;

for (const task of tasks) start(task);

/** Starts a counting thread. Who takes its slices waits, hears of no event, and is told here where the thread dies. */
function start(task: CountingTask): void {
  new Worker(new URL(module), { workerData: task, transferList: [task.port], resourceLimits })
    .on('error', tell)
    .on('exit', (code) => {
      if (code !== 0) tell();
    });
}

function tell(): void {
  Atomics.store(progress.died, 0, 1);
  Atomics.add(progress.sent, 0, 1);
  Atomics.notify(progress.sent, 0);
}
