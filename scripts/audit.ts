/**
 * `npm run audit`: fails if npm reports a vulnerability of severity high or above in a production dependency, or a
 * package whose signature does not match its registry. If the registry does not answer such requests, as mirrors may,
 * its answer is printed and nothing fails.
 */
import { spawnSync } from 'node:child_process';

const levels = ['high', 'critical'];

interface Vulnerability {
  name: string;
  severity: string;
  range: string;
  via: (string | { title: string; url: string })[];
}

const audit = npmAudit('--omit=dev');
if (audit.vulnerabilities === undefined) {
  print(`Vulnerabilities: not checked, because the registry does not answer: ${reasonOf(audit)}`);
} else {
  const found = Object.values(audit.vulnerabilities as Record<string, Vulnerability>);
  const severe = found.filter(({ severity }) => levels.includes(severity));
  print(`Vulnerabilities: ${severe.length} of severity ${levels.join(' or ')}, ${found.length} in all.`);
  for (const { name, range, severity, via } of found) {
    const reasons = via.map((reason) =>
      typeof reason === 'string' ? reason : `${reason.title} ${reason.url}`,
    );
    print(`  ${name} ${range} (${severity}): ${reasons.join('; ')}`);
  }
  if (severe.length > 0) process.exitCode = 1;
}

const signatures = npmAudit('signatures');
if (signatures.invalid === undefined) {
  print(`Signatures: not checked, because the registry does not answer: ${reasonOf(signatures)}`);
} else {
  const { invalid, missing } = signatures as Record<
    'invalid' | 'missing',
    { name: string; version: string }[]
  >;
  print(`Signatures: ${invalid.length} invalid, ${missing.length} missing.`);
  for (const { name, version } of [...invalid, ...missing]) print(`  ${name} ${version}`);
  if (invalid.length > 0) process.exitCode = 1;
}

/** The answer of `npm audit` as JSON, or else npm's output as `message`. */
function npmAudit(...args: string[]): Record<string, unknown> {
  const { stdout, stderr } = spawnSync('npm', ['audit', ...args, '--json'], { encoding: 'utf8' });
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: stderr || stdout };
  }
}

function reasonOf({ error, message }: Record<string, unknown>): string {
  const { summary, code } = (error ?? {}) as { summary?: string; code?: string };
  return String(message || summary || code || 'no reason')
    .trim()
    .split('\n')[0];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
