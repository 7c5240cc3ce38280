/**
 * Runs in a thread of its own: requests addresses repeatedly, and reports the longest response time of each since its last
 * report. Any message makes it report, once the requests in progress have been answered.
 */
import { Agent, get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const agent = new Agent({ keepAlive: true });
const longest = workerData.addresses.map(() => 0);
/** When the requests in progress were sent. */
const asked = workerData.addresses.map(() => 0);

function ask(address) {
  return new Promise((resolve, reject) => {
    get(address, { agent }, (response) => {
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${address}: ${response.statusCode}`)),
      );
      response.on('error', reject);
      response.resume();
    }).on('error', reject);
  });
}

async function watch(i) {
  for (;;) {
    asked[i] = performance.now();
    await ask(workerData.addresses[i]);
    longest[i] = Math.max(longest[i], performance.now() - asked[i]);
    await setTimeout(2);
  }
}

for (const i of workerData.addresses.keys()) void watch(i);
parentPort.on('message', async () => {
  const now = performance.now();
  while (asked.some((time) => time < now)) await setTimeout(2);
  parentPort.postMessage(longest.map((wait) => wait));
  longest.fill(0);
});
