/**
 * `npm run stall`: sends each operation of the built service the largest requests that its limits allow, while it polls
 * `/healthz` and a small question, and prints how long these waited: first with the corpora's indexes in memory, then
 * without, from the files. STALL_MB (default 20) is the size of the text. The exit code is 1 if an operation of the
 * OpenAPI document has no such request, or an answer has an unexpected status.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import { corpora, readRequests, type StallSizes, writeRequests } from './requests.ts';
import { fill, type Stall, stall, stallSettings, uncovered } from './stall.ts';

const megabytes = Number(process.env.STALL_MB ?? 20);
const only = process.argv.slice(2);
const sizes: StallSizes = {
  textBytes: megabytes * 1e6,
  wordsInW: megabytes * 16_000,
  smallCorpora: 1000,
  bodyBytes: 16_000_000,
  items: 10_000,
  pageTokens: 2 ** 20,
  longToken: 20_000,
};
const folder = mkdtempSync(join(tmpdir(), 'ngramd-stall-'));
let server = await ServerProcess.start(folder, 'built', stallSettings);
try {
  print(
    `${cpus()[0]?.model}, ${availableParallelism()} threads; Node.js ${process.version}; ${megabytes} MB of text`,
  );
  const missing = await uncovered(server);
  if (missing.length > 0) {
    print(`Operations without a request: ${missing.join(', ')}`);
    process.exitCode = 1;
  }
  await fill(server, sizes);
  await index(corpora.words);
  await index(corpora.deep);
  header('with indexes in memory');
  await stall(server, sizes, chosen(readRequests), show);
  await stall(server, sizes, chosen(writeRequests), show);
  await server.stop();
  server = await ServerProcess.start(folder, 'built', { ...stallSettings, INDEX_MEMORY_BYTES: '0' });
  header('without indexes in memory');
  const fromFiles = [
    'getProbability',
    'getProbabilities',
    'getContinuations',
    'listNGrams',
    'getBatches',
    'scoreTexts',
    'generateText',
  ];
  await stall(
    server,
    sizes,
    Object.fromEntries(Object.entries(chosen(readRequests)).filter(([id]) => fromFiles.includes(id))),
    show,
  );
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** All operations, or those named on the command line. */
function chosen(operations: typeof readRequests): typeof readRequests {
  return Object.fromEntries(
    Object.entries(operations).filter(([id]) => only.length === 0 || only.includes(id)),
  );
}

/** Waits for the index of a corpus. */
async function index(corpus: string): Promise<void> {
  const path = `${server.address}/v1/corpora/${corpus}/probability?word=a&estimator=kneser-ney`;
  for (let status = 503; status === 503; ) ({ status } = await fetch(path));
}

function header(how: string): void {
  print(
    `\n| operation, ${how} | request | status | response time, ms | /healthz, ms | small question, ms | longest turn, ms |`,
  );
  print('| --- | --- | --- | --- | --- | --- | --- |');
}

function show({ operation, what, status, expected, duration, health, question, turn }: Stall): void {
  const times = [duration, health, question, turn].map((time) => time?.toFixed(0) ?? '');
  const isExpected = expected.includes(status);
  print(
    `| ${operation} | ${what} | ${status}${isExpected ? '' : ` instead of ${expected.join(' or ')}`} | ${times.join(' | ')} |`,
  );
  if (!isExpected) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
