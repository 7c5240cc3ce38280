#!/usr/bin/env node
/** The command `ngramd`: runs the service, prints the counts of a corpus file, or copies corpora between stores. */
import { parseArgs } from 'node:util';
import { NgramdError } from './errors.ts';
import { name, version } from './product.ts';

const usage = `${name} ${version}

  ngramd serve [--<setting> <value> …]            run the service
  ngramd export <corpus file> [--order <1-6|all>] print the n-grams of a corpus file with their counts
  ngramd copy <corpus> … [--from <store>] [--to <store>] [--as <name>]
                                                  copy corpora to another store: a store is a data folder or a file with
                                                  the settings of a service; without --from or --to, the environment's
  ngramd --help [serve]                           print this, or the settings of the service
  ngramd --version                                print the version
`;

process.exitCode = await main(process.argv.slice(2));

/** Runs a command and returns its exit code: 1 if it failed, 2 if the arguments are wrong. */
async function main(args: string[]): Promise<number> {
  // Node.js 20 cannot load SQLite's module: it ends without a message.
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    return fail(`ngramd needs Node.js 22.18 or later, and this is ${process.version}.`, 1);
  }
  const [command, ...rest] = args;
  const wantsHelp = args.some((arg) => arg === '--help' || arg === '-h' || arg === 'help');
  try {
    if (command === 'serve' || (wantsHelp && args.includes('serve'))) {
      const { serve, settingsHelp } = await import('./serve.ts');
      if (wantsHelp) return print(settingsHelp());
      return await serve(rest);
    }
    if (wantsHelp) return print(usage);
    if (command === '--version' || command === '-v') return print(`${version}\n`);
    if (command === 'export') {
      const { positionals, values } = parseArgs({
        args: rest,
        options: { order: { type: 'string', default: '1' } },
        allowPositionals: true,
      });
      if (positionals.length !== 1 || !/^([1-6]|all)$/.test(values.order)) return fail(usage, 2);
      const order = values.order === 'all' ? 'all' : Number(values.order);
      const { exportCounts } = await import('./export.ts');
      return await exportCounts(positionals[0], order);
    }
    if (command === 'copy') return await copy(rest);
  } catch (error) {
    if (error instanceof NgramdError) return fail(error.message, 1);
    if (!isUsageError(error)) throw error;
    return fail(`${error.message}\n\n${usage}`, 2);
  }
  return fail(command === undefined ? usage : `There is no command ${command}.\n\n${usage}`, 2);
}

async function copy(args: string[]): Promise<number> {
  const option = { type: 'string' as const };
  const options = { from: option, to: option, as: option };
  const { positionals: names, values } = parseArgs({ args, options, allowPositionals: true });
  const { from, to, as } = values;
  const hasSense =
    names.length > 0 && (from !== undefined || to !== undefined) && (as === undefined || names.length === 1);
  if (!hasSense) return fail(usage, 2);
  const { copyCorpora } = await import('./copy.ts');
  return copyCorpora({ names, from, to, as });
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message.trimEnd()}\n`);
  return code;
}
