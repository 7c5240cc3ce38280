/**
 * `npm run fuzz`: fuzzes the built service, on an empty data folder, with every operation of the OpenAPI document that
 * it serves. FUZZ_REQUESTS (default 30,000) is the number of requests; FUZZ_SEED repeats a run. The exit code is 1 if
 * there are findings.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import { type Finding, fuzz, fuzzSettings, type Rest } from './fuzz.ts';

const { FUZZ_REQUESTS = '30000', FUZZ_SEED = String(Date.now() % 2 ** 31) } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'ngramd-fuzz-'));
const server = await ServerProcess.start(folder, 'built', fuzzSettings);
print(`Fuzzing ${server.address} with FUZZ_SEED=${FUZZ_SEED} FUZZ_REQUESTS=${FUZZ_REQUESTS}`);
const start = performance.now();
try {
  const { requests, statuses, findings, rests } = await fuzz(
    server,
    Number(FUZZ_REQUESTS),
    Number(FUZZ_SEED),
  );
  const seconds = (performance.now() - start) / 1000;
  print('\n| operation | answers by status |\n| --- | --- |');
  for (const [id, counts] of statuses) {
    const sorted = [...counts].sort(([a], [b]) => a - b);
    print(`| ${id} | ${sorted.map(([status, count]) => `${status}: ${count}`).join(', ')} |`);
  }
  print(
    '\n| after requests | heap, MB | external, MB | RSS, MB | descriptors: data, sockets, others | handles |',
  );
  print('| --- | --- | --- | --- | --- | --- |');
  rests.forEach(printRest);
  for (const finding of findings) printFinding(finding);
  if (findings.length > 0) print(`\nThe last lines of the server's output:\n${server.lastOutput}`);
  print(
    `\n${requests} requests in ${seconds.toFixed(0)} s, ${findings.length} findings (FUZZ_SEED=${FUZZ_SEED})`,
  );
  if (findings.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function printRest({ requests, heap, external, rss, descriptors, resources }: Rest): void {
  const bytes = [heap, external, rss].map((bytes) => (bytes / 1e6).toFixed(1)).join(' | ');
  const open = descriptors === undefined ? 'not known' : Object.values(descriptors).join(', ');
  print(`| ${requests} | ${bytes} | ${open} | ${resources} |`);
}

function printFinding({ of, kind, detail, replay, seen }: Finding): void {
  print(`\n${of}: ${kind} (seen ${seen} times)\n  ${detail}\n  ${replay.slice(0, 50_000)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
