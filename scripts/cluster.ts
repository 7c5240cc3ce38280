/** `npm run cluster`: starts a throw-away cluster and prints how to use it; `usage` lists the options. */
import { parseArgs } from 'node:util';
import { Cluster, type ClusterSettings, type ClusterSize } from './cluster/cluster.ts';
import { ngramdServer } from './cluster/ngramd.ts';
import { freePorts } from './cluster/ports.ts';
import { findPrograms } from './cluster/programs.ts';
import type { Server } from './cluster/server.ts';

const usage = `usage: npm run cluster -- [--shards <n>] [--replicas <n>] [--ngramd <n>]

Starts ClickHouse servers, PostgreSQL and ngramd on loopback, in a temporary folder, until Ctrl-C; then everything is deleted.
  --shards <n>     how many parts the data has, 1 to 9 (3)
  --replicas <n>   how many servers have each part, 1 to 3 (1); with more than one there is a ZooKeeper
  --ngramd <n>     how many processes of the service there are, 0 to 9 (2)
`;

process.exitCode = await main();

/** Runs the cluster until a signal. Returns the exit code: 1 if it cannot start, 2 if the arguments are wrong. */
async function main(): Promise<number> {
  const wanted = wantedOf(process.argv.slice(2));
  if (wanted === undefined) return fail(usage, 2);
  const found = findPrograms();
  if ('install' in found) return fail(`Programs are missing. This installs them:\n  ${found.install}\n`, 1);
  let running: Running;
  try {
    running = await start(wanted);
  } catch (error) {
    return fail(`The cluster did not start: ${(error as Error).message}\n`, 1);
  }
  const signal = signalled();
  process.stdout.write(description(running));
  await signal;
  await Promise.all(running.services.map((service) => service.stop()));
  await running.cluster.stop();
  return 0;
}

/** What is to run: `ngramd` processes of the service on a cluster. */
interface Wanted extends ClusterSize {
  ngramd: number;
}

interface Running {
  cluster: Cluster;
  settings: ClusterSettings;
  services: Server[];
}

function wantedOf(args: string[]): Wanted | undefined {
  const number = { type: 'string' as const };
  try {
    const { values } = parseArgs({ args, options: { shards: number, replicas: number, ngramd: number } });
    const { shards = '3', replicas = '1', ngramd = '2' } = values;
    const isRight = /^[1-9]$/.test(shards) && /^[1-3]$/.test(replicas) && /^[0-9]$/.test(ngramd);
    return isRight
      ? { shards: Number(shards), replicas: Number(replicas), ngramd: Number(ngramd) }
      : undefined;
  } catch {
    return undefined;
  }
}

async function start(wanted: Wanted): Promise<Running> {
  const cluster = await Cluster.start(wanted);
  const settings = await cluster.freshSettings();
  const ports = await freePorts(wanted.ngramd);
  const services = ports.map((port, i) => ngramdServer(i + 1, cluster.folder, port, settings));
  // One after the other: the first one creates the tables.
  for (const service of services) await service.start();
  return { cluster, settings, services };
}

/** Resolves at the signal to end. */
function signalled(): Promise<void> {
  // Waiting for a signal does not keep a process alive.
  const timer = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => {
        clearInterval(timer);
        resolve();
      });
    }
  });
}

function description({ cluster: { servers, folder, clickhouse }, settings, services }: Running): string {
  const lines = [...servers, ...services].map(
    ({ name, port, processId }) => `  ${name.padEnd(32)} port ${port}, process ${processId}`,
  );
  const exports = Object.entries(settings).map(([name, value]) => `  export ${name}='${value}'`);
  const database = new URL(settings.POSTGRES_URL).pathname.slice(1);
  return `The cluster is ready, in ${folder}. Ctrl-C ends it and deletes everything.
${lines.join('\n')}
${services.length > 0 ? tries(services) : ''}
Settings of a service on it:
${exports.join('\n')}

Look into it:
  psql ${settings.POSTGRES_URL}
  curl 'http://127.0.0.1:${clickhouse[0].port}/?database=${database}' -d 'SHOW TABLES'

Kill a server:
  kill -9 ${clickhouse[0].processId}
`;
}

/** What to type: what is added by way of the first process is there for the last. */
function tries(services: readonly Server[]): string {
  const [first, last] = [services[0], services.at(-1) as Server].map(
    ({ port }) => `http://127.0.0.1:${port}`,
  );
  return `
Try:
  curl -X POST ${first}/v1/samples/sonnets
  curl '${last}/v1/corpora/sonnets/continuations?context=shall+i&k=3&estimator=witten-bell'
`;
}

function fail(message: string, code: number): number {
  process.stderr.write(message);
  return code;
}
