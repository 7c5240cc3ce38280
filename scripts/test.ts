/**
 * Runs all tests, or the files given as arguments, and ends with `N passed, N failed, N skipped`: the assertions as tap
 * counts them, where a skipped test (or a todo) counts as one. The complete TAP output is written to
 * `.tap/results.tap`. The exit code is 1 if something failed or nothing ran.
 *
 * With `CI` in the environment, up to three files that fail are run once more when all others have ended. What fails
 * only once is printed as `flaky`, and counts as neither passed nor failed.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, statSync, utimesSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Parser, type Result } from 'tap-parser';

const record = '.tap/results.tap';
/** The number of failed files that are run once more: more of them are no accident. */
const maxRepeated = process.env.CI ? 3 : 0;
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

/** What a run of tap reported. */
interface Report {
  passed: number;
  failures: Result[];
  skipped: number;
  /** The files that failed. */
  failedFiles: string[];
  isGreen: boolean;
}

const output = createWriteStream(record);
const all = await run(process.argv.slice(2));
const isRepeated = all.failedFiles.length > 0 && all.failedFiles.length <= maxRepeated;
if (isRepeated) print('\nOnce more:');
const repeated = isRepeated ? await run(all.failedFiles) : undefined;
output.end();

const { passed, skipped } = all;
const { failures } = repeated ?? all;
const failed = failures.length;
for (const failure of all.failures.concat(repeated?.failures ?? [])) {
  print(`\n${Parser.stringify([['assert', { ...failure, name: failure.fullname }]], {}).trimEnd()}`);
}
const ran = passed + failed > 0;
if (!ran) print('No test ran.');
if (!ran || !(repeated ?? all).isGreen) process.exitCode = 1;
print('');
const names = new Set(failures.map(({ fullname }) => fullname));
for (const { fullname } of all.failures) {
  if (!names.has(fullname)) print(`flaky: ${fullname.slice(0, 300)}`);
}
for (const name of names) print(`failed: ${name.slice(0, 300)}`);
print(`The complete output is in ${record}.\n${passed} passed, ${failed} failed, ${skipped} skipped`);

/** Starts a command of tap, with its messages on our standard error. */
function tap(...args: string[]): ChildProcessByStdio<null, Readable, null> {
  const command = fileURLToPath(new URL('../esm/run.mjs', import.meta.resolve('tap')));
  return spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs test files, and prints a line for each and for each skipped test as it ends. Without arguments, all are run. */
async function run(files: string[]): Promise<Report> {
  const child = tap('run', '--reporter=tap', ...files);
  const closed = once(child, 'close');
  const report: Report = { passed: 0, failures: [], skipped: 0, failedFiles: [], isGreen: false };
  const parser = new Parser();
  const skip = ({ fullname, skip, todo }: Result) => {
    report.skipped++;
    const reason = skip || todo;
    print(`skip  ${fullname}${reason === true ? '' : `: ${reason}`}`);
  };
  parser.on('pass', () => report.passed++);
  parser.on('fail', (failure: Result) => report.failures.push(failure));
  parser.on('skip', skip);
  parser.on('todo', skip);
  parser.on('assert', ({ ok, name, time }: Result) => {
    print(`${ok ? 'ok  ' : 'FAIL'}  ${name} (${((time ?? 0) / 1000).toFixed(1)} s)`);
    if (!ok) report.failedFiles.push(name);
  });
  for await (const chunk of child.stdout) {
    output.write(chunk);
    parser.write(chunk);
  }
  parser.end();
  const [exitCode] = await closed;
  report.isGreen = exitCode === 0 && report.failures.length === 0;
  return report;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
