/**
 * `npm test [-- files]`: runs the tests with tap, prints a line for each file and every failure whole, and closes with
 * `N passed, N failed, N skipped`. The full TAP is kept in .tap/results.tap.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { Parser } from 'tap-parser';

const tap = ['node_modules/tap/dist/esm/run.mjs'];
const counts = { passed: 0, failed: 0, skipped: 0 };

buildTap();
const run = spawn(process.execPath, [...tap, '--reporter=tap', ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const parser = new Parser();
watch(parser, []);
run.stdout.pipe(parser);
run.stdout.pipe(createWriteStream('.tap/results.tap'));
const status = await new Promise((resolve) => run.on('close', resolve));
const executed = counts.passed + counts.failed;
if (executed === 0) console.log('no test was run');
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = status === 0 && counts.failed === 0 && executed > 0 ? 0 : 1;

/**
 * Builds tap for the plugins in .taprc: tap itself does so only after it has begun a run, whose first test then fails.
 */
function buildTap() {
  if (existsSync('.tap/plugins')) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...tap, 'build'], { encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${stdout}${stderr}`);
  process.exit(1);
}

/** Counts the test points of a parser and its children, and prints what a person wants to see. */
function watch(parser, path) {
  let child;
  parser.on('child', (begun) => {
    const before = { ...counts };
    child = { before };
    watch(begun, [...path, begun.name]);
  });
  parser.on('assert', (result) => {
    const { ok, skip, name, time, diag } = result;
    const counted = child !== undefined && !isSame(child.before, counts);
    const failedInside = child !== undefined && counts.failed > child.before.failed;
    child = undefined;
    if (path.length === 0)
      console.log(`${ok ? 'ok' : 'NOT OK'} ${name}${time ? ` (${Math.round(time)} ms)` : ''}`);
    if (skip) {
      counts.skipped++;
      console.log(`  skipped: ${[...path, name].join(' > ')}${typeof skip === 'string' ? ` (${skip})` : ''}`);
    } else if (ok) {
      if (!counted) counts.passed++;
    } else if (!failedInside) {
      counts.failed++;
      console.log(`  FAILED: ${[...path, name].join(' > ')}\n${indented(diag)}`);
    }
  });
}

function isSame(a, b) {
  return a.passed === b.passed && a.failed === b.failed && a.skipped === b.skipped;
}

function indented(diagnostics) {
  return JSON.stringify(diagnostics ?? {}, null, 2)
    .replaceAll('\\n', '\n')
    .replace(/^/gm, '    ');
}
