/**
 * `npm run soak`: clients write to the built service and read from it, on an empty data folder, for SOAK_SECONDS
 * (default 600), and every answer is checked against brute force. The exit code is 1 if an answer was wrong, a request
 * failed or memory kept growing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import { memoryTrend } from './memory.ts';
import { type Sample, soak } from './soak.ts';

const seconds = Number(process.env.SOAK_SECONDS ?? 600);
const folder = mkdtempSync(join(tmpdir(), 'ngramd-soak-'));
const server = await ServerProcess.start(folder, 'built');
print(`Soaking ${server.address} for SOAK_SECONDS=${seconds}`);
try {
  const { kinds, busy, absent, errors, wrong, samples } = await soak(server, seconds);
  print('\n| kind of request | requests |\n| --- | --- |');
  for (const [kind, requests] of [...kinds].sort()) print(`| ${kind} | ${requests} |`);
  print('\n| second | RSS, MB | heap, MB | external, MB | descriptors: data, sockets, others |');
  print('| --- | --- | --- | --- | --- |');
  for (let i = 0; i <= 10; i++) printSample(samples[Math.round((i / 10) * (samples.length - 1))]);
  for (const fault of [...wrong, ...errors].slice(0, 20)) print(`\n${fault}`);
  const { growth, allowed } = memoryTrend(samples);
  const all = [...kinds.values()].reduce((a, b) => a + b, 0);
  print(`\n${all} requests in ${seconds} s: ${wrong.length} wrong answers, ${errors.length} errors;`);
  print(`${busy} were answered that the server was busy, ${absent} that a corpus was being replaced.`);
  const [start, middle, end] = [samples[0], samples[samples.length >> 1], samples.at(-1) as Sample];
  print(
    `RSS ${megabytes(start.rss)} MB at the start, ${megabytes(middle.rss)} in the middle, ${megabytes(end.rss)} at the end;`,
  );
  print(
    `its trend in the second half is ${megabytes(growth)} MB; up to ${megabytes(allowed)} MB are allowed.`,
  );
  if (wrong.length + errors.length > 0 || growth > allowed) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function printSample({ seconds, rss, heap, external, descriptors }: Sample): void {
  const bytes = [rss, heap, external].map(megabytes).join(' | ');
  const open = descriptors === undefined ? 'not known' : Object.values(descriptors).join(', ');
  print(`| ${seconds.toFixed(0)} | ${bytes} | ${open} |`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
