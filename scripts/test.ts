/**
 * Runs all tests, or the files given as arguments, and ends with `N passed, N failed, N skipped`: the assertions as tap
 * counts them, where a skipped test (or a todo) counts as one. The complete TAP output is written to
 * `.tap/results.tap`. The exit code is 1 if something failed or nothing ran.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, statSync, utimesSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Parser, type Result } from 'tap-parser';

const record = '.tap/results.tap';
const built = '.tap/plugins';
/** Written at the end of each install. */
const installed = 'node_modules/.package-lock.json';
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
mkdirSync('.tap', { recursive: true });

// tap builds itself for the plugins in .taprc on its first run after an install, but that run still uses the old build.
if (!existsSync(built) || statSync(built).mtimeMs < statSync(installed).mtimeMs) {
  await text(tap('build').stdout);
  mkdirSync(built, { recursive: true });
  utimesSync(built, new Date(), new Date());
}

const run = tap('run', '--reporter=tap', ...process.argv.slice(2));
run.stdout.pipe(createWriteStream(record));
const closed = once(run, 'close');
const { passed, failures, skipped } = await report(run.stdout);
const [exitCode] = await closed;

for (const failure of failures) {
  print(`\n${Parser.stringify([['assert', { ...failure, name: failure.fullname }]], {}).trimEnd()}`);
}
const failed = failures.length;
const ran = passed + failed > 0;
if (!ran) print('No test ran.');
if (exitCode !== 0 || failed > 0 || !ran) process.exitCode = 1;
print('');
for (const { fullname } of failures) print(`failed: ${fullname.slice(0, 300)}`);
print(`The complete output is in ${record}.\n${passed} passed, ${failed} failed, ${skipped} skipped`);

/** Starts a command of tap, with its messages on our standard error. */
function tap(...args: string[]): ChildProcessByStdio<null, Readable, null> {
  const command = fileURLToPath(new URL('../esm/run.mjs', import.meta.resolve('tap')));
  return spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Prints a line for each test file and for each skipped test as it ends, and counts the results. */
async function report(output: Readable): Promise<{ passed: number; failures: Result[]; skipped: number }> {
  let passed = 0;
  let skipped = 0;
  const failures: Result[] = [];
  const parser = new Parser();
  const skip = ({ fullname, skip, todo }: Result) => {
    skipped++;
    const reason = skip || todo;
    print(`skip  ${fullname}${reason === true ? '' : `: ${reason}`}`);
  };
  parser.on('pass', () => passed++);
  parser.on('fail', (failure: Result) => failures.push(failure));
  parser.on('skip', skip);
  parser.on('todo', skip);
  parser.on('assert', ({ ok, name, time }: Result) => {
    print(`${ok ? 'ok  ' : 'FAIL'}  ${name} (${((time ?? 0) / 1000).toFixed(1)} s)`);
  });
  for await (const chunk of output) parser.write(chunk);
  parser.end();
  return { passed, failures, skipped };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
