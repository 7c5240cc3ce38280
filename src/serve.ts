import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { type Config, loadConfig, settings } from './config.ts';
import { addressesOf, listenAt } from './http/listen.ts';
import { version } from './product.ts';
import { firstSample } from './samples.ts';

/** The settings by their flags. A key on a command line could be read by everyone on the machine. */
const flags = new Map(
  settings
    .filter(({ name }) => name !== 'API_KEYS')
    .map((setting) => [setting.name.toLowerCase().replaceAll('_', '-'), setting]),
);

/** The settings of the service, with their flags and defaults, for people. */
export function settingsHelp(): string {
  const lines = [...flags].map(([flag, { name, description, default: value }]) => {
    const shown = value === undefined ? '' : ` (${value})`;
    return `  --${flag.padEnd(28)} ${name}\n      ${description}${shown}`;
  });
  return `ngramd serve [--<setting> <value> …]

Each setting is a flag or an environment variable; the flag wins. API_KEYS is an environment variable only. Everyone on
the machine can read command lines: set URLs with passwords as environment variables.

${lines.join('\n')}
`;
}

/** Runs the service until it is stopped by a signal. Returns the exit code 1 if it cannot start. */
export async function serve(args: string[]): Promise<number> {
  const environment = { ...process.env, ...flagsOf(args) };
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    return fail(`ngramd cannot start, a setting is invalid: ${(error as Error).message}`);
  }
  // Worker threads and child processes get a copy of the environment, which need not contain keys and passwords.
  for (const name of ['API_KEYS', 'POSTGRES_URL', 'CLICKHOUSE_URL']) delete process.env[name];
  const app = await buildApp(config, pino({ level: config.LOG_LEVEL }));
  let address: string;
  try {
    address = await listenAt(app, await addressesOf(config.HOST), config.PORT);
  } catch (error) {
    await app.close();
    return fail(`ngramd cannot start: ${whyNotListening(error as NodeJS.ErrnoException, config)}`);
  }
  const delay = config.SHUTDOWN_DELAY_MS + config.SHUTDOWN_TIMEOUT_MS;
  closeWithGrace({ delay }, async ({ signal, err }) => {
    if (err) app.log.fatal(err);
    else app.log.info(`${signal}: finishing the work in progress`);
    await app.close();
  });
  if (process.stderr.isTTY) process.stderr.write(welcome(address, config));
  return 0;
}

function flagsOf(args: string[]): Record<string, string> {
  const options = Object.fromEntries([...flags.keys()].map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  return Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [flags.get(flag)?.name as string, value as string]),
  );
}

function whyNotListening(error: NodeJS.ErrnoException, { HOST, PORT }: Config): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${PORT} of ${HOST} is in use. Stop the other program, or choose another port with --port or PORT.`;
  }
  if (error.code === 'EACCES') return `port ${PORT} may not be opened by this user; ports from 1024 on may.`;
  if (error.code === 'EADDRNOTAVAIL') return `${HOST} is not an address of this machine.`;
  if (error.code === 'ENOTFOUND') return `the address of ${HOST} cannot be found.`;
  return error.message;
}

function welcome(address: string, config: Config): string {
  const withKey = config.API_KEYS.length > 0 ? ' -H "X-API-Key: $KEY"' : '';
  return `
ngramd ${version} is ready.
  API         ${address}/v1/corpora
  Swagger UI  ${address}/docs
  data        ${resolve(config.DATA_DIR)}

Try:
  curl${withKey} -X POST ${address}/v1/samples/${firstSample}
  curl${withKey} '${address}/v1/corpora/${firstSample}/continuations?context=of+the'
  curl${withKey} -T book.txt ${address}/v1/corpora/book

`;
}

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
