/**
 * Runs the tests, all of them or the files given as arguments, and closes with `N passed, N failed, N skipped`:
 * the test points as tap counts them, a skipped test (or one still to be written) as one. The whole TAP output
 * is kept in `.tap/results.tap`. The exit code is 1 where something failed and where nothing ran.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { t } from 'tap';
import { Parser, type Result } from 'tap-parser';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const record = '.tap/results.tap';
process.chdir(root);
mkdirSync('.tap', { recursive: true });

// tap builds its plugins anew when .taprc asks for others, but the run that does so still loads the old ones.
const plugins = await text(tap('plugin', 'list').stdout);
if (plugins.trim() !== t.pluginSignature) await text(tap('build').stdout);

const run = tap('run', '--reporter=tap', ...process.argv.slice(2));
run.stdout.pipe(createWriteStream(record));
const closed = once(run, 'close');
const { tally, failures } = await report(run.stdout);
const [exitCode] = await closed;

for (const failure of failures) {
  print(`\n${Parser.stringify([['assert', { ...failure, name: failure.fullname }]], {}).trimEnd()}`);
}
const ran = tally.passed + tally.failed;
if (ran === 0) print('\nNo test ran.');
if (exitCode !== 0 || ran === 0 || tally.failed > 0) process.exitCode = 1;
print(`\nThe whole output is in ${record}.\n${summary(tally)}`);

/** Starts a command of tap; its messages go where ours go. */
function tap(...args: string[]): ChildProcessByStdio<null, Readable, null> {
  const command = fileURLToPath(new URL('run.mjs', import.meta.resolve('tap')));
  return spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Prints a line for each test file as it ends; resolves to the sum of all files and their failed test points. */
async function report(output: Readable): Promise<{ tally: Tally; failures: Result[] }> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const failures: Result[] = [];
  let before = { ...tally };
  const parser = new Parser();
  parser.on('pass', () => tally.passed++);
  parser.on('skip', () => tally.skipped++);
  parser.on('todo', () => tally.skipped++);
  parser.on('fail', (failure: Result) => {
    tally.failed++;
    failures.push(failure);
  });
  parser.on('assert', (file: Result) => {
    const ofFile = {
      passed: tally.passed - before.passed,
      failed: tally.failed - before.failed,
      skipped: tally.skipped - before.skipped,
    };
    before = { ...tally };
    const seconds = ((file.time ?? 0) / 1000).toFixed(1);
    print(`${file.ok ? '  ok' : 'FAIL'}  ${file.name}: ${summary(ofFile)} (${seconds} s)`);
  });
  for await (const chunk of output) parser.write(chunk);
  parser.end();
  return { tally, failures };
}

function summary({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
