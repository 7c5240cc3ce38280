import t from 'tap';
import { temporaryFolder } from '../http/harness.ts';
import { ServerProcess } from './server-process.ts';
import { readRequests, type StallSizes, writeRequests } from './stall/requests.ts';
import { fill, type Stall, stall, stallSettings, uncovered } from './stall/stall.ts';

/** Small sizes, to be quick; `npm run stall` measures with real ones. */
const sizes: StallSizes = {
  textBytes: 60_000,
  wordsInW: 3000,
  smallCorpora: 20,
  bodyBytes: 40_000,
  items: 50,
  pageTokens: 2 ** 12,
  longToken: 100,
};

t.setTimeout(600_000);

t.test('every operation has its largest requests, and each gets an expected status', async (t) => {
  const server = await ServerProcess.start(temporaryFolder(t), 'sources', stallSettings);
  t.teardown(() => server.stop());
  t.same(await uncovered(server), []);
  await fill(server, sizes);
  const stalls: Stall[] = [];
  await stall(server, sizes, readRequests, (found) => stalls.push(found));
  await stall(server, sizes, writeRequests, (found) => stalls.push(found));
  for (const { operation, what, status, expected } of stalls) {
    t.ok(expected.includes(status), `${operation} ${what}: ${status}`);
  }
});

t.test('queries get an expected status without indexes in memory too', async (t) => {
  const server = await ServerProcess.start(temporaryFolder(t), 'sources', {
    ...stallSettings,
    INDEX_MEMORY_BYTES: '0',
  });
  t.teardown(() => server.stop());
  await fill(server, sizes);
  const { getProbability, getProbabilities, getContinuations, listNGrams, getBatches } = readRequests;
  const counted = { getProbability, getProbabilities, getContinuations, listNGrams, getBatches };
  await stall(server, sizes, counted, ({ operation, what, status, expected }) => {
    t.ok(expected.includes(status), `${operation} ${what}: ${status}`);
  });
});
