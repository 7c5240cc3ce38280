/** `npm run cluster`: starts a throw-away cluster and prints how to use it; `usage` lists the options. */
import { parseArgs } from 'node:util';
import { Cluster, type ClusterSize } from './cluster/cluster.ts';
import { findPrograms } from './cluster/programs.ts';

const usage = `usage: npm run cluster -- [--shards <n>] [--replicas <n>]

Starts ClickHouse servers and PostgreSQL on loopback, in a temporary folder, until Ctrl-C; then everything is deleted.
  --shards <n>     how many parts the data has, 1 to 9 (3)
  --replicas <n>   how many servers have each part, 1 to 3 (1); with more than one there is a ZooKeeper
`;

process.exitCode = await main();

/** Runs the cluster until a signal. Returns the exit code: 1 if it cannot start, 2 if the arguments are wrong. */
async function main(): Promise<number> {
  const size = sizeOf(process.argv.slice(2));
  if (size === undefined) return fail(usage, 2);
  const found = findPrograms();
  if ('install' in found) return fail(`Programs are missing. This installs them:\n  ${found.install}\n`, 1);
  let cluster: Cluster;
  try {
    cluster = await Cluster.start(size);
  } catch (error) {
    return fail(`The cluster did not start: ${(error as Error).message}\n`, 1);
  }
  const signal = signalled();
  process.stdout.write(description(cluster, await cluster.freshSettings()));
  await signal;
  await cluster.stop();
  return 0;
}

function sizeOf(args: string[]): ClusterSize | undefined {
  const number = { type: 'string' as const };
  try {
    const { values } = parseArgs({ args, options: { shards: number, replicas: number } });
    const { shards = '3', replicas = '1' } = values;
    const isSize = /^[1-9]$/.test(shards) && /^[1-3]$/.test(replicas);
    return isSize ? { shards: Number(shards), replicas: Number(replicas) } : undefined;
  } catch {
    return undefined;
  }
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

function description({ servers, folder, clickhouse }: Cluster, settings: Record<string, string>): string {
  const lines = servers.map(
    ({ name, port, processId }) => `  ${name.padEnd(32)} port ${port}, process ${processId}`,
  );
  const exports = Object.entries(settings).map(([name, value]) => `  export ${name}='${value}'`);
  const database = new URL(settings.POSTGRES_URL).pathname.slice(1);
  return `The cluster is ready, in ${folder}. Ctrl-C ends it and deletes everything.
${lines.join('\n')}

Settings of a service on it:
${exports.join('\n')}

Look into it:
  psql ${settings.POSTGRES_URL}
  curl 'http://127.0.0.1:${clickhouse[0].port}/?database=${database}' -d 'SHOW TABLES'

Kill a server:
  kill -9 ${clickhouse[0].processId}
`;
}

function fail(message: string, code: number): number {
  process.stderr.write(message);
  return code;
}
